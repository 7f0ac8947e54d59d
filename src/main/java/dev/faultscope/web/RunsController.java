package dev.faultscope.web;

import dev.faultscope.session.live.AttachOrder;
import dev.faultscope.session.live.Attachment;
import dev.faultscope.session.live.GuestOrder;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.live.TooManyLiveException;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.scenario.NoSuchRunException;
import dev.faultscope.session.scenario.RunRequest;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.stream.RunDetails;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * What runs, on whichever kernel: scenarios, guests of ours, peers that attach, and the hand on
 * them.
 */
@RestController
class RunsController {
  private static final int USUAL_WATCHDOG_SECONDS = 60;
  private static final int USUAL_ACCEPT_SECONDS = 600;
  private static final int USUAL_HANDSHAKE_SECONDS = 10;

  private final Runs runs;
  private final LiveRuns live;

  RunsController(Runs runs, LiveRuns live) {
    this.runs = runs;
    this.live = live;
  }

  /** What to run; docs/wire-protocol.md. */
  record Wanted(
      @Nullable String scenario,
      @Nullable String text,
      @Nullable String engine,
      @Nullable Long seed,
      @Nullable String policy,
      @Nullable Map<String, String> set,
      @Nullable Boolean paused) {}

  /** A guest to start; docs/wire-protocol.md. */
  record Guest(
      @Nullable String backing,
      @Nullable String mode,
      @Nullable Integer mib,
      @Nullable String workload,
      @Nullable Integer workers,
      @Nullable String pattern,
      @Nullable Boolean write,
      @Nullable Integer ring,
      @Nullable Boolean clock,
      @Nullable String policy,
      @Nullable String hold,
      @Nullable Integer watchdogSeconds) {

    GuestOrder order() {
      return new GuestOrder(
          orElse(backing, "memfd"),
          orElse(mode, "minor"),
          orElse(mib, 16),
          orElse(workload, "touch"),
          orElse(workers, 1),
          orElse(pattern, "sequential"),
          orElse(write, false),
          orElse(ring, 3),
          orElse(clock, false),
          orElse(policy, "on-demand"),
          hold,
          Duration.ofSeconds(orElse(watchdogSeconds, USUAL_WATCHDOG_SECONDS)));
    }
  }

  /** A socket to wait at; docs/wire-protocol.md. */
  record Attach(
      @Nullable String socket,
      @Nullable String memory,
      @Nullable String policy,
      @Nullable String hold,
      @Nullable Integer watchdogSeconds,
      @Nullable Integer peers,
      @Nullable Integer acceptSeconds,
      @Nullable Integer handshakeSeconds) {

    AttachOrder order() {
      return new AttachOrder(
          orElse(socket, "").strip(),
          orElse(memory, "").strip(),
          orElse(policy, "on-demand"),
          hold,
          Duration.ofSeconds(orElse(watchdogSeconds, USUAL_WATCHDOG_SECONDS)),
          orElse(peers, 1),
          Duration.ofSeconds(orElse(acceptSeconds, USUAL_ACCEPT_SECONDS)),
          Duration.ofSeconds(orElse(handshakeSeconds, USUAL_HANDSHAKE_SECONDS)));
    }
  }

