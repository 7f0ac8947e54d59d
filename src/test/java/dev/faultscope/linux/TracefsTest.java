package dev.faultscope.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.testsupport.Programs;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trace instances of our own, on the real kernel. */
@Requires(Requirement.TRACEFS)
@Timeout(60)
class TracefsTest {
  @Test
  void eventsOfAnInstanceAreTakenAndItIsGoneWhenClosed() throws Exception {
    try (Tracefs tracefs = Tracefs.open()) {
      try (TraceInstance instance = tracefs.instance("test")) {
        assertThat(tracefs.madeBy(ProcessHandle.current().pid()))
            .singleElement()
            .asString()
            .endsWith("-test");
        assertThat(instance.take()).isEmpty();
        instance.set("trace_clock", "mono");
        instance.set("trace_marker", "somebody was here");
        assertThat(taken(instance, "somebody was here")).contains("tracing_mark_write");
      }
      assertThat(tracefs.madeBy(ProcessHandle.current().pid())).isEmpty();
    }
  }

  @Test
  void whatTheKernelRefusesIsThrownAndNothingIsLeft() throws Exception {
    try (Tracefs tracefs = Tracefs.open()) {
      try (TraceInstance instance = tracefs.instance("test")) {
        assertThatThrownBy(() -> instance.enable("exceptions/page_fault_user", "nonsense"))
            .isInstanceOf(IOException.class);
      }
      assertThat(tracefs.madeBy(ProcessHandle.current().pid())).isEmpty();
    }
  }

  @Test
  void instancesOfProcessesThatWereKilledAreSwept() throws Exception {
    Path python = Programs.find("python3").orElse(null);
    Assumptions.assumeTrue(python != null, "no python3 on the PATH");
    try (Tracefs tracefs = Tracefs.open()) {
      // A process that has died: its number is nobody's, and its instance has events switched on.
      Process dead = new ProcessBuilder(python + "", "-c", "pass").start();
      assertThat(dead.waitFor(20, TimeUnit.SECONDS)).isTrue();
      Path left = tracefs.instances().resolve("faultscope-%d-1-killed".formatted(dead.pid()));
      Files.createDirectory(left);
      Files.writeString(left.resolve("events/exceptions/page_fault_user/trigger"), "stacktrace");
      Files.writeString(left.resolve("events/exceptions/enable"), "1");
      try (TraceInstance mine = tracefs.instance("test")) {
        assertThat(tracefs.sweep()).isEqualTo(1);
        assertThat(left).doesNotExist();
        assertThat(tracefs.madeBy(ProcessHandle.current().pid()))
            .as("one in use: " + mine)
            .hasSize(1);
      }
    }
  }

  private static String taken(TraceInstance instance, String wanted) throws Exception {
    StringBuilder all = new StringBuilder();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (all.indexOf(wanted) < 0) {
      assertThat(System.nanoTime()).as("taken: %s", all).isLessThan(deadline);
      all.append(instance.take());
    }
    return all.toString();
  }
}
