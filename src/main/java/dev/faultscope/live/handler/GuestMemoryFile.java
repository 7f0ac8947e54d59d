package dev.faultscope.live.handler;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.Mapping;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.HandshakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The flat file of a guest's memory, mapped privately for reading. */
public final class GuestMemoryFile implements AutoCloseable {
  private final Fd fd;
  private final Mapping mapping;

  private GuestMemoryFile(Fd fd, Mapping mapping) {
    this.fd = fd;
    this.mapping = mapping;
  }

  /** Maps a file. */
  public static GuestMemoryFile open(Path path) throws IOException {
    long length = Files.size(path);
    if (length == 0) {
      throw new IOException(path + " is empty");
    }
    Fd fd = Fd.openRead(path);
    try {
      return new GuestMemoryFile(fd, Mapping.readOnly(fd, 0, length));
    } catch (IOException failure) {
      fd.close();
      throw failure;
    }
  }

  /** {@return its size in bytes} */
  public long length() {
    return mapping.length();
  }

  /** {@return the address of a byte: what UFFDIO_COPY copies from} */
  public long address(long offset) {
    return mapping.address() + offset;
  }

  /**
   * Checks that every region has its bytes in the file.
   *
   * @throws HandshakeException naming the first that has not
   */
  public void checkHolds(List<GuestRegion> regions) throws HandshakeException {
    for (GuestRegion region : regions) {
      if (region.offset() > length() - region.size()) {
        throw new HandshakeException(
            "region %d needs bytes %d to %d of the memory file, which has %d"
                .formatted(
                    regions.indexOf(region),
                    region.offset(),
                    region.offset() + region.size(),
                    length()));
      }
    }
  }

  @Override
  public void close() {
    mapping.close();
    fd.close();
  }
}
