package dev.faultscope.trace.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionSpecTest {
  @TempDir private Path directory;

  @Test
  void readsTheArgument() {
    RegionSpec spec = RegionSpec.parse("0x7fb5_0000_0000+64M=guest ram@0x100000".replace("_", ""));
    assertThat(spec.base()).isEqualTo(0x7fb500000000L);
    assertThat(spec.size()).isEqualTo(64L << 20);
    assertThat(spec.name()).isEqualTo("guest ram");
    assertThat(spec.gpaBase()).isEqualTo(0x100000);
    assertThat(RegionSpec.parse("0x1000+0x2000=a").gpaBase()).isEqualTo(Region.NO_GPA);
    assertThat(RegionSpec.parse("0x1000+4k=a").size()).isEqualTo(4096);
    assertThat(RegionSpec.parse("0xfffffffffffff000+4096=top").base()).isEqualTo(-4096);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ram",
        "0x1000=ram",
        "0x1000+=ram",
        "0x1001+4K=ram",
        "0x1000+4097=ram",
        "0x1000+0=ram",
        "0x1000+4K=",
        "0x1000+4K=ram@12",
        "0x1000+9999999999999999999=ram",
        "0x1000+9000000000G=ram",
        "0x10000000000000000+4K=ram",
        "0x1000+16T=ram"
      })
  void refusesAnythingElseSayingWhy(String argument) {
    assertThatThrownBy(() -> RegionSpec.parse(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
  }

  @Test
  void regionsThatOverlapAreRefusedByName() {
    assertThatThrownBy(
            () ->
                RegionSpec.requireTogether(
                    java.util.List.of(
                        RegionSpec.parse("0x3000+4K=c"),
                        RegionSpec.parse("0x1000+8K=a"),
                        RegionSpec.parse("0x2000+4K=b"))))
        .isInstanceOf(TraceException.class)
        .hasMessage("regions a and b overlap");
  }

  @Test
  void readsTheSidecar() throws TraceException {
    var regions =
        RegionFile.parse(
            """
            {"regions":[
              {"name":"ram","hva_base":"0x7f0000000000","size":8192,"gpa_base":0,
               "backing":"memfd","register_mode":"MISSING|MINOR"},
              {"name":"table","hva_base":4096,"size":"0x1000","registered":false}]}
            """
                .getBytes(StandardCharsets.UTF_8),
            "x.regions.json");
    assertThat(regions)
        .containsExactly(
            new RegionSpec(
                "ram",
                0x7f0000000000L,
                8192,
                0,
                Backing.MEMFD,
                Region.MISSING | Region.MINOR,
                true),
            new RegionSpec("table", 4096, 4096, Region.NO_GPA, Backing.UNKNOWN, 0, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nope",
        "{}",
        "{\"regions\":1}",
        "[{\"name\":\"a\"}]",
        "[{\"name\":\"a\",\"hva_base\":\"zz\",\"size\":1}]",
        "[{\"name\":\"a\",\"hva_base\":1,\"size\":4096}]"
      })
  void refusesADamagedSidecarNamingTheFile(String json) {
    assertThatThrownBy(
            () -> RegionFile.parse(json.getBytes(StandardCharsets.UTF_8), "x.regions.json"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("x.regions.json");
  }

  @Test
  void findsTheSidecarWithAndWithoutTheTracesExtensions() throws Exception {
    Path trace = directory.resolve("run.trace.txt");
    assertThat(RegionFile.beside(trace)).isNull();
    Path shortName = Files.createFile(directory.resolve("run.regions.json"));
    assertThat(RegionFile.beside(trace)).isEqualTo(shortName);
    Path longName = Files.createFile(directory.resolve("run.trace.txt.regions.json"));
    assertThat(RegionFile.beside(trace)).isEqualTo(longName);
  }
}
