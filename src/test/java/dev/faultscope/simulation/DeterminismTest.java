package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.policy.PolicySpec;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.testsupport.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One scenario, one seed: one file, byte for byte. */
class DeterminismTest {
  private static final String DRAWN =
      """
      title: drawn
      memory: {ram: {backing: memfd, pages: 256, fill: 1}}
      uffds: {u: {split: 2, register: {ram: [MINOR]}}}
      kvm: {slots: {s: {memory: ram}}}
      vcpus: {v: {count: 4, workload: {kind: zipf, accesses: 300, writes: 30}}}
      handlers: {h: {uffd: u, readers: 2, source: nvme}}
      """;

  @TempDir Path folder;

  static Stream<Path> gallery() throws IOException {
    return GalleryTest.scenarios();
  }

  @ParameterizedTest
  @MethodSource("gallery")
  void scenarioOfTheGalleryIsRecordedAlikeTwice(Path scenario) throws Exception {
    String text = Files.readString(scenario);

    assertThat(sum(text, with(7))).isEqualTo(sum(text, with(7)));
  }

  @ParameterizedTest
  @MethodSource("dev.faultscope.policy.Policies#all")
  void everyPolicyIsRecordedAlikeTwiceAndOtherwiseWithAnotherSeed(PolicyType policy)
      throws Exception {
    SimulationOptions options = with(7).withPolicy(PolicySpec.of(policy));

    String first = sum(DRAWN, options);

    assertThat(sum(DRAWN, options)).isEqualTo(first);
    assertThat(sum(DRAWN, options.withSeed(8))).isNotEqualTo(first);
  }

  @Test
  void seedsThatDrawOtherPagesMakeOtherRecordings() {
    Seeds.forEach(
        10, seed -> assertThat(sum(DRAWN, with(seed))).isNotEqualTo(sum(DRAWN, with(seed + 1))));
  }

  @Test
  void whereNothingIsDrawnTheSeedDoesNotMatter() throws Exception {
    String text =
        DRAWN
            .replace("kind: zipf, accesses: 300, writes: 30", "kind: sequential")
            .replace("source: nvme", "source: page-cache");

    assertThat(sum(text, with(1))).isEqualTo(sum(text, with(2)));
  }

  private static SimulationOptions with(long seed) {
    return SimulationOptions.NONE.withSeed(seed);
  }

  private String sum(String text, SimulationOptions options)
      throws IOException, NoSuchAlgorithmException {
    Path file = new Runs(folder).run(text, options, Runs::toTheEnd);
    assertThat(file).isNotEmptyFile();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    Files.delete(file);
    return HexFormat.of().formatHex(digest);
  }
}
