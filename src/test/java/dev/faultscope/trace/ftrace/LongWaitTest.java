package dev.faultscope.trace.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.trace.Imports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that outlast what the importer holds back. */
class LongWaitTest {
  private static final String RAM = "0x7f0000000000+64K=ram";
  private static final String FAULT =
      "  a-1 [000] d.... 1.%06d: page_fault_user: address=0x7f0000001000 ip=0x5 error_code=0x4\n";

  @TempDir private Path directory;

  @Test
  void faultThatWaitsLongerThanTheWindowIsToldAsWaitingAndStillWoken() throws Exception {
    StringBuilder text = new StringBuilder(FAULT.formatted(1));
    int others = LineWindow.CAPACITY + 1000;
    for (int i = 0; i < others; i++) {
      text.append("  v-9 [001] ..... 1.%06d: kvm_entry: vcpu 0, rip 0x1\n".formatted(i + 2));
    }
    text.append("  h-3 [001] ..... 2.000000: sys_ioctl(fd: 7, cmd: 0xc028aa03, arg: 0x1)\n");
    text.append("  h-3 [001] ..... 2.000009: sys_ioctl -> 0x0\n");
    try (Imports.Result result = Imports.text(text.toString(), directory, RAM)) {
      Event decide = result.timeline().event(2);
      assertThat(decide.kind()).isEqualTo(EventKind.DECIDE);
      assertThat(decide.detail()).isEqualTo(DecideReason.UNKNOWN.code());
      assertThat(result.timeline().event(3).kind()).isEqualTo(EventKind.ENQUEUE);
      Statistics statistics = Statistics.of(result.timeline());
      assertThat(statistics.faults()).isEqualTo(1);
      assertThat(statistics.latency().max()).isEqualTo(1_000_008_000);
    }
  }

  @Test
  void faultNobodyAnswersWaitsToTheEnd() throws Exception {
    try (Imports.Result result = Imports.text(FAULT.formatted(1), directory, RAM)) {
      assertThat(result.events())
          .extracting(Event::kind)
          .containsExactly(EventKind.TOUCH, EventKind.DECIDE, EventKind.ENQUEUE);
      assertThat(Statistics.of(result.timeline()).faults()).isEqualTo(1);
    }
  }

  @Test
  void stormOfRepeatedLinesIsOneStall() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append(FAULT.formatted(i));
    }
    text.append("  h-3 [001] ..... 2.000000: sys_ioctl(fd: 7, cmd: 0xc028aa03, arg: 0x1)\n");
    text.append("  h-3 [001] ..... 2.000009: sys_ioctl -> 0x0\n");
    text.append("  a-1 [000] ..... 2.000020: sys_madvise -> 0x0\n");
    try (Imports.Result result = Imports.text(text.toString(), directory, RAM)) {
      List<Event> enqueued =
          result.events().stream().filter(event -> event.kind() == EventKind.ENQUEUE).toList();
      assertThat(enqueued).hasSize(1);
      assertThat(Statistics.of(result.timeline()).faults()).isEqualTo(1);
    }
  }
}
