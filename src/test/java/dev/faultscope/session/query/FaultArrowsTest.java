package dev.faultscope.session.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultArrowsTest {
  private static final int EVENTS_OF_A_FAULT = 6;

  @TempDir Path dir;

  @Test
  void faultsOfAWindowAreThoseThatWaitedInItWithTheirOwnCallAndWake() {
    Seeds.forEach(
        30,
        seed -> {
          Random random = new Random(seed);
          int faults = 200;
          try (Timeline timeline =
              RecordedSessions.write(dir.resolve(seed + ".fscope"), seed, faults, 50).timeline()) {
            long from = random.nextLong(timeline.endNs());
            long to = from + 1 + random.nextLong(timeline.endNs() / 3);
            int limit = random.nextInt(120);
            long about = 1 + random.nextLong(timeline.lastSequence());
            long asked = (about - 1) / EVENTS_OF_A_FAULT * EVENTS_OF_A_FAULT + 2;
            List<Long> waited =
                LongStream.range(0, faults)
                    .map(fault -> fault * EVENTS_OF_A_FAULT + 2)
                    .filter(
                        enqueue ->
                            timeline.event(enqueue).timeNs() < to
                                && timeline.event(enqueue + 4).timeNs() >= from)
                    .boxed()
                    .toList();

            FaultArrows arrows = FaultArrows.of(timeline, from, to, limit, about);

            assertThat(arrows.faults()).isEqualTo(waited.size());
            assertThat(arrows.all()).isEqualTo(waited.size() <= limit);
            assertThat(arrows.about()).isEqualTo(asked);
            List<Long> told = arrows.told().stream().map(FaultArrows.Told::seq).toList();
            assertThat(told).isSorted().doesNotHaveDuplicates().contains(asked);
            assertThat(told.stream().filter(seq -> arrows.all() && seq != asked).toList())
                .isEqualTo(waited.stream().filter(seq -> arrows.all() && seq != asked).toList());
            for (FaultArrows.Told fault : arrows.told()) {
              long queuedNs = timeline.event(fault.seq()).timeNs();
              assertThat(fault.ioctl()).isEqualTo("CONTINUE");
              assertThat(fault.call())
                  .isEqualTo(
                      new FaultArrows.End(
                          fault.seq() + 2, RecordedSessions.HANDLER, queuedNs + 200, false));
              assertThat(fault.wake())
                  .isEqualTo(
                      new FaultArrows.End(fault.seq() + 4, fault.actor(), queuedNs + 400, false));
            }
          }
        });
  }

  @Test
  void moreFaultsThanCanBeDrawnAreCountedAndOnlyTheOneAskedAboutIsTold() throws Exception {
    try (Timeline timeline =
        RecordedSessions.write(dir.resolve("m.fscope"), 1, 40, 50).timeline()) {
      FaultArrows many = FaultArrows.of(timeline, 0, timeline.endNs() + 1, 39, 7);

      assertThat(many.faults()).isEqualTo(40);
      assertThat(many.all()).isFalse();
      assertThat(many.told()).extracting(FaultArrows.Told::seq).containsExactly(8L);
      assertThat(FaultArrows.of(timeline, 0, timeline.endNs() + 1, 39, 0).told()).isEmpty();
      assertThat(FaultArrows.of(timeline, 0, timeline.endNs() + 1, 40, 0).told()).hasSize(40);
    }
  }

  @Test
  void whatWasInferredSaysSoAndWhatIsNotToldIsNotMadeUp() throws Exception {
    RecordingFile file =
        RecordingFile.create(dir.resolve("i.fscope"), new TimelineInfo("i", "simulation", 0));
    RecordedSessions.declare(file, 50);
    long concluded = enqueue(file, 0, 1, 100, EventFlags.INFERRED);
    long call = call(file, 1, 200, EventFlags.INFERRED);
    wake(file, 0, 1, 300, call, EventFlags.INFERRED);
    long unanswered = enqueue(file, 1, 2, 400, 0);
    // As text traces tell it: by which call is not known.
    wake(file, 1, 2, 500, unanswered, EventFlags.INFERRED);
    long open = enqueue(file, 0, 3, 600, 0);
    // It covers the page; that it wakes anybody is not told.
    call(file, 3, 700, 0);
    file.complete();
    try (Timeline timeline = file.timeline()) {
      List<FaultArrows.Told> told = FaultArrows.of(timeline, 0, 10_000, 10, 0).told();

      assertThat(told)
          .extracting(FaultArrows.Told::seq)
          .containsExactly(concluded, unanswered, open);
      assertThat(told.getFirst().inferred()).isTrue();
      assertThat(told.getFirst().call()).isEqualTo(new FaultArrows.End(call, 2, 200, true));
      assertThat(told.getFirst().wake()).isEqualTo(new FaultArrows.End(call + 1, 0, 300, true));
      assertThat(told.get(1).call()).isNull();
      assertThat(told.get(1).ioctl()).isNull();
      assertThat(told.get(1).wake()).extracting(FaultArrows.End::timeNs).isEqualTo(500L);
      assertThat(told.getLast().call()).isNull();
      assertThat(told.getLast().wake()).isNull();
      assertThat(FaultArrows.of(timeline, 5000, 6000, 10, 0).told())
          .as("who still waits")
          .extracting(FaultArrows.Told::seq)
          .containsExactly(open);
    }
  }

  private static long enqueue(Recorder recorder, int actor, int page, long timeNs, int flags) {
    return recorder.append(
        new EventDraft()
            .of(EventKind.ENQUEUE, timeNs)
            .pages(0, page, 1)
            .actor(actor)
            .flags(flags | EventFlags.MINOR)
            .change(0, PageState.QUEUED | PageState.MINOR));
  }

  private static long call(Recorder recorder, int page, long timeNs, int flags) {
    return recorder.append(
        new EventDraft()
            .of(EventKind.CALL, timeNs)
            .detail(UffdIoctl.CONTINUE.code())
            .pages(0, page, 1)
            .actor(RecordedSessions.HANDLER)
            .flags(flags));
  }

  private static void wake(
      Recorder recorder, int actor, int page, long timeNs, long cause, int flags) {
    recorder.append(
        new EventDraft()
            .of(EventKind.WAKE, timeNs)
            .pages(0, page, 1)
            .actor(actor)
            .cause(cause)
            .flags(flags));
  }
}
