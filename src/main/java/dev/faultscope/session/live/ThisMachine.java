package dev.faultscope.session.live;

import dev.faultscope.live.probe.Check;
import dev.faultscope.live.probe.Container;
import dev.faultscope.live.probe.Probe;
import java.util.List;
import java.util.Locale;

/** What this machine can do live, found by trying. For many threads. */
public final class ThisMachine {

  /**
   * What was found.
   *
   * @param kernel its release, as it calls itself
   * @param architecture of this process
   * @param user whose process this is
   * @param container whether it seems to run in a container
   * @param options what a container has to be started with
   * @param groups trials in order
   */
  public record Report(
      String kernel,
      String architecture,
      String user,
      boolean container,
      List<Option> options,
      List<Trials> groups) {}

  /** An option that a container is started with, and what it brings. */
  public record Option(String option, String why) {}

  /** Trials that belong together. */
  public record Trials(String id, String title, List<Trial> trials) {}

  /** One trial, with its verdict {@code yes}, {@code partly} or {@code no}. */
  public record Trial(
      String id, String title, String verdict, String detail, String remedy, List<Mode> modes) {}

  /** One register mode on one kind of memory: the ioctls it offers, or why it does not work. */
  public record Mode(String name, boolean works, String detail) {}

  /** Tries everything again; one caller after the other, for trials make files and machines. */
  public synchronized Report look() {
    List<Check> checks = Probe.run();
    return new Report(
        property("os.version"),
        property("os.arch"),
        property("user.name"),
        Container.isHere(),
        Container.options().stream().map(each -> new Option(each.option(), each.why())).toList(),
        List.of(Check.Group.values()).stream().map(group -> trials(group, checks)).toList());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static Trials trials(Check.Group group, List<Check> checks) {
    return new Trials(
        group.name().toLowerCase(Locale.ROOT),
        group.title(),
        checks.stream()
            .filter(check -> check.group() == group)
            .map(
                check ->
                    new Trial(
                        check.id(),
                        check.title(),
                        check.verdict().name().toLowerCase(Locale.ROOT),
                        check.detail(),
                        check.remedy(),
                        check.modes().stream()
                            .map(each -> new Mode(each.name(), each.works(), each.detail()))
                            .toList()))
            .toList());
  }
}
