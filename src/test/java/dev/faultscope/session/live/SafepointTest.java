package dev.faultscope.session.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A collection, a thread dump and a heap dump stop every thread of a JVM. One that slept in a fault
 * of guest memory would never stop, and the server with it; so none ever touches such memory. Asked
 * from outside, because a JVM that hangs there answers nobody, this test's clock included.
 */
@Requires(Requirement.UFFD)
@Timeout(300)
class SafepointTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path directory;

  @Test
  void serverStopsAtSafepointsWhileAThreadSleepsInAFault() throws Exception {
    stopAtSafepoints("touch");
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM})
  void serverStopsAtSafepointsWhileAVcpuSleepsInAFault() throws Exception {
    stopAtSafepoints("vcpu");
  }

  private void stopAtSafepoints(String workload) throws Exception {
    Process server = server(workload);
    try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("held");
      Path heap = directory.resolve("heap.hprof");

      assertThat(jcmd(server, "GC.run")).contains("Command executed successfully");
      assertThat(jcmd(server, "Thread.print", "-l")).contains("\"main\"");
      assertThat(jcmd(server, "GC.heap_dump", heap.toString())).contains("Heap dump file created");
      assertThat(heap).isNotEmptyFile();
      assertThat(jcmd(server, "GC.class_histogram")).contains("LiveRun");

      server.getOutputStream().write('\n');
      server.getOutputStream().flush();
      assertThat(said.readLine()).isEqualTo("WAITING still");
      assertThat(said.readLine()).isEqualTo("ENDED");
      assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
    } finally {
      server.destroyForcibly();
    }
  }

  private Process server(String workload) throws IOException {
    return new ProcessBuilder(
            java("java"),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path", ""),
            HeldServer.class.getName(),
            directory.toString(),
            workload)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private String jcmd(Process server, String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of(java("jcmd"), Long.toString(server.pid())));
    line.addAll(Arrays.asList(command));
    Path answer = directory.resolve("answer.txt");
    Process jcmd =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(answer.toFile()).start();
    try {
      assertThat(jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(line + " ends").isTrue();
      return Files.readString(answer);
    } finally {
      jcmd.destroyForcibly();
    }
  }

  private static String java(String tool) {
    return Path.of(System.getProperty("java.home", ""), "bin", tool).toString();
  }
}
