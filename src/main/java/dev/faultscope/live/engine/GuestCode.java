package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Mapping;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a vCPU runs, in memory of its own: page tables that map every guest address to itself, and a
 * program that meets pages in the order of a list as a thread's sweep does.
 */
final class GuestCode {
  /** Where the page tables begin, from the memory's start. */
  static final long TABLES = 0;

  static final long CODE = 0x10_0000;

  /** Room for structures of KVM. */
  static final long ROOM = CODE + 0x1000;

  /** Pages met by each vCPU so far, 8 bytes each. */
  static final long PROGRESS = ROOM + 0x4000;

  /** Where the lists begin. */
  static final long LISTS = PROGRESS + 0x1000;

  /** The most vCPUs whose progress has room. */
  static final int MOST_VCPUS = 512;

  private static final long PRESENT_WRITABLE_USER = 7;
  private static final long BIG = 1 << 7;

  private static final String PROGRAM =
      """
      48 89 13        ; next: mov [rbx], rdx
      48 39 ca        ; cmp rdx, rcx
      73 24           ; jae done
      44 8b 0c 96     ; mov r9d, [rsi+rdx*4]
      41 0f ba f1 1f  ; btr r9d, 31
      45 19 d2        ; sbb r10d, r10d
      49 c1 e1 0c     ; shl r9, 12
      49 01 f9        ; add r9, rdi
      45 85 d2        ; test r10d, r10d
      74 04           ; jz look
      49 89 51 08     ; mov [r9+8], rdx
      49 03 01        ; look: add rax, [r9]
      48 ff c2        ; inc rdx
      eb d4           ; jmp next
      49 89 00        ; done: mov [r8], rax
      eb fb           ; jmp done
      """;

  private final Mapping memory;
  private final long base;
  private long nextTable;

  /**
   * Writes the program.
   *
   * @param base guest physical address of the memory
   */
  GuestCode(Mapping memory, long base) {
    this.memory = memory;
    this.base = base;
    nextTable = TABLES + PAGE_BYTES;
    StringBuilder hex = new StringBuilder();
    PROGRAM.lines().forEach(line -> hex.append(line, 0, line.indexOf(';')));
    memory.put(CODE, HexFormat.of().parseHex(hex.toString().replace(" ", "")));
  }

  /** Maps a stretch to itself with pages of 2 MiB. */
  void map(long start, long bytes) {
    for (long at = start & -HUGE_PAGE_BYTES; at < start + bytes; at += HUGE_PAGE_BYTES) {
      long pointers = table(TABLES + (at >>> 39 & 511) * 8);
      long directory = table(pointers + (at >>> 30 & 511) * 8);
      memory.putLong(directory + (at >>> 21 & 511) * 8, at | BIG | PRESENT_WRITABLE_USER);
    }
  }

  private long table(long entry) {
    long known = memory.getLong(entry);
    if (known != 0) {
      return (known & -PAGE_BYTES) - base;
    }
    long table = nextTable;
    nextTable += PAGE_BYTES;
    if (nextTable > CODE) {
      throw new IllegalStateException("guest memory is too large for its page tables");
    }
    memory.putLong(entry, base + table | PRESENT_WRITABLE_USER);
    return table;
  }

  /**
   * {@return registers with which a vCPU meets pages}
   *
   * @param first guest address of page 0
   * @param list offset of the list in the memory
   * @param end address without memory to which the sum of the pages' first words goes
   */
  Map<String, Long> registers(int vcpu, long first, long list, long count, long end) {
    return Map.of(
        "rip",
        base + CODE,
        "rbx",
        base + PROGRESS + 8L * vcpu,
        "rdi",
        first,
        "rsi",
        base + list,
        "rcx",
        count,
        "r8",
        end);
  }
}
