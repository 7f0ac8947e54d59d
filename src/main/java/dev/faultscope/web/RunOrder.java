package dev.faultscope.web;

import dev.faultscope.session.run.RunCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A command to a run, as JSON has it; docs/wire-protocol.md, "Commands to a run". What is missing
 * or wrong is an {@link IllegalArgumentException} that says what there could be.
 */
record RunOrder(
    @Nullable String type,
    @Nullable Double eventsPerSecond,
    @Nullable String unit,
    @Nullable Integer by,
    @Nullable Boolean on,
    @Nullable List<String> queries,
    @Nullable Long fault,
    @Nullable String uffd,
    @Nullable String name,
    @Nullable Integer region,
    @Nullable Integer page,
    @Nullable Integer pages,
    @Nullable List<String> mode,
    @Nullable Integer value,
    @Nullable Integer fromRegion,
    @Nullable Integer fromPage,
    @Nullable String what,
    @Nullable Integer actor,
    @Nullable Boolean write) {

  RunCommand command() {
    return switch (needed("type", type)) {
      case "go" ->
          new RunCommand.Go(eventsPerSecond == null ? Double.POSITIVE_INFINITY : eventsPerSecond);
      case "pause" -> new RunCommand.Pause();
      case "advance" ->
          new RunCommand.Advance(
              word("unit", RunCommand.Unit.class, needed("unit", unit)), by == null ? 1 : by);
      case "manual" -> new RunCommand.Manual(needed("on", on));
      case "break" -> new RunCommand.Break(needed("queries", queries));
      case "answer" -> new RunCommand.Answer(fault == null ? 0 : fault);
      case "read" -> new RunCommand.Read(needed("uffd", uffd));
      case "ioctl" -> ioctl();
      case "inject" ->
          new RunCommand.Inject(
              word("what", RunCommand.Injection.class, needed("what", what)),
              actor == null ? -1 : actor,
              page == null ? null : range(),
              Boolean.TRUE.equals(write));
      case "check-pages" -> new RunCommand.CheckPages();
      case "stop" -> new RunCommand.Stop();
      default ->
          throw new IllegalArgumentException(
              "type is '%s'; there are go, pause, advance, manual, break, answer, read, ioctl, inject,"
                      .formatted(type)
                  + " check-pages and stop");
    };
  }

  private RunCommand ioctl() {
    RunCommand.Pages range = range();
    return RunCommand.Ioctl.named(
        needed("uffd", uffd),
        needed("name", name),
        mode == null ? List.of() : mode,
        range,
        value == null ? -1 : value,
        fromPage == null
            ? null
            : new RunCommand.Pages(
                fromRegion == null ? range.region() : fromRegion, fromPage, range.count()));
  }

  private RunCommand.Pages range() {
    return new RunCommand.Pages(
        needed("region", region), needed("page", page), pages == null ? 1 : pages);
  }

  private static <T> T needed(String field, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /** Words of the interface are the constants' names, in any case and with dashes. */
  private static <E extends Enum<E>> E word(String field, Class<E> type, String word) {
    String wanted = word.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is '%s'; there are %s".formatted(field, word, words(type))));
  }

  private static <E extends Enum<E>> String words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }
}
