package dev.faultscope.trace.ndjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.trace.Imports;
import dev.faultscope.trace.input.DamagedLine;
import dev.faultscope.trace.input.ImportReport;
import dev.faultscope.trace.input.TraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NdjsonTest {
  @TempDir private Path directory;

  @Test
  void whatWasWrittenReadsBackExactly() throws Exception {
    Path sample = Path.of("sample-traces", "v_d_kernel73.trace.txt");
    try (Imports.Result original = Imports.file(sample, directory, List.of());
        Imports.Result back = Imports.text(written(original.timeline()), directory)) {
      assertThat(back.report().damagedLines()).isZero();
      assertThat(back.timeline().info()).isEqualTo(original.timeline().info());
      assertThat(back.timeline().regions()).isEqualTo(original.timeline().regions());
      assertThat(back.timeline().actors()).isEqualTo(original.timeline().actors());
      assertThat(back.timeline().notes()).isEqualTo(original.timeline().notes());
      assertThat(back.events()).isEqualTo(original.events());
      assertThat(written(back.timeline())).isEqualTo(written(original.timeline()));
      assertThat(back.report().regionsFrom()).isEqualTo(ImportReport.RegionsFrom.RECORDED);
    }
  }

  @Test
  void bytesReadBackExactly() throws Exception {
    Path file = directory.resolve("bytes.fscope");
    List<List<Content>> said =
        List.of(
            List.of(new Content(0, 4096, Content.PATTERN)),
            List.of(),
            List.of(new Content(0, 2048, 0xee), new Content(2048, 2048, 0)));
    try (RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("bytes", "simulation", 0))) {
      recording.region(new Region(0, "ram", 0, Region.NO_GPA, 8, Backing.MEMFD, 0, false));
      EventDraft draft = new EventDraft();
      for (int i = 0; i < said.size(); i++) {
        draft.of(EventKind.INSTALL, i).pages(0, i, 1);
        said.get(i).forEach(each -> draft.content(each.offset(), each.length(), each.value()));
        recording.append(draft);
      }
      String text = written(recording.timeline());
      assertThat(text).contains("\"value\":238").contains("page mod 255");
      try (Imports.Result back = Imports.text(text, directory)) {
        assertThat(back.report().damagedLines()).isZero();
        for (int i = 0; i < said.size(); i++) {
          assertThat(back.timeline().contents(i + 1)).isEqualTo(said.get(i));
        }
      }
      String wrong = text.replace("\"value\":238", "\"value\":256");
      try (Imports.Result back = Imports.text(wrong, directory)) {
        assertThat(back.report().damagedLines()).as("a byte of 256").isEqualTo(1);
      }
    }
  }

  @Test
  void damagedLineIsReportedAndCausesThatPointedToItAreDropped() throws Exception {
    Path sample = Path.of("sample-traces", "v_c_uprobe.trace.txt");
    try (Imports.Result original = Imports.file(sample, directory, List.of())) {
      List<String> lines = new ArrayList<>(written(original.timeline()).lines().toList());
      int at = 0;
      while (!lines.get(at).startsWith("{\"seq\":100,")) {
        at++;
      }
      lines.set(at, "{\"seq\":100,\"t\":");
      lines.set(at + 1, "{\"seq\":101,\"t\":-5,\"kind\":\"TOUCH\"}");
      lines.set(at + 2, "{\"seq\":102,\"t\":1,\"kind\":\"NOPE\"}");
      lines.set(at + 3, "{\"what\":1}");
      try (Imports.Result back = Imports.text(String.join("\n", lines), directory)) {
        assertThat(back.report().damaged())
            .extracting(DamagedLine::number)
            .containsExactly(at + 1L, at + 2L, at + 3L, at + 4L);
        assertThat(back.timeline().lastSequence())
            .isEqualTo(original.timeline().lastSequence() - 4);
        assertThat(back.events()).allMatch(event -> event.cause() < event.sequence());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"faultscope\":\"ndjson\"}",
        "{\"faultscope\":\"ndjson\",\"version\":3}",
        "{\"faultscope\":\"ndjson\",\"version\"",
        "{\"faultscope\":\"other\",\"version\":1}"
      })
  void headerOfAnotherVersionIsRefusedNamingTheLine(String header) {
    assertThatThrownBy(() -> Imports.text(header + "\n", directory))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("line 1");
  }

  @Test
  void aFileCutAnywhereGivesItsBeginning() throws Exception {
    Path sample = Path.of("sample-traces", "v_c_uprobe.trace.txt");
    try (Imports.Result original = Imports.file(sample, directory, List.of())) {
      String whole = written(original.timeline());
      for (int length = 200; length < 6000; length += 97) {
        try (Imports.Result back = Imports.text(whole.substring(0, length), directory)) {
          assertThat(back.report().damagedLines()).isLessThanOrEqualTo(1);
          assertThat(back.events()).isEqualTo(original.events().subList(0, back.events().size()));
        }
      }
    }
  }

  @Test
  void bookmarksFollowTheirEventsAndOnesThatCannotBeAreDamagedLines() throws Exception {
    String text =
        """
        {"faultscope":"ndjson","version":2}
        {"region":0,"name":"ram","base":"0x1000","pages":8,"modes":4}
        {"bookmark":{"seq":20,"region":0,"page":3,"text":"<b>twenty</b>"}}
        {"bookmark":{"seq":0,"text":""}}
        {"bookmark":{"seq":40,"text":"beyond"}}
        {"bookmark":{"seq":10,"text":"bell \\u0007"}}
        {"seq":10,"t":1,"kind":"TOUCH","region":0,"page":3,"pages":1}
        {"seq":20,"t":2,"kind":"TOUCH","region":0,"page":3,"pages":1}
        """;
    List<Bookmark> kept =
        List.of(new Bookmark(1, 2, 0, 3, "<b>twenty</b>"), new Bookmark(2, 0, Event.NONE, 0, ""));
    try (Imports.Result read = Imports.text(text, directory)) {
      assertThat(read.timeline().bookmarks()).isEqualTo(kept);
      assertThat(read.report().damagedLines()).isEqualTo(2);
      assertThat(read.timeline().notes())
          .anyMatch(
              note -> note.contains("line 5") && note.contains("event 40, is not in the file"))
          .anyMatch(note -> note.contains("line 6") && note.contains("leave out U+0007 at 5"));
      try (Imports.Result again = Imports.text(written(read.timeline()), directory)) {
        assertThat(again.timeline().bookmarks()).isEqualTo(kept);
        assertThat(again.report().damagedLines()).isZero();
      }
    }
  }

  private String written(Timeline timeline) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new NdjsonWriter().write(timeline, timeline.bookmarks(), out);
    Files.write(directory.resolve("last.ndjson"), out.toByteArray());
    return out.toString(StandardCharsets.UTF_8);
  }
}
