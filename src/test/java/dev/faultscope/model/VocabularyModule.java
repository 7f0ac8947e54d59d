package dev.faultscope.model;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The browser's half of the vocabulary, as an ES module: every number of files and frames with the
 * names and words that {@code model} has for it. It is kept among the browser's sources, so that
 * its tests and its type check need no server; {@link VocabularyModuleTest} holds it up to date.
 */
final class VocabularyModule {
  static final Path FILE = Path.of("frontend/src/model/vocabulary.generated.js");

  /** An enum with codes, and what the module calls it. */
  record Codes(Class<? extends Enum<?>> type, String name, SortedMap<Integer, String> words) {
    static <E extends Enum<E>> Codes of(
        Class<E> type, String name, ToIntFunction<E> code, Function<E, String> word) {
      SortedMap<Integer, String> words = new TreeMap<>();
      for (E each : type.getEnumConstants()) {
        words.put(code.applyAsInt(each), word.apply(each));
      }
      return new Codes(type, name, words);
    }
  }

  static final List<Codes> CODES =
      List.of(
          Codes.of(EventKind.class, "EVENT_KINDS", EventKind::code, VocabularyModule::lower),
          Codes.of(AccessOrigin.class, "ORIGINS", AccessOrigin::code, AccessOrigin::word),
          Codes.of(FaultOrigin.class, "FAULT_ORIGINS", FaultOrigin::code, FaultOrigin::word),
          Codes.of(DecideReason.class, "DECISIONS", DecideReason::code, DecideReason::word),
          Codes.of(UffdIoctl.class, "IOCTL_NAMES", UffdIoctl::code, UffdIoctl::name),
          Codes.of(ExitReason.class, "EXITS", ExitReason::code, ExitReason::text),
          Codes.of(HoleKind.class, "HOLES", HoleKind::code, HoleKind::text),
          Codes.of(
              KernelEventKind.class, "KERNEL_EVENTS", KernelEventKind::code, KernelEventKind::text),
          Codes.of(RegionChange.class, "REGION_CHANGES", RegionChange::code, RegionChange::text),
          Codes.of(Backing.class, "BACKINGS", Backing::code, Backing::text),
          Codes.of(ActorKind.class, "ACTOR_KINDS", ActorKind::code, VocabularyModule::lower),
          Codes.of(Errno.class, "ERRNOS", Errno::number, Errno::name));

  private final StringBuilder text = new StringBuilder();

  private VocabularyModule() {}

  /** {@return the module's text} */
  static String write() {
    VocabularyModule module = new VocabularyModule();
    module.all();
    return module.text.toString();
  }

  private void all() {
    line("// @ts-check");
    line("// Written from dev.faultscope.model; a change there is written here by");
    line("// ./mvnw test -Dtest=VocabularyModuleTest -Dfaultscope.vocabulary=write");
    line("");
    constant(
        "Bytes of a page; hugetlb pages are counted in these too.",
        "PAGE_BYTES",
        "" + Region.PAGE_BYTES);
    constant("Stands for \"no region\" or \"no actor\" in a record.", "NONE", hex(Event.NONE));
    bits("Bits of an event's flags.", "EventFlag", singleBits(constants(EventFlags.class)));
    bits("The facts of a page.", "PageBit", singleBits(constants(PageState.class)));
    words();
    bits(
        "Modes of a region's registration.",
        "RegionMode",
        UffdIoctl.REGISTER.modes().stream()
            .collect(
                TreeMap::new, (map, mode) -> map.put(mode.bit(), mode.name()), TreeMap::putAll));
    for (Codes codes : CODES) {
      line("/** @type {Readonly<Record<number, string>>} */");
      line("export const " + codes.name + " = {");
      codes.words.forEach((code, word) -> line("  " + code + ": " + quoted(word) + ","));
      line("};");
      line("");
    }
    causes();
    ioctls();
  }

  private void causes() {
    line(
        "/** What was decided of a fault, by its name: in a few words, and as the narrator says"
            + " it.");
    line(" * @type {Readonly<Record<string, {word: string, text: string}>>} */");
    line("export const CAUSES = {");
    for (DecideReason cause : DecideReason.values()) {
      line(
          "  "
              + cause.id()
              + ": { word: "
              + quoted(cause.word())
              + ", text: "
              + quoted(cause.text())
              + " },");
    }
    line("};");
    line("");
  }

  private void words() {
    line("/** The facts of a page in words, lowest bit first. @type {readonly string[]} */");
    line("export const PAGE_WORDS = [");
    for (long bit : singleBits(constants(PageState.class)).keySet()) {
      line("  " + quoted(PageState.describe((int) bit).getFirst()) + ",");
    }
    line("];");
    line("");
  }

  private void ioctls() {
    line(
        "/** What can be said of each ioctl of a range: which mode bits it has, where its content");
    line(" * comes from, whether it fills pages, and what it does. */");
    line("export const IOCTLS = /** @type {const} */ ([");
    for (UffdIoctl ioctl : UffdIoctl.values()) {
      if (ioctl.hasRange()) {
        String modes =
            ioctl.modes().stream()
                .map(mode -> mode.name() + ": " + mode.bit())
                .collect(joining(", "));
        line("  {");
        line("    name: " + quoted(ioctl.name()) + ",");
        line("    modes: {" + (modes.isEmpty() ? "" : " " + modes + " ") + "},");
        line("    source: " + quoted(lower(ioctl.source())) + ",");
        line("    fills: " + ioctl.fills() + ",");
        line("    sentence: " + quoted(ioctl.sentence()) + ",");
        line("  },");
      }
    }
    line("]);");
  }

  private void constant(String about, String name, String value) {
    line("/** " + about + " */");
    line("export const " + name + " = " + value + ";");
    line("");
  }

  private void bits(String about, String name, Map<Long, String> bits) {
    line("/** " + about + " */");
    line("export const " + name + " = /** @type {const} */ ({");
    bits.forEach((bit, constant) -> line("  " + constant + ": " + bit + ","));
    line("});");
    line("");
  }

  private static SortedMap<Long, String> constants(Class<?> type) {
    SortedMap<Long, String> constants = new TreeMap<>();
    for (Field field : type.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        try {
          constants.put(((Number) field.get(null)).longValue(), field.getName());
        } catch (IllegalAccessException impossible) {
          throw new AssertionError(impossible);
        }
      }
    }
    return constants;
  }

  private static SortedMap<Long, String> singleBits(SortedMap<Long, String> constants) {
    constants.keySet().removeIf(value -> Long.bitCount(value) != 1);
    return constants;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  private static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
