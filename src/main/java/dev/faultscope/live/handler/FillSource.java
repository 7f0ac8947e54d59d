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

  private Mapping zeros() {
    Mapping known = zeros;
    if (known == null) {
      try {
        known = Mapping.anonymous(Math.max(ZEROS, largestPage));
      } catch (LinuxException failure) {
        throw new IllegalStateException("no memory for a page of zeros", failure);
      }
      zeros = known;
    }
    return known;
  }

  @Override
  public void close() {
    Mapping known = zeros;
    if (known != null) {
      known.close();
    }
  }
}
