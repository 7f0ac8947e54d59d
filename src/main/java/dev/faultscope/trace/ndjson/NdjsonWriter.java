package dev.faultscope.trace.ndjson;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.output.TraceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes a timeline as NDJSON (docs/ndjson-format.md). */
public final class NdjsonWriter implements TraceWriter {
  /** Version of the format, in its first line. */
  public static final int VERSION = 2;

  /** In place of a byte: each is the number of its page in its region, modulo 255. */
  static final String PATTERN = "page mod 255";

  private static final ObjectWriter LINES =
      JsonMapper.builder(
              JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build())
          .build()
          .writer()
          .withRootValueSeparator("\n");

  @Override
  public String name() {
    return "ndjson";
  }

  @Override
  public String text() {
    return "Events as text, one JSON object a line";
  }

  @Override
  public String mediaType() {
    return "application/x-ndjson";
  }

  @Override
  public void write(Timeline timeline, List<Bookmark> bookmarks, OutputStream out)
      throws IOException {
    try (JsonGenerator json = LINES.createGenerator(out)) {
      new Lines(json).all(timeline, bookmarks);
    } catch (tools.jackson.core.exc.JacksonIOException e) {
      throw e.getCause();
    }
  }

  private record Lines(JsonGenerator json) {
    void all(Timeline timeline, List<Bookmark> bookmarks) {
      header(timeline.info());
      timeline.regions().forEach(this::region);
      timeline.actors().forEach(this::actor);
      KernelProfile kernel = timeline.kernel();
      if (kernel != null) {
        kernel(kernel);
      }
      timeline.notes().forEach(this::note);
      bookmarks.forEach(this::bookmark);
      long last = timeline.lastSequence();
      for (long sequence = 1; sequence <= last; sequence++) {
        event(timeline.event(sequence), timeline.contents(sequence));
      }
      json.writeRaw('\n');
    }

    private void header(TimelineInfo info) {
      json.writeStartObject();
      json.writeStringProperty("faultscope", "ndjson");
      json.writeNumberProperty("version", VERSION);
      json.writeStringProperty("title", info.title());
      json.writeStringProperty("source", info.source());
      json.writeNumberProperty("originNs", info.originNs());
      json.writeEndObject();
    }

    private void region(Region region) {
      json.writeStartObject();
      json.writeNumberProperty("region", region.index());
      json.writeStringProperty("name", region.name());
      json.writeStringProperty("base", hex(region.base()));
      if (region.gpaBase() != Region.NO_GPA) {
        json.writeStringProperty("gpaBase", hex(region.gpaBase()));
      }
      json.writeNumberProperty("pages", region.pages());
      json.writeStringProperty("backing", region.backing().name());
      json.writeNumberProperty("modes", region.modes());
      json.writeBooleanProperty("inferred", region.inferred());
      if (region.initial() != PageState.ABSENT) {
        json.writeNumberProperty("initial", region.initial());
      }
      json.writeEndObject();
    }

    private void actor(Actor actor) {
      json.writeStartObject();
      json.writeNumberProperty("actor", actor.index());
      json.writeStringProperty("kind", actor.kind().name());
      json.writeStringProperty("name", actor.name());
      json.writeNumberProperty("tid", actor.tid());
      json.writeNumberProperty("vcpu", actor.vcpu());
      json.writeEndObject();
    }

    private void kernel(KernelProfile kernel) {
      json.writeStartObject();
      json.writeStringProperty("kernel", kernel.version());
      if (!kernel.settings().isEmpty()) {
        json.writeObjectPropertyStart("settings");
        kernel.settings().forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      json.writeEndObject();
    }

    private void note(String text) {
      json.writeStartObject();
      json.writeStringProperty("note", text);
      json.writeEndObject();
    }

    private void bookmark(Bookmark bookmark) {
      json.writeStartObject();
      json.writeObjectPropertyStart("bookmark");
      json.writeNumberProperty("seq", bookmark.sequence());
      if (bookmark.hasPage()) {
        json.writeNumberProperty("region", bookmark.region());
        json.writeNumberProperty("page", bookmark.page());
      }
      json.writeStringProperty("text", bookmark.text());
      json.writeEndObject();
      json.writeEndObject();
    }

    private void event(Event event, List<Content> contents) {
      json.writeStartObject();
      json.writeNumberProperty("seq", event.sequence());
      json.writeNumberProperty("t", event.timeNs());
      json.writeStringProperty("kind", event.kind().name());
      String detail = Details.nameOf(event.kind(), event.detail());
      if (detail != null) {
        json.writeStringProperty("detail", detail);
      } else if (event.detail() != 0) {
        json.writeNumberProperty("detail", event.detail());
      }
      if (event.flags() != 0) {
        json.writeArrayPropertyStart("flags");
        Details.flagNames(event.flags()).forEach(json::writeString);
        json.writeEndArray();
      }
      if (event.region() != Event.NONE) {
        json.writeNumberProperty("region", event.region());
      }
      if (event.region() != Event.NONE || event.firstPage() != 0 || event.pageCount() != 0) {
        json.writeNumberProperty("page", event.firstPage());
        json.writeNumberProperty("pages", event.pageCount());
      }
      if (event.actor() != Event.NONE) {
        json.writeNumberProperty("actor", event.actor());
      }
      if (event.before() != 0 || event.after() != 0) {
        json.writeNumberProperty("before", event.before());
        json.writeNumberProperty("after", event.after());
      }
      if (event.errno() != 0) {
        json.writeNumberProperty("errno", event.errno());
      }
      if (event.cause() != 0) {
        json.writeNumberProperty("cause", event.cause());
      }
      if (!contents.isEmpty()) {
        json.writeArrayPropertyStart("bytes");
        contents.forEach(this::content);
        json.writeEndArray();
      }
      json.writeEndObject();
    }

    private void content(Content content) {
      json.writeStartObject();
      json.writeNumberProperty("offset", content.offset());
      json.writeNumberProperty("length", content.length());
      if (content.value() == Content.PATTERN) {
        json.writeStringProperty("value", PATTERN);
      } else {
        json.writeNumberProperty("value", content.value());
      }
      json.writeEndObject();
    }

    private static String hex(long value) {
      return "0x" + Long.toHexString(value);
    }
  }
}
