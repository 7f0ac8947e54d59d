package dev.faultscope.web;

import dev.faultscope.session.Questions;
import dev.faultscope.session.Session;
import dev.faultscope.session.kernelview.KernelView;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.query.Beside;
import dev.faultscope.session.query.Difference;
import dev.faultscope.session.query.FaultArrows;
import dev.faultscope.session.query.FaultHeatmap;
import dev.faultscope.session.query.FaultRows;
import dev.faultscope.session.query.FaultTable;
import dev.faultscope.session.query.FirstTouches;
import dev.faultscope.session.query.HitCount;
import dev.faultscope.session.query.Hits;
import dev.faultscope.session.query.KernelTotals;
import dev.faultscope.session.query.Lanes;
import dev.faultscope.session.query.LastEvents;
import dev.faultscope.session.query.PageChanges;
import dev.faultscope.session.query.PageContents;
import dev.faultscope.session.query.PageDetails;
import dev.faultscope.session.query.Stretch;
import dev.faultscope.session.query.ToldEvent;
import dev.faultscope.session.query.ToldStory;
import dev.faultscope.stream.EventsFrame;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a view asks beside watching. */
@RestController
@RequestMapping("/api/recordings/{id}")
class QuestionsController {
  private final Library library;

  QuestionsController(Library library) {
    this.library = library;
  }

