package dev.faultscope.simulation.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.Region;
import dev.faultscope.testsupport.StageTwoTruth;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.WaitFold;
import dev.faultscope.trace.Imports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The simulator's stage 2 against a real one: what a program did to a guest on a real kernel is
 * done on the simulator, and costs the same faults, access by access.
 */
class StageTwoReplayTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"s2_notifier", "s2_slots", "s2_dirty", "s2_huge"})
  void simulatorFaultsAsTheRealKernelDid(String name) throws Exception {
    JsonNode truth =
        JSON.readTree(Files.readAllBytes(Path.of("sample-traces", name + ".truth.json")));
    List<Replay.Touch> touches =
        Files.readAllLines(Path.of("src/test/resources/stage2", name + ".touches.csv")).stream()
            .skip(1)
            .map(Replay.Touch::parse)
            .toList();
    Path file = folder.resolve("replay.fscope");
    TimelineInfo info = new TimelineInfo(name, "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(file, info)) {
      new Replay(truth, touches, recording).run();
      Statistics counted = Statistics.of(recording.timeline());
      assertThat(counted.origin()).isEqualTo(FaultOrigin.STAGE2);
      assertThat(counted.faults()).isEqualTo(truth.path("faults").asLong());
      assertThat(counted.distinctPages()).isEqualTo(truth.path("distinct_pages").asLong());
      assertThat(counted.zappedPages()).isEqualTo(truth.path("zapped_pages").asLong());
      assertThat(counted.leaves().of2M()).isEqualTo(truth.path("huge_leaves").asLong());
      assertThat(counted.mmioExits()).isEqualTo(truth.path("mmio_exits").asLong());
      assertThat(new ArrayList<>(counted.faultsByThread().values())).isEqualTo(byVcpu(truth));
      assertThat(StageTwoTruth.byCause(counted)).isEqualTo(StageTwoTruth.byCause(truth));
      Path trace = Path.of("sample-traces", name + ".trace.txt");
      try (Imports.Result imported = Imports.file(trace, folder, List.of())) {
        assertThat(faults(recording.timeline())).isEqualTo(faults(imported.timeline()));
      }
    }
  }

  /** {@return each fault in order: whose, where, what access, and what KVM decided} */
  private static List<String> faults(Timeline timeline) {
    TreeMap<Long, String> bySequence = new TreeMap<>();
    WaitFold fold =
        new WaitFold(
            timeline,
            wait -> {
              Event enqueue = wait.enqueue();
              Region region = timeline.regions().get(enqueue.region());
              String told =
                  "vCPU %d %s 0x%x: %s"
                      .formatted(
                          timeline.actors().get(enqueue.actor()).vcpu(),
                          enqueue.is(EventFlags.WRITE) ? "writes" : "reads",
                          region.gpaBase() + enqueue.firstPage() * Region.PAGE_BYTES,
                          DecideReason.ofCode(wait.reason()).id());
              bySequence.put(enqueue.sequence(), told);
            });
    for (long sequence = 1; sequence <= timeline.lastSequence(); sequence++) {
      fold.add(timeline.event(sequence));
    }
    fold.end();
    return List.copyOf(bySequence.values());
  }

  private static List<Long> byVcpu(JsonNode truth) {
    List<Long> all = new ArrayList<>();
    truth.path("vcpus").forEach(vcpu -> all.add(vcpu.path("faults").asLong()));
    return all;
  }
}
