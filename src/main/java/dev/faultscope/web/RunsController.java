package dev.faultscope.web;

import dev.faultscope.session.RunView;
import dev.faultscope.session.run.RunAnswer;
import dev.faultscope.session.run.RunRefusedException;
import dev.faultscope.session.scenario.NoSuchRunException;
import dev.faultscope.session.scenario.RunRequest;
import dev.faultscope.session.scenario.Runs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Scenarios that run on the simulated kernel, and the hand on them. */
@RestController
class RunsController {
  private final Runs runs;

  RunsController(Runs runs) {
    this.runs = runs;
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
      RunView status) {}

  @GetMapping("/api/runs")
  List<RunView> list() {
    return runs.list();
  }

  @PostMapping("/api/runs")
  @ResponseStatus(HttpStatus.CREATED)
  Created start(@RequestBody Wanted wanted) throws IOException {
    String engine = wanted.engine();
    if (engine != null && !engine.equals("simulation")) {
      throw new IllegalArgumentException(
          "engine is '%s'; here scenarios run on the simulation. A scenario on the real kernel"
                  .formatted(engine)
              + " is started with faultscope run --engine live, a guest at /live");
    }
    return new Created(
        runs.start(
            new RunRequest(
                wanted.scenario(),
                wanted.text(),
                wanted.seed(),
                wanted.policy(),
                wanted.set() == null ? Map.of() : wanted.set(),
                !Boolean.FALSE.equals(wanted.paused()))));
  }

  @GetMapping("/api/runs/{id}")
  RunView view(@PathVariable String id) {
    return runs.view(id);
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
        runs.view(id));
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
}
