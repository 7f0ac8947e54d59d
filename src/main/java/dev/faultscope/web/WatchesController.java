package dev.faultscope.web;

import dev.faultscope.session.watch.UffdProcess;
import dev.faultscope.session.watch.WatchRun;
import dev.faultscope.session.watch.WatchRuns;
import dev.faultscope.session.watch.WatchStatus;
import java.io.IOException;
import java.util.List;
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

/** Processes with a userfaultfd, and watching them from outside. */
@RestController
class WatchesController {
  private static final int USUAL_RATE_HZ = 10;

  private final WatchRuns watches;

  WatchesController(WatchRuns watches) {
    this.watches = watches;
  }

  /** What to watch; docs/wire-protocol.md. */
  record Wanted(@Nullable Integer pid, @Nullable Integer rateHz) {}

  /** Names what was created. */
  record Created(String id) {}

  @GetMapping("/api/processes")
  UffdProcess.Found processes() throws IOException {
    return UffdProcess.all();
  }

  @PostMapping("/api/watches")
  @ResponseStatus(HttpStatus.CREATED)
  Created start(@RequestBody Wanted wanted) throws IOException {
    Integer pid = wanted.pid();
    if (pid == null || pid < 1) {
      throw new IllegalArgumentException("pid is " + pid + "; it must be a process's number");
    }
    Integer rate = wanted.rateHz();
    return new Created(watches.start(pid, rate == null ? USUAL_RATE_HZ : rate).id());
  }

  @GetMapping("/api/watches")
  List<WatchStatus> watches() {
    return watches.runs().stream().map(WatchRun::status).toList();
  }

  @GetMapping("/api/watches/{id}")
  WatchStatus watch(@PathVariable String id) {
    return find(id).status();
  }

  @DeleteMapping("/api/watches/{id}")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void stop(@PathVariable String id) {
    find(id).stop();
  }

  private WatchRun find(String id) {
    return watches.run(id).orElseThrow(NoSuchWatchException::new);
  }

  /** As many as may be are watched, or the machine cannot. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> notNow(IllegalStateException e) {
    return ProblemDetails.problem(HttpStatus.CONFLICT, e.getMessage());
  }

  /** The process is gone, or not to be looked at. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(IOException e) {
    return ProblemDetails.problem(HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unknown(NoSuchWatchException e) {
    return ProblemDetails.problem(HttpStatus.NOT_FOUND, e.getMessage());
  }

  /** A name that no watch has, or no longer. */
  static final class NoSuchWatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSuchWatchException() {
      super("There is no such watch; only the last ones are remembered.");
    }
  }
}
