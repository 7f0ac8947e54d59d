package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.FaultscopeApplication;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that cannot start says why in one line. */
class ServerStartTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int serve(String... arguments) {
    return Main.run(
        FaultscopeApplication::serve,
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }

  @Test
  void portThatIsTakenIsOneLineWithTheRemedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = "" + taken.getLocalPort();

      assertThat(serve("--port", port, "--faultscope.data-dir=" + folder))
          .isEqualTo(Problems.START);

      assertThat(err.toString())
          .isEqualToIgnoringNewLines(
              "faultscope: port "
                  + port
                  + " is taken: end what listens there, or choose another with --port (0 takes a"
                  + " free one)");
      assertThat(out.toString()).isEmpty();
    }
  }

  @Test
  void addressOfAnotherMachineIsOneLineWithTheRemedy() {
    assertThat(serve("--port=0", "--server.address=192.0.2.7", "--faultscope.data-dir=" + folder))
        .isEqualTo(Problems.START);
    assertThat(err.toString()).startsWith("faultscope: cannot listen there: ").hasLineCount(1);
    assertThat(err.toString()).contains("--server.address");
  }

  @Test
  void dataDirectoryThatIsAFileIsOneLineThatNamesTheSetting() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no directory");
    assertThat(serve("--port=0", "--faultscope.data-dir=" + file)).isEqualTo(Problems.START);
    assertThat(err.toString())
        .startsWith("faultscope: faultscope.data-dir cannot be used: ")
        .hasLineCount(1);
  }

  @Test
  void settingThatIsNoneIsOneLineThatNamesIt() {
    assertThat(
            serve("--port=0", "--faultscope.open-sessions=many", "--faultscope.data-dir=" + folder))
        .isEqualTo(Problems.START);
    assertThat(err.toString())
        .startsWith("faultscope: faultscope")
        .hasLineCount(1)
        .contains("many");
  }
}
