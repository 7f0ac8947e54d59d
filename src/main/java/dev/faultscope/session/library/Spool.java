package dev.faultscope.session.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Takes an upload in, byte by byte bounded, and names it by its content. */
final class Spool {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Left free on the disk whatever is uploaded. */
  private static final long RESERVE_BYTES = 64L << 20;

  private final RecordingStore store;
  private final long limit;

  /** A file that was taken in. */
  record Spooled(Path file, long bytes, RecordingId id) {}

  Spool(RecordingStore store, long limit) {
    this.store = store;
    this.limit = limit;
  }

  /**
   * Checks a size before a byte is read.
   *
   * @param bytes the size somebody claims, -1 for unknown
   */
  void admit(long bytes) throws UploadRefusedException, IOException {
    if (bytes > limit) {
      throw UploadRefusedException.tooLarge(limit);
    }
    Path probe = store.newSpoolFile();
    try {
      long free = Files.getFileStore(probe).getUsableSpace();
      if (free - RESERVE_BYTES < Math.max(0, bytes)) {
        throw UploadRefusedException.diskFull(free);
      }
    } finally {
      Files.delete(probe);
    }
  }

  /**
   * Reads an upload to its end. A file that could not be read to its end is deleted.
   *
   * @throws UploadRefusedException if it is larger than the limit, or empty
   * @throws IOException if it breaks off, or the disk is full
   */
  Spooled take(InputStream in) throws UploadRefusedException, IOException {
    Path file = store.newSpoolFile();
    boolean whole = false;
    try (OutputStream out = Files.newOutputStream(file)) {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[BUFFER_BYTES];
      long bytes = 0;
      int n;
      while ((n = in.read(buffer)) >= 0) {
        bytes += n;
        if (bytes > limit) {
          throw UploadRefusedException.tooLarge(limit);
        }
        digest.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
      if (bytes == 0) {
        throw UploadRefusedException.unreadable("The file is empty; choose a recorded trace.");
      }
      whole = true;
      String name = HexFormat.of().formatHex(digest.digest(), 0, 8);
      return new Spooled(file, bytes, new RecordingId(name));
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
