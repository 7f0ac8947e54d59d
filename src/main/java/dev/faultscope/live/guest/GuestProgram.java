package dev.faultscope.live.guest;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Mapping;
import dev.faultscope.live.guest.GuestOptions.Pattern;
import java.util.Map;

/**
 * The machine code a vCPU runs and the page tables it runs on, in a memory slot of their own at
 * guest address 0.
 *
 * <p>The program meets every page of its share once, in the order of a linear congruential
 * generator, writes its number there if asked to, adds up the first word of each, and ends by
 * storing the sum to an address that no slot has.
 */
final class GuestProgram {
  /** Where guest memory begins, in the guest's physical and virtual addresses. */
  static final long RAM = 0x1_0000_0000L;

  /** Where a store ends the program: an address without memory. */
  static final long DONE = 0xc000_0000L;

  /** Room for the program and its page tables. */
  static final long BYTES = 1 << 20;

  private static final long TOP_TABLE = PAGE_BYTES;
  private static final long CODE = 0x8_0000;
  private static final long PRESENT_WRITABLE_USER = 7;
  private static final long BIG = 1 << 7;

  private static final int[] CODE_BYTES = {
    0x4c,
    0x39,
    0xd0, // loop: cmp rax, r10
    0x73,
    0x17, // jae next
    0x49,
    0x89,
    0xc4, // mov r12, rax
    0x49,
    0xc1,
    0xe4,
    0x0c, // shl r12, 12
    0x49,
    0x01,
    0xfc, // add r12, rdi
    0x4d,
    0x85,
    0xdb, // test r11, r11
    0x74,
    0x04, // jz read
    0x49,
    0x89,
    0x04,
    0x24, // mov [r12], rax
    0x49,
    0x03,
    0x1c,
    0x24, // read: add rbx, [r12]
    0x48,
    0x0f,
    0xaf,
    0xc6, // next: imul rax, rsi
    0x4c,
    0x01,
    0xc8, // add rax, r9
    0x48,
    0x21,
    0xd0, // and rax, rdx
    0x48,
    0xff,
    0xc9, // dec rcx
    0x75,
    0xd5, // jnz loop
    0x49,
    0x89,
    0x18, // mov [r8], rbx
    0xeb,
    0xfe // jmp .
  };

  private GuestProgram() {}

  /** Writes page tables for all of guest memory, the code and the end's address. */
  static void write(Mapping slot, long ramBytes) {
    byte[] code = new byte[CODE_BYTES.length];
    for (int i = 0; i < code.length; i++) {
      code[i] = (byte) CODE_BYTES[i];
    }
    slot.put(CODE, code);
    long[] free = {TOP_TABLE + PAGE_BYTES};
    map(slot, 0, HUGE_PAGE_BYTES, free);
    map(slot, DONE, HUGE_PAGE_BYTES, free);
    map(slot, RAM, ramBytes, free);
  }

  /** Maps a stretch to itself with pages of 2 MiB. */
  private static void map(Mapping slot, long start, long bytes, long[] free) {
    for (long at = start; at < start + bytes; at += HUGE_PAGE_BYTES) {
      long pointers = table(slot, TOP_TABLE + (at >>> 39 & 511) * 8, free);
      long directory = table(slot, pointers + (at >>> 30 & 511) * 8, free);
      slot.putLong(directory + (at >>> 21 & 511) * 8, at | BIG | PRESENT_WRITABLE_USER);
    }
  }

  private static long table(Mapping slot, long entry, long[] free) {
    long known = slot.getLong(entry);
    if (known != 0) {
      return known & -PAGE_BYTES;
    }
    long table = free[0];
    free[0] += PAGE_BYTES;
    if (free[0] > CODE) {
      throw new IllegalArgumentException("guest memory is too large for its page tables");
    }
    slot.putLong(entry, table | PRESENT_WRITABLE_USER);
    return table;
  }

  static long pageTable() {
    return TOP_TABLE;
  }

  /** {@return registers to start with} */
  static Map<String, Long> registers(long firstByte, long pages, Pattern pattern, boolean write) {
    long numbers = Math.max(1, Long.highestOneBit(pages - 1) << 1);
    return Map.ofEntries(
        Map.entry("rip", CODE),
        Map.entry("rax", 0L),
        Map.entry("rbx", 0L),
        Map.entry("rcx", numbers),
        Map.entry("rdx", numbers - 1),
        Map.entry("rsi", pattern.factor()),
        Map.entry("rdi", RAM + firstByte),
        Map.entry("r8", DONE),
        Map.entry("r9", pattern.increment()),
        Map.entry("r10", pages),
        Map.entry("r11", write ? 1L : 0L));
  }

  /**
   * {@return the pages of a share in the order that the program meets them, without the machine}
   */
  static long[] order(long pages, Pattern pattern) {
    long numbers = Math.max(1, Long.highestOneBit(pages - 1) << 1);
    long[] order = new long[Math.toIntExact(pages)];
    int met = 0;
    long x = 0;
    for (long i = 0; i < numbers; i++) {
      if (Long.compareUnsigned(x, pages) < 0) {
        order[met++] = x;
      }
      x = x * pattern.factor() + pattern.increment() & numbers - 1;
    }
    return order;
  }
}
