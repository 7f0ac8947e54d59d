package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The frames of {@code src/test/resources/wire}: {@code <name>.bin} is the frame, {@code
 * <name>.json} says what a reader must find in it. The front end's tests read the same files.
 *
 * <p>Run with {@code -Dwire.golden=write} to write them anew after a deliberate change of protocol.
 */
class GoldenFramesTest {
  private static final Path WIRE = Path.of("src/test/resources/wire");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int EPOCH = 0xfeedbeef;

  /** A frame and what it says; runs are {@code [first page, length, state]}. */
  private record Golden(String name, byte[] frame, Map<String, Object> says) {}

  @TestFactory
  Stream<DynamicTest> framesAreByteForByteTheGoldenOnes() {
    return frames().stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
  }

  private static void check(Golden golden) throws IOException {
    Path bin = WIRE.resolve(golden.name() + ".bin");
    Path json = WIRE.resolve(golden.name() + ".json");
    String description =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(golden.says()) + "\n";
    if ("write".equals(System.getProperty("wire.golden"))) {
      Files.createDirectories(WIRE);
      Files.write(bin, golden.frame());
      Files.writeString(json, description);
    }
    assertThat(golden.frame()).isEqualTo(Files.readAllBytes(bin));
    assertThat(JSON.readTree(description)).isEqualTo(JSON.readTree(Files.readString(json)));
  }

  private static List<Golden> frames() {
    List<Golden> all = new ArrayList<>();
    all.add(emptySnapshot());
    all.add(runLengthSnapshot());
    all.add(rawSnapshot());
    all.add(delta());
    all.add(events());
    all.add(cells());
    all.add(tiles());
    return all;
  }

  private static Golden emptySnapshot() {
    return new Golden(
        "snap-empty", SnapFrame.empty(EPOCH, 0), snap(0, 0, "RLE", true, 0, 0, List.of()));
  }

  private static Golden runLengthSnapshot() {
    PaintedStates states =
        new PaintedStates()
            .region(3, 100_000)
            .paint(3, 4096, 300, 0x0103)
            .paint(3, 4396, 1, 0x8001)
            .paint(3, 90_000, 10_000, 0x0001);
    SnapFrame frame = SnapFrame.encode(EPOCH, 41, 3, 4096, 100_000, true, states);
    List<List<Integer>> runs =
        List.of(
            List.of(4096, 300, 0x0103),
            List.of(4396, 1, 0x8001),
            List.of(4397, 85_603, 0),
            List.of(90_000, 10_000, 1));
    return new Golden(
        "snap-rle", frame.bytes(), snap(41, 3, "RLE", true, 4096, 100_000 - 4096, runs));
  }

  private static Golden rawSnapshot() {
    PaintedStates states = new PaintedStates().region(0, 64);
    List<List<Integer>> runs = new ArrayList<>();
    for (int page = 0; page < 64; page++) {
      states.paint(0, page, 1, page * 1021 % 65_536);
      runs.add(List.of(page, 1, page * 1021 % 65_536));
    }
    SnapFrame frame = SnapFrame.encode(EPOCH, 1L << 40, 0, 0, 64, false, states);
    return new Golden("snap-raw", frame.bytes(), snap(1L << 40, 0, "RAW", false, 0, 64, runs));
  }

  private static Golden delta() {
    PaintedStates states =
        new PaintedStates()
            .region(0, 10)
            .region(2, 1 << 24)
            .paint(0, 9, 1, 0x0100)
            .paint(2, 130, 2, 0xffff)
            .paint(2, 132, 5, 0x0003)
            .paint(2, (1 << 24) - 1, 1, 0x0010);
    DirtyPages dirty = new DirtyPages();
    dirty.mark(2, (1 << 24) - 1, 1);
    dirty.mark(2, 130, 8);
    dirty.mark(0, 9, 1);
    byte[] frame = DeltaFrame.encode(EPOCH, 100, 4096, dirty, states);
    Map<String, Object> says = new LinkedHashMap<>();
    says.put("type", "DELTA");
    says.put("epoch", Integer.toUnsignedLong(EPOCH));
    says.put("seqFrom", 100);
    says.put("seqTo", 4096);
    says.put(
        "groups",
        List.of(
            group(0, List.of(List.of(9, 1, 0x0100))),
            group(
                2,
                List.of(
                    List.of(130, 2, 0xffff),
                    List.of(132, 5, 3),
                    List.of(137, 1, 0),
                    List.of((1 << 24) - 1, 1, 16)))));
    return new Golden("delta", frame, says);
  }

