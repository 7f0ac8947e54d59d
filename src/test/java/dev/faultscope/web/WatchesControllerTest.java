package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.watch.WatchRuns;
import dev.faultscope.testsupport.Hostage;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.trace.TraceFormats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Processes with a userfaultfd, and watching them, over HTTP. */
@WebMvcTest(WatchesController.class)
@Requires(Requirement.UFFD)
@Timeout(60)
class WatchesControllerTest {
  @Autowired MockMvcTester mvc;
  @Autowired Library library;

  @TestConfiguration
  static class Watches {
    @Bean
    Library library() {
      Library library =
          new Library(
              new LibrarySettings(
                  Path.of("target/test-data/watches"),
                  8,
                  Duration.ofMinutes(10),
                  1,
                  1,
                  1 << 20,
                  List.of()),
              new TraceImports(TraceFormats.STANDARD));
      library.start();
      return library;
    }

    @Bean
    WatchRuns watches(Library library) {
      return new WatchRuns(library);
    }
  }

  @Test
  void aProcessIsListedWatchedAndItsRecordingKept() throws Exception {
    try (Hostage hostage = new Hostage("memfd", "8")) {
      JsonNode processes = json(mvc.get().uri("/api/processes").exchange()).path("processes");
      assertThat(processes.valueStream().map(each -> each.path("pid").asInt()))
          .contains(hostage.pid());
      String id = json(watch(hostage.pid(), 200)).path("id").asString();
      hostage.tell("touch 1");
      await(id, status -> status.path("summary").path("sleeping").asInt() == 1);
      hostage.kill();
      await(id, status -> status.path("over").asBoolean());
      assertThat(status(id).path("summary").path("end").asString()).isEqualTo("the process ended");
      assertThat(library.open(id)).isPresent();
      assertThat(mvc.delete().uri("/api/watches/" + id)).as("again").hasStatus(202);
    }
  }

  @Test
  void whatCannotBeWatchedSaysWhyAndLeavesNoRecording() throws Exception {
    int before = library.list().size();
    assertThat(watch(1, 10)).hasStatus(422).bodyText().contains("process 1 (");
    assertThat(watch(999_999_999, 10)).hasStatus(422).bodyText().contains("999999999");
    assertThat(watch(1, 5000)).hasStatus(400).bodyText().contains("1 to 1000");
    assertThat(watch(-4, 10)).hasStatus(400).bodyText().contains("pid");
    assertThat(mvc.get().uri("/api/watches/none")).hasStatus(404);
    assertThat(library.list()).hasSize(before);
  }

  @Test
  void onlySoManyAreWatchedAtOnce() throws Exception {
    try (Hostage hostage = new Hostage("anon", "8")) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < WatchRuns.MOST_RUNNING; i++) {
        ids.add(json(watch(hostage.pid(), 10)).path("id").asString());
      }
      assertThat(watch(hostage.pid(), 10)).hasStatus(409).bodyText().contains("stop one");
      for (String id : ids) {
        assertThat(mvc.delete().uri("/api/watches/" + id)).hasStatus(202);
        await(id, status -> status.path("over").asBoolean());
        assertThat(status(id).path("summary").path("end").asString()).isEqualTo("stopped");
      }
    }
  }

  private MvcTestResult watch(int pid, int rateHz) {
    return mvc.post()
        .uri("/api/watches")
        .contentType(MediaType.APPLICATION_JSON)
        .content("{\"pid\": %d, \"rateHz\": %d}".formatted(pid, rateHz))
        .exchange();
  }

  private void await(String id, Predicate<JsonNode> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.test(status(id))) {
      assertThat(System.nanoTime()).as("%s", status(id)).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private JsonNode status(String id) throws Exception {
    return json(mvc.get().uri("/api/watches/" + id).exchange());
  }

  private static JsonNode json(MvcTestResult result) throws Exception {
    return new JsonMapper().readTree(result.getResponse().getContentAsString());
  }
}
