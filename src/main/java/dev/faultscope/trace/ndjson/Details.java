package dev.faultscope.trace.ndjson;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Names instead of codes: the detail of an event and its flags. */
final class Details {
  private static final Map<String, Integer> FLAGS = flags();

  private Details() {}

  /** {@return the name of a detail code, or null where only the number says it} */
  static @Nullable String nameOf(EventKind kind, int code) {
    return switch (kind) {
      case TOUCH -> name(code, AccessOrigin::ofCode, AccessOrigin::code);
      case DECIDE -> name(code, DecideReason::ofCode, DecideReason::code);
      case CALL, IOCTL -> name(code, UffdIoctl::ofCode, UffdIoctl::code);
      case EXIT -> name(code, ExitReason::ofCode, ExitReason::code);
      case HOLE -> name(code, HoleKind::ofCode, HoleKind::code);
      case KERNEL -> name(code, KernelEventKind::ofCode, KernelEventKind::code);
      case REGION -> name(code, RegionChange::ofCode, RegionChange::code);
      // Older files have no name there: a userfaultfd is what goes without saying.
      case ENQUEUE, READ, WAKE ->
          code == FaultOrigin.UFFD.code()
              ? null
              : name(code, FaultOrigin::ofCode, FaultOrigin::code);
      case INSTALL, RETRY, NOTE -> null;
    };
  }

  /**
   * {@return the code of a name}
   *
   * @throws IllegalArgumentException if the kind has no detail of that name
   */
  static int codeOf(EventKind kind, String name) {
    return switch (kind) {
      case TOUCH -> AccessOrigin.valueOf(name).code();
      case DECIDE -> DecideReason.valueOf(name).code();
      case CALL, IOCTL -> UffdIoctl.valueOf(name).code();
      case EXIT -> ExitReason.valueOf(name).code();
      case HOLE -> HoleKind.valueOf(name).code();
      case KERNEL -> KernelEventKind.valueOf(name).code();
      case REGION -> RegionChange.valueOf(name).code();
      case ENQUEUE, READ, WAKE -> FaultOrigin.valueOf(name).code();
      case INSTALL, RETRY, NOTE ->
          throw new IllegalArgumentException(kind + " has no named detail");
    };
  }

  static List<String> flagNames(int flags) {
    List<String> names = new ArrayList<>();
    FLAGS.forEach(
        (name, bit) -> {
          if ((flags & bit) != 0) {
            names.add(name);
          }
        });
    return names;
  }

  /** {@return the bit of a flag's name} */
  static int flagOf(String name) {
    Integer bit = FLAGS.get(name);
    if (bit == null) {
      throw new IllegalArgumentException("no flag is called " + name);
    }
    return bit;
  }

  private static Map<String, Integer> flags() {
    Map<String, Integer> flags = new LinkedHashMap<>();
    flags.put("WRITE", EventFlags.WRITE);
    flags.put("INFERRED", EventFlags.INFERRED);
    flags.put("KERNEL_MODE", EventFlags.KERNEL_MODE);
    flags.put("MINOR", EventFlags.MINOR);
    flags.put("WP", EventFlags.WP);
    flags.put("DONTWAKE", EventFlags.DONTWAKE);
    flags.put("FETCH", EventFlags.FETCH);
    flags.put("PAGE_UNKNOWN", EventFlags.PAGE_UNKNOWN);
    flags.put("RWP", EventFlags.RWP);
    flags.put("KIND_UNKNOWN", EventFlags.KIND_UNKNOWN);
    flags.put("ACCESS_UNKNOWN", EventFlags.ACCESS_UNKNOWN);
    flags.put("CONTINUED", EventFlags.CONTINUED);
    return flags;
  }

  private static <E extends Enum<E>> @Nullable String name(
      int code, IntFunction<E> ofCode, java.util.function.ToIntFunction<E> toCode) {
    E value = ofCode.apply(code);
    return toCode.applyAsInt(value) == code ? value.name() : null;
  }
}
