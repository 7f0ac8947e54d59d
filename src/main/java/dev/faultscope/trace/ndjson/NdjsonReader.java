package dev.faultscope.trace.ndjson;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Content;
import dev.faultscope.model.Counted;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.LineReader;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.TraceException;
import dev.faultscope.trace.input.TraceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads NDJSON into a recording.
 *
 * <p>A line that cannot be read is reported and left out; causes that pointed to it become 0, and
 * the sequence numbers of later events move up.
 */
final class NdjsonReader {
  private static final JsonMapper JSON = new JsonMapper();

  private final Recorder recorder;
  private final ImportLog log;
  private final SequenceMap sequences = new SequenceMap();
  private final EventDraft draft = new EventDraft();
  private final List<Read> bookmarks = new ArrayList<>();
  private final int version;
  private long disagreements;
  private @Nullable Told last;

  private NdjsonReader(int version, Recorder recorder, ImportLog log) {
    this.version = version;
    this.recorder = recorder;
    this.log = log;
  }

  /**
   * Reads a file.
   *
   * @param title used where the file gives none
   * @param target opens the recording once the first line was read
   * @throws TraceException if its first line is not a header of a version this program reads
   */
  static void read(
      TraceFile file,
      String title,
      Function<TimelineInfo, Recorder> target,
      ProgressMeter meter,
      ImportLog log)
      throws IOException, TraceException {
    try (InputStream in = file.open(meter)) {
      LineReader lines = new LineReader(in);
      JsonNode header = header(lines);
      Recorder recorder = target.apply(info(header, title));
      NdjsonReader reader = new NdjsonReader(header.path("version").asInt(0), recorder, log);
      while (lines.advance()) {
        reader.line(lines);
      }
      reader.declareBookmarks();
      log.lines(lines.number());
      if (reader.disagreements > 0) {
        log.note(
            Counted.of(reader.disagreements, "event")
                + " whose state before differs from what the events before them left");
      }
      log.tell(recorder);
    }
  }

  private static JsonNode header(LineReader lines) throws IOException, TraceException {
    if (!lines.advance()) {
      throw new TraceException("line 1: the file is empty");
    }
    JsonNode node;
    try {
      node = parse(lines);
    } catch (JacksonException e) {
      throw new TraceException("line 1 is not JSON: " + e.getOriginalMessage(), e);
    }
    int version = node.path("version").asInt(0);
    if (!node.path("faultscope").asString("").equals("ndjson") || version < 1) {
      throw new TraceException(
          "line 1 is not a header {\"faultscope\":\"ndjson\",\"version\":2,…}");
    }
    if (version > NdjsonWriter.VERSION) {
      throw new TraceException(
          "line 1: version "
              + version
              + " is newer than "
              + NdjsonWriter.VERSION
              + ", the newest this program reads; use a newer Faultscope");
    }
    return node;
  }

  private static TimelineInfo info(JsonNode node, String title) {
    String ownTitle = node.path("title").asString("");
    return new TimelineInfo(
        ownTitle.isBlank() ? title : ownTitle,
        node.path("source").asString("ndjson"),
        node.path("originNs").asLong(0));
  }

  private static JsonNode parse(LineReader lines) {
    return JSON.readTree(lines.buffer(), lines.start(), lines.end() - lines.start());
  }

