package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiffCommandTest {
  private static final String TWO_VCPUS = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String RACES = "sample-traces/v_d_kernel73.trace.txt";

  /** Figures of the faults, and the names the other commands have for them. */
  private static final List<String> SIDES = List.of("left", "right");

  private final StringWriter err = new StringWriter();

  @Test
  void whatEachCameToAndTheRatiosAreTheFiguresOfTheOtherCommands() {
    JsonNode diff = json("diff", TWO_VCPUS, RACES, "--json");
    for (int side = 0; side < 2; side++) {
      String file = side == 0 ? TWO_VCPUS : RACES;
      JsonNode stats = json("stats", file, "--json");
      JsonNode threads = json("faults", file, "--group-by", "thread", "--limit", "0", "--json");
      long waited =
          threads
              .path("groups")
              .valueStream()
              .mapToLong(each -> each.path("waitNs").asLong())
              .sum();
      long ioctls =
          stats.path("ioctls").valueStream().mapToLong(each -> each.path("calls").asLong()).sum();
      JsonNode latency = stats.path("latencyNs");
      Map<String, Long> expected = new HashMap<>();
      expected.put("events", stats.path("events").asLong());
      expected.put("elapsed", stats.path("durationNs").asLong());
      expected.put("faults", stats.path("faults").asLong());
      expected.put("unread faults", stats.path("unreadFaults").asLong());
      expected.put("pages served", stats.path("pagesServed").asLong());
      expected.put("waited", waited);
      expected.put("latency p50", latency.path("p50").asLong());
      expected.put("latency p99", latency.path("p99").asLong());
      expected.put("longest latency", latency.path("max").asLong());
      expected.put("ioctls", ioctls);
      expected.put("CONTINUE", stats.path("ioctls").path("CONTINUE").path("ok").asLong());
      Map<String, Long> told = new HashMap<>();
      for (JsonNode count : diff.path("difference").path("counts")) {
        told.put(count.path("name").asString(), count.path(SIDES.get(side)).asLong());
      }
      assertThat(told).containsAllEntriesOf(expected);
      assertThat(List.of(expected.get("faults"), expected.get("pages served"), waited))
          .allMatch(each -> each > 0);
    }
    for (JsonNode count : diff.path("difference").path("counts")) {
      double left = count.path("left").asDouble();
      if (left == 0) {
        assertThat(count.path("ratio").isNull()).isTrue();
      } else {
        assertThat(count.path("ratio").asDouble()).isEqualTo(count.path("right").asDouble() / left);
      }
    }
  }

  @Test
  void bothStandAtOnePositionAndWithoutOneAtTheirEnds() {
    JsonNode first =
        json("diff", TWO_VCPUS, TWO_VCPUS, "--align", "fault", "--at", "1", "--json")
            .path("beside");
    JsonNode faults = json("faults", TWO_VCPUS, "--sort", "time", "--limit", "1", "--json");
    assertThat(first.path("left").path("seq").asLong())
        .isEqualTo(faults.path("rows").path(0).path("seq").asLong())
        .isEqualTo(first.path("right").path("seq").asLong());
    JsonNode end = json("diff", TWO_VCPUS, RACES, "--json").path("beside");
    assertThat(end.path("at")).isEqualTo(end.path("end"));
    for (String side : SIDES) {
      assertThat(end.path(side).path("seq")).isEqualTo(end.path(side).path("events"));
    }
    assertThat(end.path("left").path("past").asBoolean())
        .isNotEqualTo(end.path("right").path("past").asBoolean());
    StringWriter out = new StringWriter();
    assertThat(run(out, "diff", TWO_VCPUS, TWO_VCPUS, "--at", "0")).isZero();
    assertThat(out.toString()).contains("nothing more", "region guest-ram: of ", "elapsed ns");
  }

  @Test
  void whatCannotBeAskedIsSaidWithWhatCan() {
    StringWriter out = new StringWriter();
    assertThat(run(out, "diff", RACES, RACES, "--align", "clock")).isEqualTo(2);
    assertThat(err.toString()).contains("--align is one of time, fault, pages, not clock");
    assertThat(run(out, "diff", RACES, RACES, "--at", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--at is at least 0, not -1");
    assertThat(run(out, "diff", RACES, "nowhere.fscope")).isEqualTo(3);
    assertThat(err.toString()).contains("nowhere.fscope: no such file");
  }

  private JsonNode json(String... arguments) {
    StringWriter out = new StringWriter();
    assertThat(run(out, arguments)).as(err.toString()).isZero();
    return new JsonMapper().readTree(out.toString());
  }

  private int run(StringWriter out, String... arguments) {
    return Main.run(
        (_, _) -> {}, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
