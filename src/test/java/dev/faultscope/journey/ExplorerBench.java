package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * The whole explorer over a recording of sixteen million pages and fifty million events that goes
 * on growing: how far apart frames are while somebody pans, zooms, scrubs and follows, and how
 * large the tab gets. Not a test, so {@code verify} does not run it; docs/benchmarks.md says how
 * to.
 */
@Journey
@Requires(Requirement.BROWSER)
class ExplorerBench extends Visiting {
  private static final int PAGES = 1 << 24;
  private static final long EVENTS = Long.getLong("faultscope.bench.events", 50_000_000);
  private static final int FRAMES = 600;

  /** Events a second that are told while frames are measured. */
  private static final int LIVE_RATE = 200_000;

  private static final EventKind[] LIFE = {
    EventKind.TOUCH, EventKind.ENQUEUE, EventKind.READ, EventKind.INSTALL, EventKind.WAKE
  };

  @Autowired Library library;

  private final EventDraft draft = new EventDraft();
  private volatile boolean ended;

  @Test
  void fiftyMillionEventsThatGrow() throws Exception {
    try (GrowingRecording recording = library.record("Bench", "live")) {
      Recorder recorder = recording.recorder();
      recorder.region(
          new Region(0, "ram", 0x7f00_0000_0000L, 0, PAGES, Backing.MEMFD, Region.MINOR, false));
      for (int vcpu = 0; vcpu < 4; vcpu++) {
        recorder.actor(new Actor(vcpu, ActorKind.VCPU, "vcpu " + vcpu, 100 + vcpu, vcpu));
      }
      while (recorder.lastSequence() < EVENTS) {
        fault(recorder);
      }
      visitor.open("/explore/" + recording.id());
      visitor.awaitLive();
      Thread source = Thread.ofPlatform().daemon().start(() -> grow(recorder));
      visitor.browser().driver().manage().timeouts().scriptTimeout(Duration.ofMinutes(5));
      for (String doing : List.of("look", "pan", "zoom", "scrub")) {
        measure(doing);
      }
      visitor.press(Keys.END);
      measure("look");
      ended = true;
      source.join();
      recording.complete();
    }
  }

  private void measure(String doing) throws IOException {
    String script = Files.readString(Path.of("frontend", "test", "browser", "explorer-bench.js"));
    Object answer = visitor.browser().driver().executeAsyncScript(script, doing, FRAMES);
    assertThat(String.valueOf(answer)).doesNotContain("error=");
    print(doing + ", frames apart (ms)", answer);
    print("heap of the tab (MB)", heap() / 1_000_000);
  }

  private long heap() {
    visitor.browser().driver().executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
    Map<String, Object> usage =
        visitor.browser().driver().executeCdpCommand("Runtime.getHeapUsage", Map.of());
    return ((Number) usage.getOrDefault("usedSize", 0)).longValue()
        + ((Number) usage.getOrDefault("backingStorageSize", 0)).longValue();
  }

  private void grow(Recorder recorder) {
    long began = System.nanoTime();
    long first = recorder.lastSequence();
    while (!ended) {
      long due = first + (System.nanoTime() - began) * LIVE_RATE / 1_000_000_000L;
      while (recorder.lastSequence() < due) {
        fault(recorder);
      }
      LockSupport.parkNanos(1_000_000);
    }
    print(
        "told meanwhile (events/s)",
        (recorder.lastSequence() - first) * 1_000_000_000L / (System.nanoTime() - began));
  }

  private void fault(Recorder recorder) {
    long number = recorder.lastSequence() / LIFE.length;
    int vcpu = (int) (number % 4);
    int page = (int) (number * 7_368_787 % PAGES);
    long cause = 0;
    for (EventKind kind : LIFE) {
      draft.of(kind, recorder.lastSequence() * 200).actor(vcpu).pages(0, page, 1).cause(cause);
      switch (kind) {
        case ENQUEUE -> draft.change(0, PageState.QUEUED);
        case READ -> draft.change(PageState.QUEUED, PageState.READ);
        case INSTALL -> draft.change(0, PageState.MAPPED);
        case WAKE -> draft.change(PageState.READ, 0);
        default -> {
          // no page changes
        }
      }
      cause = recorder.append(draft);
    }
  }

  @SuppressWarnings("SystemOut")
  private static void print(String what, Object numbers) {
    System.out.println(what + ": " + numbers);
  }
}
