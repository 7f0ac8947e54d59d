package dev.faultscope.session.query;

import dev.faultscope.model.FaultOrigin;
import dev.faultscope.session.query.FaultStory.Participant;
import dev.faultscope.session.query.FaultStory.Parts;
import dev.faultscope.session.query.FaultStory.Remark;
import dev.faultscope.session.query.FaultStory.Step;
import dev.faultscope.timeline.WaitPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A story in the forms in which it is copied and printed. */
public enum StoryText {
  /** Columns for people. */
  TEXT("text") {
    @Override
    public String of(FaultStory story) {
      return text(story);
    }
  },
  /** A Mermaid sequence diagram. */
  MERMAID("mermaid") {
    @Override
    public String of(FaultStory story) {
      return mermaid(story);
    }
  },
  /** A PlantUML sequence diagram. */
  PLANTUML("plantuml") {
    @Override
    public String of(FaultStory story) {
      return plantuml(story);
    }
  };

  private static final String NOT_RECORDED = "not recorded";

  private final String id;

  StoryText(String id) {
    this.id = id;
  }

  /** {@return its name on the command line} */
  public String id() {
    return id;
  }

  /** {@return the story in this form, its lines ended by line feeds, the last one too} */
  public abstract String of(FaultStory story);

  private static String text(FaultStory story) {
    Map<String, String> roles =
        story.participants().stream().collect(Collectors.toMap(Participant::id, Participant::role));
    StringBuilder text = new StringBuilder();
    text.append("#%d %s\n".formatted(story.about(), oneLine(story.title())));
    String between =
        story.participants().stream()
            .map(each -> oneLine(each.label()))
            .collect(Collectors.joining(", "));
    text.append("between ").append(between).append("\n\n");
    String row = "%14s %14s %9s  %-22s  %s\n";
    text.append(row.formatted("time ns", "after ns", "event", "between", "what"));
    for (Step step : story.steps()) {
      String from = roles.getOrDefault(step.from(), step.from());
      String to = roles.getOrDefault(step.to(), step.to());
      text.append(
          row.formatted(
              step.timeNs() == null ? NOT_RECORDED : number(step.timeNs()),
              step.seq() == null ? NOT_RECORDED : step.gapNs() == null ? "" : number(step.gapNs()),
              step.seq() == null ? "" : "#" + step.seq(),
              from.equals(to) ? from : from + " → " + to,
              told(step)));
    }
    Parts wait = story.parts();
    if (wait != null) {
      text.append('\n').append(parts(wait)).append('\n');
    }
    for (String line : meanwhile(story.meanwhile())) {
      text.append(line).append('\n');
    }
    if (!story.remarks().isEmpty()) {
      text.append('\n');
    }
    for (Remark remark : story.remarks()) {
      text.append(oneLine(remark.text())).append('\n');
    }
    return text.toString();
  }

  private static String mermaid(FaultStory story) {
    StringBuilder text = new StringBuilder("sequenceDiagram\n");
    for (Participant each : story.participants()) {
      text.append("  participant %s as %s\n".formatted(each.id(), forMermaid(each.label())));
    }
    for (Step step : story.steps()) {
      text.append(
          step.seq() == null
              ? "  Note over %s: %s\n".formatted(over(step), forMermaid(step.text()))
              : "  %s%s%s: %s\n"
                  .formatted(
                      step.from(),
                      step.inferred() ? "-->>" : "->>",
                      step.to(),
                      forMermaid(message(step))));
    }
    return notes(text, story, "  Note over %s: %s\n", StoryText::forMermaid).toString();
  }

  private static String plantuml(FaultStory story) {
    StringBuilder text = new StringBuilder("@startuml\n");
    for (Participant each : story.participants()) {
      text.append("participant \"%s\" as %s\n".formatted(forPlantUml(each.label()), each.id()));
    }
    for (Step step : story.steps()) {
      text.append(
          step.seq() == null
              ? "note over %s : %s\n".formatted(over(step), forPlantUml(step.text()))
              : "%s %s %s : %s\n"
                  .formatted(
                      step.from(),
                      step.inferred() ? "-->" : "->",
                      step.to(),
                      forPlantUml(message(step))));
    }
    return notes(text, story, "note over %s : %s\n", StoryText::forPlantUml)
        .append("@enduml\n")
        .toString();
  }

  private static StringBuilder notes(
      StringBuilder text, FaultStory story, String line, Function<String, String> escape) {
    String first = story.participants().getFirst().id();
    String last = story.participants().getLast().id();
    String all = first.equals(last) ? first : first + "," + last;
    Parts wait = story.parts();
    if (wait != null) {
      text.append(line.formatted(all, escape.apply(parts(wait))));
    }
    for (String told : meanwhile(story.meanwhile())) {
      text.append(line.formatted(all, escape.apply(told)));
    }
    for (Remark remark : story.remarks()) {
      text.append(line.formatted(all, escape.apply(remark.text())));
    }
    return text;
  }

