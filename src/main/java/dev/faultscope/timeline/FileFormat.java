package dev.faultscope.timeline;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Numbers and layouts of the {@code .fscope} file (docs/trace-format.md). */
final class FileFormat {
  /** Bytes 89 F S C O P E 0A: neither text nor broken by a text-mode copy. */
  static final long MAGIC = 0x0a_45_50_4f_43_53_46_89L;

  static final int VERSION = 2;

  /** The oldest version that is read. */
  static final int OLDEST_VERSION = 1;

  static final int FILE_HEADER_BYTES = 16;

  /** The letters C H N K. */
  static final int CHUNK_MAGIC = 0x4b_4e_48_43;

  static final int CHUNK_HEADER_BYTES = 40;
  static final int META = 1;
  static final int EVENTS = 2;
  static final int SUMMARY = 3;
  static final int CHECKPOINT = 4;
  static final int END = 5;
  static final int MORE = 6;

  static final int CHUNK_EVENTS = 32_768;

  /** Most EVENTS or CHECKPOINT chunks one file may have; 32 bytes of index each stay in memory. */
  static final int MAX_CHUNKS = 1 << 20;

  /** Most pages that the regions of one timeline may have together: 8 TiB of guest memory. */
  static final long MAX_PAGES = Integer.MAX_VALUE;

  static final int MAX_TEXT_CHARS = 4096;
  static final int MAX_NOTES = 10_000;

  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfChar CHAR =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FileFormat() {}

  /** {@return the first multiple of 8 at or after an offset: chunks start there} */
  static long aligned(long offset) {
    return (offset + 7) & ~7L;
  }
}