  private static Golden cells() {
    PaintedStates states =
        new PaintedStates()
            .region(1, 4096 * 80 + 520)
            .paint(1, 4096 * 70, 4096 * 2, 0x0001)
            .paint(1, 4096 * 71 + 512 + 9, 1, 0x0010)
            .paint(1, 4096 * 71 + 2 * 512 + 12, 1, 0x8003)
            .paint(1, 4096 * 80 + 512, 8, 0x0003);
    DirtyCells dirty = new DirtyCells();
    dirty.mark(1, 4096 * 70, 4096 * 2);
    dirty.mark(1, 4096 * 80 + 8, 512);
    byte[] frame = CellsFrame.encode(EPOCH, 41, 41, true, dirty, states, _ -> 4096 * 80 + 520);
    List<Object> cells =
        List.of(
            List.of(64 * 70, 65, List.of(List.of(1, 0))),
            List.of(64 * 71 + 1, 1, List.of(List.of(1, 62), List.of(16, 1), List.of(0x8003, 1))),
            List.of(64 * 71 + 2, 62, List.of(List.of(1, 0))),
            List.of(64 * 80, 1, List.of(List.of(0, 8), List.of(3, 8))),
            List.of(64 * 80 + 1, 63, List.of(List.of(0, 0))));
    Map<String, Object> says = head("CELLS");
    says.put("reset", true);
    says.put("groups", List.of(Map.of("region", 1, "cells", cells)));
    return new Golden("cells", frame, says);
  }

  private static Golden tiles() {
    byte[] frame = TilesFrame.encode(EPOCH, 41, List.of(new Tile(0, 7), new Tile(4095, 8191)));
    Map<String, Object> says = head("TILES");
    says.put(
        "tiles", List.of(Map.of("region", 0, "tile", 7), Map.of("region", 4095, "tile", 8191)));
    return new Golden("tiles", frame, says);
  }

  private static Map<String, Object> head(String type) {
    Map<String, Object> says = new LinkedHashMap<>();
    says.put("type", type);
    says.put("epoch", Integer.toUnsignedLong(EPOCH));
    says.put("seqFrom", 41);
    says.put("seqTo", 41);
    return says;
  }

  private static Golden events() {
    ByteBuffer records = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    records.putLong(1_284_000_123L).putInt(0x1a3).putInt(1);
    records.putInt(0).putShort((short) 1).putShort((short) 0x901);
    records.putInt(2 | 7 << 13 | 1 << 28);
    records.put((byte) 3).put((byte) 0).put((byte) 0x0b).put((byte) 0);
    records.putLong(1_284_900_000L).putInt(0).putInt(1 << 31);
    records.putInt(2).putShort((short) 0).putShort((short) 0);
    records.putInt(0xfff_ffff);
    records.put((byte) 6).put((byte) 7).put((byte) 0x80).put((byte) 17);
    Map<String, Object> says = new LinkedHashMap<>();
    says.put("type", "EVENTS");
    says.put("epoch", Integer.toUnsignedLong(EPOCH));
    says.put("seqFrom", 41);
    says.put("seqTo", 42);
    says.put(
        "events",
        List.of(
            event(41, 1_284_000_123L, 3, 0, 0x10b, 2, 0x1a3, 1, 7, 1, 0x901, 0, 0),
            event(42, 1_284_900_000L, 6, 7, 0x1080, 0xffff, 0, 0, 0xffff, 0, 0, 17, 40)));
    return new Golden("events", EventsFrame.of(EPOCH, 41, records.array()), says);
  }

  private static Map<String, Object> event(long seq, long timeNs, int... fields) {
    String[] names = {
      "kind", "detail", "flags", "region", "page", "pages", "actor", "before", "after", "errno",
      "cause"
    };
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("seq", seq);
    event.put("timeNs", timeNs);
    for (int i = 0; i < names.length; i++) {
      event.put(names[i], fields[i]);
    }
    return event;
  }

  private static Map<String, Object> group(int region, List<List<Integer>> runs) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("region", region);
    group.put("runs", runs);
    return group;
  }

  private static Map<String, Object> snap(
      long seq,
      int region,
      String encoding,
      boolean reset,
      int first,
      int count,
      List<List<Integer>> runs) {
    Map<String, Object> says = new LinkedHashMap<>();
    says.put("type", "SNAP");
    says.put("epoch", Integer.toUnsignedLong(EPOCH));
    says.put("seqFrom", seq);
    says.put("seqTo", seq);
    says.put("region", region);
    says.put("encoding", encoding);
    says.put("reset", reset);
    says.put("first", first);
    says.put("count", count);
    says.put("runs", runs);
    return says;
  }
}
