package dev.faultscope.trace.input;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file to import, read plainly or through gzip, with its bytes counted for progress.
 *
 * @param path the file
 * @param bytes its size on disk
 * @param compressed whether it is gzip
 */
public record TraceFile(Path path, long bytes, boolean compressed) {
  /** Bytes of text a gzip file may expand to before it is refused. */
  public static final long MAX_EXPANDED = 64L << 30;

  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * {@return the file at a path}
   *
   * @throws TraceException if it cannot be read
   */
  public static TraceFile of(Path path) throws TraceException {
    if (Files.isDirectory(path)) {
      throw new TraceException(path.getFileName() + " is a directory, not a recording");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] magic = in.readNBytes(2);
      boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
      return new TraceFile(path, Files.size(path), gzip);
    } catch (IOException e) {
      throw new TraceException("cannot read " + path.getFileName() + ": " + reason(e), e);
    }
  }

  /** {@return a stream over the text; work is counted in bytes of the file on disk} */
  public InputStream open(ProgressMeter meter) throws IOException {
    InputStream counted = new CountedInput(Files.newInputStream(path), meter);
    return compressed
        ? new BoundedInput(
            new GZIPInputStream(new BufferedInputStream(counted, BUFFER_BYTES), BUFFER_BYTES))
        : counted;
  }

  /** {@return the first bytes of the text, at most {@code count}} */
  public byte[] head(int count) throws IOException {
    try (InputStream in = open(new ProgressMeter(ImportProgress.NONE, bytes))) {
      return in.readNBytes(count);
    }
  }

  /** {@return why a file cannot be read, in words} */
  public static String reason(IOException e) {
    String message = e.getMessage();
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  /** Counts what is read. */
  private static final class CountedInput extends FilterInputStream {
    private final ProgressMeter meter;

    CountedInput(InputStream in, ProgressMeter meter) {
      super(in);
      this.meter = meter;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        meter.add(1);
      }
      return value;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      int read = super.read(into, from, Math.min(count, 1 << 20));
      if (read > 0) {
        meter.add(read);
      }
      return read;
    }
  }

  /** Refuses to expand without end. */
  private static final class BoundedInput extends FilterInputStream {
    private long left = MAX_EXPANDED;

    BoundedInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      int read = super.read(into, from, count);
      left -= Math.max(read, 0);
      if (left < 0) {
        throw new IOException(
            "the gzip file expands to more than " + (MAX_EXPANDED >> 30) + " GiB");
      }
      return read;
    }
  }
}
