package dev.faultscope.live.handler;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.model.Region;
import org.jspecify.annotations.Nullable;

/** Where the bytes of filled pages come from: the memory file, or zeros. */
final class FillSource implements AutoCloseable {
  private static final long ZEROS = 2 << 20;

  private final @Nullable GuestMemoryFile memory;
  private final long largestPage;
  private @Nullable Mapping zeros;
  private @Nullable Mapping bytes;

  FillSource(@Nullable GuestMemoryFile memory, long largestPage) {
    this.memory = memory;
    this.largestPage = largestPage;
  }

  boolean isFile() {
    return memory != null;
  }

  /**
   * {@return the address of bytes for pages counted in 4 KiB}
   *
   * @throws IllegalArgumentException if there are not that many zeros
   */
  long of(RegionPages pages, int page, long length) {
    GuestMemoryFile file = memory;
    if (file != null) {
      return file.address(pages.region().offset() + (long) page * Region.PAGE_BYTES);
    }
    if (length > zeros().length()) {
      throw new IllegalArgumentException("at most " + zeros().length() + " bytes of zeros at once");
    }
    return zeros().address();
  }

  long zeroPage() {
    return zeros().address();
  }

  /**
   * {@return the address of so many bytes of one value, until it is asked for others}
   *
   * @throws IllegalArgumentException if there are not that many
   */
  long ofByte(int value, long length) {
    Mapping known = bytes;
    if (known == null) {
      known = anonymous();
      bytes = known;
    }
    if (length > known.length()) {
      throw new IllegalArgumentException("at most " + known.length() + " bytes at once");
    }
    known.fill(0, length, (byte) value);
    return known.address();
  }

  private Mapping zeros() {
    Mapping known = zeros;
    if (known == null) {
      known = anonymous();
      zeros = known;
    }
    return known;
  }

  private Mapping anonymous() {
    try {
      return Mapping.anonymous(Math.max(ZEROS, largestPage));
    } catch (LinuxException failure) {
      throw new IllegalStateException("no memory for the bytes of a page", failure);
    }
  }

  @Override
  public void close() {
    for (Mapping each : new Mapping[] {zeros, bytes}) {
      if (each != null) {
        each.close();
      }
    }
  }
}
