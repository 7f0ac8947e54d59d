package dev.faultscope.linux.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.UffdIoctl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Both directions: every number of the Java side is in the table, and every line of the table is
 * met.
 */
class AbiTableTest {
  private static final Class<?>[] ABI = {
    UffdAbi.class, FileAbi.class, SocketAbi.class, KvmAbi.class, ThreadAbi.class
  };

  private static final Map<String, Long> TABLE = new TreeMap<>();
  private static String headers = "";

  @BeforeAll
  static void readTheTable() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(AbiTableTest.class.getResourceAsStream("/abi/abi.tsv")),
                StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        String[] cells = line.split("\t", -1);
        if (cells[0].equals("# headers")) {
          headers = cells[1];
        } else {
          TABLE.put(cells[0] + " " + cells[1], Long.parseLong(cells[2]));
        }
      }
    }
  }

  @Test
  void theTableNamesItsHeaders() {
    assertThat(headers).matches("[0-9]+\\.[0-9]+\\.[0-9]+");
    assertThat(TABLE).hasSizeGreaterThan(300);
  }

  @Test
  void constantsAreTheKernels() throws IllegalAccessException {
    Map<String, Long> ours = new TreeMap<>();
    for (Class<?> abi : ABI) {
      for (Field field : abi.getFields()) {
        if (field.getType() == int.class || field.getType() == long.class) {
          ours.put("constant " + field.getName(), ((Number) field.get(null)).longValue());
        }
      }
    }
    assertThat(ours).isEqualTo(table("constant "));
  }

  @Test
  void structuresHaveTheKernelsSizes() throws IllegalAccessException {
    Map<String, Long> ours = new TreeMap<>();
    for (Class<?> abi : ABI) {
      for (Field field : abi.getFields()) {
        if (field.getType() == StructLayout.class && !isPartOfAStructure(field)) {
          StructLayout layout = (StructLayout) field.get(null);
          ours.put("sizeof " + layout.name().orElseThrow(), layout.byteSize());
        }
      }
    }
    Map<String, Long> table = table("sizeof ");
    // Only the beginning of kvm_run is laid out.
    table.remove("sizeof kvm_run");
    assertThat(ours).isEqualTo(table);
  }

  private static boolean isPartOfAStructure(Field field) {
    return field.getName().startsWith("kvm_run");
  }

  @Test
  void fieldsAreWhereTheKernelHasThem() throws IllegalAccessException {
    Map<String, Long> ours = new TreeMap<>();
    for (Class<?> abi : ABI) {
      for (Field field : abi.getFields()) {
        if (field.getType() == StructLayout.class) {
          StructLayout layout = (StructLayout) field.get(null);
          for (MemoryLayout member : layout.memberLayouts()) {
            member
                .name()
                .ifPresent(
                    name ->
                        ours.put(
                            "offset " + layout.name().orElseThrow() + "." + name,
                            layout.byteOffset(PathElement.groupElement(name))));
          }
        }
      }
    }
    assertThat(ours).isEqualTo(table("offset "));
  }

  @Test
  void systemCallsHaveTheKernelsNumbers() {
    Map<String, Long> ours = new TreeMap<>();
    for (SyscallNumber call : SyscallNumber.values()) {
      String name = call.name().toLowerCase(Locale.ROOT);
      ours.put("syscall x86_64." + name, (long) call.onX86());
      ours.put("syscall aarch64." + name, (long) call.onArm());
    }
    assertThat(ours).isEqualTo(table("syscall "));
  }

  @Test
  void ioctlsOfTheVocabularyAreTheKernels() {
    Map<String, Long> ours = new TreeMap<>();
    for (UffdIoctl ioctl : UffdIoctl.values()) {
      if (ioctl != UffdIoctl.UNKNOWN) {
        ours.put("constant UFFDIO_" + ioctl, ioctl.command());
        assertThat(ioctl.command() & 0xff).as(ioctl.name()).isEqualTo(ioctl.code());
      }
      for (UffdIoctl.Mode mode : ioctl.modes()) {
        ours.put("constant UFFDIO_" + ioctl + "_MODE_" + mode.name(), mode.bit());
      }
    }
    assertThat(ours).isEqualTo(table("constant UFFDIO_"));
  }

  private static Map<String, Long> table(String prefix) {
    return TABLE.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }
}
