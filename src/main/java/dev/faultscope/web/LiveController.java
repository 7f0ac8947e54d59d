package dev.faultscope.web;

import dev.faultscope.session.live.AttachOrder;
import dev.faultscope.session.live.Attachment;
import dev.faultscope.session.live.GuestOrder;
import dev.faultscope.session.live.LiveAnswer;
import dev.faultscope.session.live.LiveCommand;
import dev.faultscope.session.live.LiveRun;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.live.LiveStatus;
import dev.faultscope.session.live.Residency;
import dev.faultscope.session.live.TooManyLiveException;
import java.io.IOException;
import java.time.Duration;
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

/** Guests of ours, peers that attach, and the hand on their faults. */
@RestController
class LiveController {
  private static final int USUAL_WATCHDOG_SECONDS = 60;
  private static final int USUAL_ACCEPT_SECONDS = 600;
  private static final int USUAL_HANDSHAKE_SECONDS = 10;

  private final LiveRuns live;

  LiveController(LiveRuns live) {
    this.live = live;
  }

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
      @Nullable Integer watchdogSeconds) {}

  /** A socket to wait at; docs/wire-protocol.md. */
  record Attach(
      @Nullable String socket,
      @Nullable String memory,
      @Nullable String policy,
      @Nullable String hold,
      @Nullable Integer watchdogSeconds,
      @Nullable Integer peers,
      @Nullable Integer acceptSeconds,
      @Nullable Integer handshakeSeconds) {}

  /** A command; docs/wire-protocol.md. */
  record Wanted(
      @Nullable String type,
      @Nullable String query,
      @Nullable Long fault,
      @Nullable String name,
      @Nullable Integer region,
      @Nullable Integer page,
      @Nullable Integer pages,
      @Nullable Long mode) {}

  /** Names what was created. */
  record Created(String id) {}

  @PostMapping("/api/live/guests")
  @ResponseStatus(HttpStatus.CREATED)
  Created start(@RequestBody Guest guest) throws IOException, TooManyLiveException {
    GuestOrder order =
        new GuestOrder(
            orElse(guest.backing(), "memfd"),
            orElse(guest.mode(), "minor"),
            orElse(guest.mib(), 16),
            orElse(guest.workload(), "touch"),
            orElse(guest.workers(), 1),
            orElse(guest.pattern(), "sequential"),
            orElse(guest.write(), false),
            orElse(guest.ring(), 3),
            orElse(guest.clock(), false),
            orElse(guest.policy(), "on-demand"),
            guest.hold(),
            Duration.ofSeconds(orElse(guest.watchdogSeconds(), USUAL_WATCHDOG_SECONDS)));
    return new Created(live.start(order).id());
  }

  @GetMapping("/api/live/runs")
  List<LiveStatus> runs() {
    return live.runs().stream().map(LiveRun::status).toList();
  }

  @GetMapping("/api/live/runs/{id}")
  LiveStatus run(@PathVariable String id) {
    return find(id).status();
  }

  @PostMapping("/api/live/runs/{id}/commands")
  LiveAnswer command(@PathVariable String id, @RequestBody Wanted wanted) {
    return find(id).perform(read(wanted));
  }

  @GetMapping("/api/live/runs/{id}/residency")
  List<Residency> residency(@PathVariable String id) throws IOException {
    return LiveRuns.residency(find(id));
  }

  @PostMapping("/api/attachments")
  @ResponseStatus(HttpStatus.CREATED)
  Attachment.View attach(@RequestBody Attach attach) throws IOException, TooManyLiveException {
    AttachOrder order =
        new AttachOrder(
            orElse(attach.socket(), "").strip(),
            orElse(attach.memory(), "").strip(),
            orElse(attach.policy(), "on-demand"),
            attach.hold(),
            Duration.ofSeconds(orElse(attach.watchdogSeconds(), USUAL_WATCHDOG_SECONDS)),
            orElse(attach.peers(), 1),
            Duration.ofSeconds(orElse(attach.acceptSeconds(), USUAL_ACCEPT_SECONDS)),
            Duration.ofSeconds(orElse(attach.handshakeSeconds(), USUAL_HANDSHAKE_SECONDS)));
    return live.attach(order).view();
  }

  @GetMapping("/api/attachments")
  List<Attachment.View> attachments() {
    return live.attachments().stream().map(Attachment::view).toList();
  }

  @DeleteMapping("/api/attachments/{id}")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void detach(@PathVariable String id) {
    live.attachment(id).orElseThrow(NoSuchLiveException::new).stop();
  }

  private LiveRun find(String id) {
    return live.run(id).orElseThrow(NoSuchLiveException::new);
  }

  private static LiveCommand read(Wanted wanted) {
    return switch (orElse(wanted.type(), "")) {
      case "go" -> new LiveCommand.RunFreely();
      case "hold" -> new LiveCommand.Hold(blankAsNull(wanted.query()));
      case "answer" -> new LiveCommand.Answer(wanted.fault());
      case "ioctl" ->
          new LiveCommand.Ioctl(
              orElse(wanted.name(), ""),
              orElse(wanted.region(), 0),
              orElse(wanted.page(), 0),
              orElse(wanted.pages(), 1),
              orElse(wanted.mode(), 0L));
      case "stop" -> new LiveCommand.Stop();
      default ->
          throw new IllegalArgumentException(
              "type is '%s'; there are go, hold, answer, ioctl and stop".formatted(wanted.type()));
    };
  }

  private static @Nullable String blankAsNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> full(TooManyLiveException e) {
    return ProblemDetails.problem(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
  }

  /** The peer has gone, or is not there yet; or the machine cannot. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> notNow(IllegalStateException e) {
    return ProblemDetails.problem(HttpStatus.CONFLICT, e.getMessage());
  }

  /** What the kernel refused: a socket that somebody listens at, a page table of another user. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(IOException e) {
    return ProblemDetails.problem(HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unknown(NoSuchLiveException e) {
    return ProblemDetails.problem(HttpStatus.NOT_FOUND, e.getMessage());
  }

  /** A name that nothing live has, or no longer. */
  static final class NoSuchLiveException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSuchLiveException() {
      super("There is no such live run; only the last ones are remembered.");
    }
  }
}