  private static String over(Step step) {
    return step.from().equals(step.to()) ? step.from() : step.from() + "," + step.to();
  }

  private static String message(Step step) {
    String gap = step.gapNs() == null ? "" : "+" + number(step.gapNs()) + " ns ";
    return gap + "#" + step.seq() + " " + told(step);
  }

  private static String told(Step step) {
    String text = oneLine(step.text());
    return step.seq() == null || step.linked() ? text : text + " (cause not recorded)";
  }

  private static String parts(Parts wait) {
    FaultOrigin origin = FaultOrigin.named(wait.origin());
    if (origin != FaultOrigin.UFFD) {
      return "%s %s: %s %s, %s %s, %s %s, %s %s"
          .formatted(
              WaitPart.WAIT.word(origin),
              ns(wait.waitNs()),
              WaitPart.UNREAD.word(origin),
              ns(wait.unreadNs()),
              WaitPart.READ_TO_IOCTL.word(origin),
              ns(wait.readToIoctlNs()),
              WaitPart.IOCTL.word(origin),
              ns(wait.ioctlNs()),
              WaitPart.UNATTRIBUTED.word(origin),
              ns(wait.unattributedNs()));
    }
    return "waited %s: unread %s, read to ioctl %s, ioctl %s, wake to retry %s, not known %s"
        .formatted(
            ns(wait.waitNs()),
            ns(wait.unreadNs()),
            ns(wait.readToIoctlNs()),
            ns(wait.ioctlNs()),
            ns(wait.wakeToRetryNs()),
            ns(wait.unattributedNs()));
  }

  /** What went on during the wait, a line each; none where nobody waited. */
  private static List<String> meanwhile(@Nullable Meanwhile during) {
    List<String> lines = new ArrayList<>();
    if (during == null) {
      return lines;
    }
    for (Meanwhile.Handler handler : during.handlers()) {
      lines.add("meanwhile %s: %s".formatted(oneLine(handler.name()), did(handler)));
    }
    if (during.otherHandlers() > 0) {
      lines.add("and %s more handlers".formatted(number(during.otherHandlers())));
    }
    Meanwhile.Others others = during.others();
    long all = others.before() + others.after();
    lines.add(
        all == 0
            ? "nobody else waited"
            : "%s other %s: %s begun before it, %s after; %s of them together with it"
                .formatted(
                    number(all),
                    all == 1 ? "wait" : "waits",
                    number(others.before()),
                    number(others.after()),
                    ns(others.togetherNs())));
    for (Meanwhile.Other other : others.longest()) {
      lines.add(
          "%s waited for %s, %s of it: #%d"
              .formatted(
                  oneLine(other.thread()), place(other), ns(other.togetherNs()), other.seq()));
    }
    Long lookedAt = during.lookedAt();
    if (lookedAt != null) {
      lines.add("messages, calls and waits are counted as far as #%d".formatted(lookedAt));
    }
    return lines;
  }

  private static String place(Meanwhile.Other other) {
    Integer page = other.page();
    return page == null
        ? "a page that is not known"
        : "page 0x%x of %s".formatted(page, oneLine(String.valueOf(other.region())));
  }

  private static String did(Meanwhile.Handler handler) {
    List<String> did = new ArrayList<>();
    addTime(did, "handling", handler.handlingNs());
    addTime(did, "idle", handler.idleNs());
    addTime(did, "blocked", handler.blockedNs());
    addTime(did, "running", handler.runningNs());
    addTime(did, "not known", handler.unknownNs());
    did.add(
        "read %s %s"
            .formatted(
                number(handler.messages()), handler.messages() == 1 ? "message" : "messages"));
    handler.calls().forEach(call -> did.add(call.ioctl() + " × " + number(call.count())));
    return String.join(", ", did);
  }

  private static void addTime(List<String> did, String what, long ns) {
    if (ns > 0) {
      did.add(what + " " + ns(ns));
    }
  }

  private static String ns(@Nullable Long ns) {
    return ns == null ? NOT_RECORDED : number(ns) + " ns";
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Names come from recordings: they may hold anything. */
  private static String oneLine(String text) {
    return text.codePoints()
        .map(each -> Character.isISOControl(each) ? ' ' : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** A semicolon ends a line there, and a number sign begins an entity. */
  private static String forMermaid(String text) {
    return escaped(text, "#;<>%\"\\`", "#%d;");
  }

  /** Its markup is doubled punctuation; the preprocessor knows others. */
  private static String forPlantUml(String text) {
    return escaped(text, "\"\\~<>%$*[]'!|{}`^@", "<U+%04X>");
  }

  private static String escaped(String text, String special, String form) {
    StringBuilder escaped = new StringBuilder();
    int previous = 0;
    for (int each : oneLine(text).codePoints().toArray()) {
      boolean doubled = each == previous && "_-/=.".indexOf(each) >= 0;
      if (special.indexOf(each) >= 0 || doubled) {
        escaped.append(form.formatted(each));
      } else {
        escaped.appendCodePoint(each);
      }
      previous = each;
    }
    return escaped.toString();
  }
}
