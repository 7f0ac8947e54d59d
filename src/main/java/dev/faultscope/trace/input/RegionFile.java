package dev.faultscope.trace.input;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the sidecar {@code <trace>.regions.json} (docs/importing.md). */
public final class RegionFile {
  /** What the sidecar's name adds to the trace's. */
  public static final String SUFFIX = ".regions.json";

  private static final long MAX_BYTES = 4 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private RegionFile() {}

  /** {@return the sidecar of a trace, or null where there is none} */
  public static @Nullable Path beside(Path trace) {
    Path fileName = trace.getFileName();
    if (fileName == null) {
      return null;
    }
    String name = fileName.toString();
    while (true) {
      Path candidate = trace.resolveSibling(name + SUFFIX);
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
      int dot = name.lastIndexOf('.');
      if (dot <= 0) {
        return null;
      }
      name = name.substring(0, dot);
    }
  }

  /**
   * {@return the regions a file lists}
   *
   * @throws TraceException saying which entry is wrong
   */
  public static List<RegionSpec> read(Path file) throws TraceException {
    String name = String.valueOf(file.getFileName());
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new TraceException(name + " is larger than 4 MiB, too large for a list of regions");
      }
      return parse(Files.readAllBytes(file), name);
    } catch (IOException e) {
      throw new TraceException("cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  static List<RegionSpec> parse(byte[] json, String name) throws TraceException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new TraceException(name + " is not JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode list = root.isArray() ? root : root.path("regions");
    if (!list.isArray() || list.size() > Region.MAX_REGIONS) {
      throw new TraceException(
          name + " has no array 'regions' of at most " + Region.MAX_REGIONS + " entries");
    }
    List<RegionSpec> regions = new ArrayList<>();
    for (JsonNode node : list) {
      try {
        regions.add(region(node));
      } catch (IllegalArgumentException e) {
        throw new TraceException(
            name + ", region " + (regions.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return regions;
  }

  private static RegionSpec region(JsonNode node) {
    String name = node.path("name").asString("");
    Long base = number(node, "hva_base");
    Long size = number(node, "size");
    if (base == null || size == null) {
      throw new IllegalArgumentException("needs hva_base and size");
    }
    Long gpa = number(node, "gpa_base");
    String mode = node.path("register_mode").asString("").toUpperCase(Locale.ROOT);
    int modes =
        (mode.contains("MISSING") ? Region.MISSING : 0)
            | (mode.contains("WP") ? Region.WP : 0)
            | (mode.contains("MINOR") ? Region.MINOR : 0);
    boolean registered = node.path("registered").asBoolean(!mode.equals("NONE"));
    return new RegionSpec(
        name,
        base,
        size,
        gpa == null ? Region.NO_GPA : gpa,
        backing(node.path("backing").asString("")),
        modes,
        registered);
  }

  private static @Nullable Long number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (value.isIntegralNumber()) {
      return value.asLong();
    }
    String text = value.asString("");
    try {
      return text.toLowerCase(Locale.ROOT).startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(field + " '" + text + "' is not a number", e);
    }
  }

  private static Backing backing(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "anon", "anonymous" -> Backing.ANON;
      case "memfd", "shmem", "anon-shared" -> Backing.MEMFD;
      case "memfd-private", "shmem-private" -> Backing.MEMFD_PRIVATE;
      case "hugetlb" -> Backing.HUGETLB;
      case "guest_memfd" -> Backing.GUEST_MEMFD;
      case "file" -> Backing.FILE;
      default -> Backing.UNKNOWN;
    };
  }
}