  private void line(LineReader lines) {
    if (lines.end() == lines.start()) {
      return;
    }
    long written = 0;
    try {
      if (lines.tooLong()) {
        throw new IllegalArgumentException("longer than " + (LineReader.MAX_LINE >> 10) + " KiB");
      }
      JsonNode node = parse(lines);
      if (node.has("seq")) {
        written = node.path("seq").asLong(0);
        event(node, written);
      } else if (node.has("region")) {
        recorder.region(region(node));
      } else if (node.has("actor")) {
        recorder.actor(actor(node));
      } else if (node.has("note")) {
        recorder.note(node.path("note").asString(""));
      } else if (node.has("bookmark")) {
        bookmark(node.path("bookmark"), lines.number());
      } else if (node.has("kernel")) {
        recorder.kernel(kernel(node));
      } else {
        throw new IllegalArgumentException(
            "is neither an event, a region, an actor, a kernel, a note nor a bookmark");
      }
    } catch (JacksonException e) {
      log.damagedLine(lines.number(), "not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      log.damagedLine(lines.number(), String.valueOf(e.getMessage()));
    }
  }

  /** A bookmark and the line it stands on; its moment is what the file calls it. */
  private record Read(Bookmark bookmark, long line) {}

  private void bookmark(JsonNode node, long line) {
    if (bookmarks.size() == Bookmark.MOST) {
      throw new IllegalArgumentException(
          "is one bookmark more than the %d there may be".formatted(Bookmark.MOST));
    }
    boolean onPage = node.has("region");
    bookmarks.add(
        new Read(
            new Bookmark(
                1,
                number(node, "seq", 0, Long.MAX_VALUE),
                onPage ? (int) number(node, "region", 0, Region.MAX_REGIONS) : Event.NONE,
                onPage ? (int) number(node, "page", 0, Integer.MAX_VALUE) : 0,
                text(node, "text")),
            line));
  }

  /** Once all events are read it is known what number each has here. */
  private void declareBookmarks() {
    for (Read read : bookmarks) {
      Bookmark told = read.bookmark();
      long sequence = sequences.of(told.sequence());
      if (sequence == 0 && told.sequence() > 0) {
        log.damagedLine(
            read.line(), "its moment, event %d, is not in the file".formatted(told.sequence()));
      } else {
        recorder.bookmark(
            new Bookmark(told.number(), sequence, told.region(), told.page(), told.text()));
      }
    }
  }

  private void event(JsonNode node, long written) {
    EventKind kind = EventKind.valueOf(text(node, "kind"));
    draft.of(kind, number(node, "t", 0, Long.MAX_VALUE));
    JsonNode detail = node.path("detail");
    if (detail.isString()) {
      draft.detail(Details.codeOf(kind, detail.asString()));
    } else if (!detail.isMissingNode()) {
      draft.detail((int) number(node, "detail", 0, 255));
    }
    int flags = 0;
    for (JsonNode flag : node.path("flags")) {
      flags |= Details.flagOf(flag.asString(""));
    }
    int region =
        node.has("region") ? (int) number(node, "region", 0, Region.MAX_REGIONS) : Event.NONE;
    if (node.has("page")) {
      draft.pages(
          region,
          (int) number(node, "page", 0, Integer.MAX_VALUE),
          (int) number(node, "pages", 0, Integer.MAX_VALUE));
    }
    if (node.has("actor")) {
      draft.actor((int) number(node, "actor", 0, Actor.MAX_ACTORS));
    }
    if (node.has("errno")) {
      draft.errno((int) number(node, "errno", 0, 255));
    }
    if (node.has("cause")) {
      draft.cause(sequences.of(number(node, "cause", 0, Long.MAX_VALUE)));
    }
    for (JsonNode bytes : node.path("bytes")) {
      boolean pattern = NdjsonWriter.PATTERN.equals(bytes.path("value").asString(""));
      draft.content(
          (int) number(bytes, "offset", 0, Region.PAGE_BYTES - 1),
          (int) number(bytes, "length", 1, Region.PAGE_BYTES),
          pattern ? Content.PATTERN : (int) number(bytes, "value", 0, 0xff));
    }
    int before = node.has("before") ? (int) number(node, "before", 0, PageState.ALL) : 0;
    int after = node.has("after") ? (int) number(node, "after", 0, PageState.ALL) : 0;
    draft.change(~0, after);
    if (region != Event.NONE && node.path("pages").asInt(0) > 0) {
      int page = node.path("page").asInt(0);
      if (recorder.stateOf(region, page) != before) {
        disagreements++;
      }
    }
    if (version == 1) {
      Told told =
          new Told(draft.timeNs(), kind, draft.detail(), flags, region, draft.actor(), node);
      flags |= told.continues(last) ? EventFlags.CONTINUED : 0;
      last = told;
    }
    draft.flags(flags);
    long first = recorder.append(draft);
    sequences.put(written, first, recorder.lastSequence());
  }

  /**
   * An event of version 1, where several records of one event were not marked: they are told by
   * that nothing but their pages and states differs and that their pages follow on.
   */
  private record Told(
      long timeNs,
      EventKind kind,
      int detail,
      int flags,
      int region,
      int actor,
      int page,
      int pages,
      int before,
      int errno,
      long cause) {
    Told(long timeNs, EventKind kind, int detail, int flags, int region, int actor, JsonNode node) {
      this(
          timeNs,
          kind,
          detail,
          flags,
          region,
          actor,
          node.path("page").asInt(0),
          node.path("pages").asInt(0),
          node.path("before").asInt(0),
          node.path("errno").asInt(0),
          node.path("cause").asLong(0));
    }

    boolean continues(@Nullable Told one) {
      return one != null
          && timeNs == one.timeNs
          && kind == one.kind
          && detail == one.detail
          && flags == one.flags
          && region == one.region
          && region != Event.NONE
          && actor == one.actor
          && one.pages > 0
          && page == one.page + one.pages
          && before != one.before
          && errno == one.errno
          && cause == one.cause;
    }
  }

  private static KernelProfile kernel(JsonNode node) {
    Map<String, String> settings = new HashMap<>();
    node.path("settings")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asString("")));
    return new KernelProfile(text(node, "kernel"), settings);
  }

  private static Region region(JsonNode node) {
    return new Region(
        (int) number(node, "region", 0, Region.MAX_REGIONS),
        text(node, "name"),
        address(node, "base"),
        node.has("gpaBase") ? address(node, "gpaBase") : Region.NO_GPA,
        (int) number(node, "pages", 1, Integer.MAX_VALUE),
        Backing.valueOf(node.path("backing").asString("UNKNOWN")),
        (int) number(node, "modes", 0, 255),
        node.path("inferred").asBoolean(false),
        node.has("initial") ? (int) number(node, "initial", 0, PageState.ALL) : PageState.ABSENT);
  }

  private static Actor actor(JsonNode node) {
    return new Actor(
        (int) number(node, "actor", 0, Actor.MAX_ACTORS),
        ActorKind.valueOf(node.path("kind").asString("UNKNOWN")),
        text(node, "name"),
        (int) number(node, "tid", -1, Integer.MAX_VALUE),
        (int) number(node, "vcpu", -1, Integer.MAX_VALUE));
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isString()) {
      throw new IllegalArgumentException("has no text '" + field + "'");
    }
    return value.asString();
  }

  private static long number(JsonNode node, String field, long least, long most) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("has no whole number '" + field + "'");
    }
    long number = value.asLong();
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "'%s' is %d, not in %d..%d", field, number, least, most));
    }
    return number;
  }

  private static long address(JsonNode node, String field) {
    String text = text(node, field);
    if (!text.startsWith("0x") || text.length() > 18) {
      throw new IllegalArgumentException("'" + field + "' is not an address 0x…");
    }
    return Long.parseUnsignedLong(text.substring(2), 16);
  }
}
