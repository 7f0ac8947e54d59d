package dev.faultscope.simulation.kernel;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;

/** What a run added up to. */
public final class Counters {
  private long missing;
  private long minor;
  private long writeProtect;
  private long messagesRead;
  private final long[][] ioctls = new long[UffdIoctl.values().length][Errno.values().length];

  void fault(int messageFlags) {
    if ((messageFlags & UffdMessage.FLAG_WP) != 0) {
      writeProtect++;
    } else if ((messageFlags & UffdMessage.FLAG_MINOR) != 0) {
      minor++;
    } else {
      missing++;
    }
  }

  void read() {
    messagesRead++;
  }

  void ioctl(UffdIoctl kind, Errno errno) {
    ioctls[kind.ordinal()][errno.ordinal()]++;
  }

  public long missing() {
    return missing;
  }

  public long minor() {
    return minor;
  }

  public long writeProtect() {
    return writeProtect;
  }

  /** {@return fault messages queued} */
  public long faults() {
    return missing + minor + writeProtect;
  }

  /** {@return messages that a handler read, events included} */
  public long messagesRead() {
    return messagesRead;
  }

  public long ioctls(UffdIoctl kind, Errno errno) {
    return ioctls[kind.ordinal()][errno.ordinal()];
  }
}