  @GetMapping(path = "/events", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  byte[] events(
      @PathVariable String id,
      @RequestParam(defaultValue = "1") long from,
      @RequestParam(defaultValue = "1000") int count) {
    return ask(id, session -> EventsFrame.of(session, from, count));
  }

  @GetMapping("/search")
  Hits search(
      @PathVariable String id,
      @RequestParam String query,
      @RequestParam(defaultValue = "1") long from,
      @RequestParam(defaultValue = "1") int direction,
      @RequestParam(defaultValue = "100") int limit) {
    return ask(id, session -> Questions.search(session, query, from, direction, limit));
  }

  @GetMapping("/hits")
  HitCount hits(
      @PathVariable String id,
      @RequestParam String query,
      @RequestParam(defaultValue = "1") long from) {
    return ask(id, session -> Questions.hits(session, query, from));
  }

  @GetMapping("/changes")
  PageChanges changes(
      @PathVariable String id,
      @RequestParam int region,
      @RequestParam int page,
      @RequestParam(defaultValue = "1") long from,
      @RequestParam(defaultValue = "200") int limit) {
    return ask(id, session -> Questions.changes(session, region, page, from, limit));
  }

  @GetMapping("/first-touches")
  FirstTouches firstTouches(@PathVariable String id, @RequestParam(defaultValue = "1") long from) {
    return ask(id, session -> Questions.firstTouches(session, from));
  }

  @GetMapping("/last-events")
  LastEvents lastEvents(
      @PathVariable String id, @RequestParam(defaultValue = "1") long from, @RequestParam long to) {
    return ask(id, session -> Questions.lastEvents(session, from, to));
  }

  @GetMapping("/contents")
  PageContents contents(@PathVariable String id, @RequestParam long seq) {
    return ask(id, session -> Questions.contents(session, seq));
  }

  @GetMapping("/page")
  PageDetails page(
      @PathVariable String id,
      @RequestParam int region,
      @RequestParam int page,
      @RequestParam long seq) {
    return ask(id, session -> Questions.page(session, region, page, seq));
  }

  @GetMapping("/causes")
  List<ToldEvent> causes(@PathVariable String id, @RequestParam long seq) {
    return ask(id, session -> Questions.causes(session, seq));
  }

  @GetMapping("/effects")
  List<ToldEvent> effects(@PathVariable String id, @RequestParam long seq) {
    return ask(id, session -> Questions.effects(session, seq));
  }

  @GetMapping(path = "/why", params = "page")
  ToldStory whyPage(
      @PathVariable String id,
      @RequestParam int region,
      @RequestParam int page,
      @RequestParam long seq) {
    return ask(id, session -> Questions.whyPage(session, region, page, seq));
  }

  @GetMapping("/why")
  ToldStory why(@PathVariable String id, @RequestParam long seq) {
    return ask(id, session -> Questions.why(session, seq));
  }

  @GetMapping("/kernel")
  KernelView kernel(@PathVariable String id, @RequestParam long seq) {
    return ask(id, session -> Questions.kernel(session, seq));
  }

  @GetMapping("/lanes")
  Lanes lanes(
      @PathVariable String id,
      @RequestParam long fromNs,
      @RequestParam long toNs,
      @RequestParam(defaultValue = "800") int px) {
    return ask(id, session -> Questions.lanes(session, fromNs, toNs, px));
  }

  @GetMapping(path = "/faults", params = "sort")
  List<FaultRows.Row> sortedFaults(
      @PathVariable String id,
      @RequestParam String sort,
      @RequestParam(defaultValue = "") String where,
      @RequestParam(defaultValue = "0") int skip,
      @RequestParam(defaultValue = "100") int limit) {
    return ask(id, session -> Questions.faults(session, sort, where, skip, limit));
  }

  @GetMapping("/faults")
  List<FaultRows.Row> faults(
      @PathVariable String id,
      @RequestParam(defaultValue = "1") long from,
      @RequestParam(defaultValue = "100") int limit) {
    return ask(id, session -> Questions.faults(session, from, limit));
  }

  @GetMapping("/faults/sums")
  FaultTable faultSums(
      @PathVariable String id,
      @RequestParam(defaultValue = "") String where,
      @RequestParam(defaultValue = "") String group) {
    return ask(id, session -> Questions.faultSums(session, where, group));
  }

  @GetMapping("/faults/totals")
  KernelTotals kernelTotals(@PathVariable String id) {
    return ask(id, Questions::kernelTotals);
  }

  @GetMapping("/faults/heatmap")
  FaultHeatmap heatmap(
      @PathVariable String id,
      @RequestParam String of,
      @RequestParam(defaultValue = "") String where,
      @RequestParam long fromNs,
      @RequestParam long toNs,
      @RequestParam(defaultValue = "200") int columns,
      @RequestParam(defaultValue = "40") int rows) {
    return ask(id, session -> Questions.heatmap(session, of, where, fromNs, toNs, columns, rows));
  }

  @GetMapping("/faults/arrows")
  FaultArrows arrows(
      @PathVariable String id,
      @RequestParam long fromNs,
      @RequestParam long toNs,
      @RequestParam(defaultValue = "100") int limit,
      @RequestParam(defaultValue = "0") long about) {
    return ask(id, session -> Questions.arrows(session, fromNs, toNs, limit, about));
  }

  @GetMapping("/stretch")
  Stretch stretch(@PathVariable String id, @RequestParam long fromNs, @RequestParam long toNs) {
    return ask(id, session -> Questions.stretch(session, fromNs, toNs));
  }

  @GetMapping("/difference")
  Difference difference(@PathVariable String id, @RequestParam("with") String other) {
    return ask(id, left -> ask(other, right -> Questions.difference(left, right)));
  }

  @GetMapping("/beside")
  Beside beside(
      @PathVariable String id,
      @RequestParam("with") String other,
      @RequestParam(defaultValue = "time") String align,
      @RequestParam(required = false) @Nullable Long at,
      @RequestParam(required = false) @Nullable Long nth,
      @RequestParam(required = false) @Nullable Long leftSeq,
      @RequestParam(required = false) @Nullable Long rightSeq) {
    return ask(
        id,
        left ->
            ask(other, right -> Questions.beside(left, right, align, at, nth, leftSeq, rightSeq)));
  }

  private <T> T ask(String id, Function<Session, T> question) {
    return library.ask(id, question).orElseThrow(NoSuchRecordingException::new);
  }
}