  /** How an attachment stands. */
  record AttachmentDetails(
      String id,
      String state,
      String socket,
      String memory,
      String policy,
      int peers,
      long acceptSeconds,
      long handshakeSeconds,
      long watchdogSeconds,
      String request,
      @Nullable String failure,
      List<String> refused,
      List<String> runs) {
    static AttachmentDetails of(Attachment attachment) {
      Attachment.View view = attachment.view();
      return new AttachmentDetails(
          view.id(),
          view.state(),
          view.socket(),
          view.memory(),
          view.policy(),
          view.peers(),
          view.acceptSeconds(),
          view.handshakeSeconds(),
          view.watchdogSeconds(),
          view.request(),
          view.failure(),
          view.refused(),
          view.runs());
    }
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  /** Names what was created. */
  record Created(String id) {}

  /** A moment to fork at. */
  record Fork(@Nullable Long seq) {}

  /** What is run. */
  record Text(String text) {}

  /** Events that a command caused; none where the first is above the last. */
  record Events(long from, long to) {}

  /** What came of a command, and how the run stands then. */
  record Answer(
      int errno,
      String errnoName,
      @Nullable Long field,
      List<Integer> woke,
      String why,
      Events events,
      RunDetails status) {}

  @GetMapping("/api/runs")
  List<RunDetails> list() {
    return runs.list().stream().map(RunDetails::of).toList();
  }

  @PostMapping("/api/runs")
  @ResponseStatus(HttpStatus.CREATED)
  Created start(@RequestBody Wanted wanted) throws IOException {
    return new Created(
        runs.start(
            new RunRequest(
                wanted.scenario(),
                wanted.text(),
                orElse(wanted.engine(), "simulation"),
                wanted.seed(),
                wanted.policy(),
                wanted.set() == null ? Map.of() : wanted.set(),
                !Boolean.FALSE.equals(wanted.paused()))));
  }

  @PostMapping("/api/guests")
  @ResponseStatus(HttpStatus.CREATED)
  Created start(@RequestBody Guest guest) throws IOException, TooManyLiveException {
    return new Created(live.start(guest.order()).id());
  }

  @PostMapping("/api/attachments")
  @ResponseStatus(HttpStatus.CREATED)
  AttachmentDetails attach(@RequestBody Attach attach) throws IOException, TooManyLiveException {
    return AttachmentDetails.of(live.attach(attach.order()));
  }

  @GetMapping("/api/attachments")
  List<AttachmentDetails> attachments() {
    return live.attachments().stream().map(AttachmentDetails::of).toList();
  }

  @DeleteMapping("/api/attachments/{id}")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void detach(@PathVariable String id) {
    live.attachment(id)
        .orElseThrow(
            () ->
                new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "There is no such attachment; only the last ones are remembered."))
        .stop();
  }

  @GetMapping("/api/runs/{id}")
  RunDetails view(@PathVariable String id) {
    return RunDetails.of(runs.view(id));
  }

  @GetMapping("/api/runs/{id}/scenario")
  Text scenario(@PathVariable String id) throws IOException {
    return new Text(runs.scenario(id));
  }

  @PostMapping("/api/runs/{id}/commands")
  Answer command(@PathVariable String id, @RequestBody RunOrder order) {
    RunAnswer answer = runs.command(id, order.command());
    return new Answer(
        answer.errno(),
        answer.errnoName(),
        answer.field(),
        answer.woke(),
        answer.why(),
        new Events(answer.from(), answer.to()),
        RunDetails.of(runs.view(id)));
  }

  @PostMapping("/api/runs/{id}/fork")
  @ResponseStatus(HttpStatus.CREATED)
  Created fork(@PathVariable String id, @RequestBody Fork fork) throws IOException {
    Long seq = fork.seq();
    if (seq == null) {
      throw new IllegalArgumentException("seq is missing: the moment to fork at");
    }
    return new Created(runs.fork(id, seq));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(RunRefusedException e) {
    HttpStatus status =
        switch (e.reason()) {
          case BAD_COMMAND -> HttpStatus.BAD_REQUEST;
          case BUSY -> HttpStatus.SERVICE_UNAVAILABLE;
          case ENDED -> HttpStatus.CONFLICT;
        };
    return ProblemDetails.problem(status, e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unknown(NoSuchRunException e) {
    return ProblemDetails.problem(HttpStatus.NOT_FOUND, e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> full(TooManyLiveException e) {
    return ProblemDetails.problem(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
  }

  /** This machine cannot, or not now. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> notNow(IllegalStateException e) {
    return ProblemDetails.problem(HttpStatus.CONFLICT, e.getMessage());
  }

  /** What the kernel refused: a socket that somebody listens at, a page table of another user. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(IOException e) {
    return ProblemDetails.problem(HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage());
  }
}
