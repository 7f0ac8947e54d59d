package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.UffdAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A buffer of messages, filled by {@link Userfaultfd#read}. For one thread at a time. */
public final class UffdMessages {
  private static final long SIZE = UffdAbi.uffd_msg.byteSize();

  private final MemorySegment buffer;
  private int count;

  /** Makes room for this many messages. */
  public UffdMessages(int capacity) {
    buffer = Arena.ofAuto().allocate(UffdAbi.uffd_msg, capacity);
  }

  MemorySegment buffer() {
    return buffer;
  }

  void filled(long bytes) {
    count = (int) (bytes / SIZE);
  }

  /** {@return how many messages the last read brought} */
  public int count() {
    return count;
  }

  /** {@return how many messages there is room for} */
  public int capacity() {
    return (int) (buffer.byteSize() / SIZE);
  }

  /** {@return a message of the last read} */
  public UffdMessage get(int index) {
    Objects.checkIndex(index, count);
    long at = index * SIZE;
    int event = Byte.toUnsignedInt(buffer.get(JAVA_BYTE, at));
    return switch (event) {
      case UffdAbi.UFFD_EVENT_PAGEFAULT ->
          new UffdMessage.Pagefault(
              buffer.get(JAVA_LONG, at + 16),
              buffer.get(JAVA_LONG, at + 8),
              buffer.get(JAVA_INT, at + 24));
      case UffdAbi.UFFD_EVENT_FORK -> new UffdMessage.Fork(Fd.adopt(buffer.get(JAVA_INT, at + 8)));
      case UffdAbi.UFFD_EVENT_REMAP ->
          new UffdMessage.Remap(
              buffer.get(JAVA_LONG, at + 8),
              buffer.get(JAVA_LONG, at + 16),
              buffer.get(JAVA_LONG, at + 24));
      case UffdAbi.UFFD_EVENT_REMOVE ->
          new UffdMessage.Remove(buffer.get(JAVA_LONG, at + 8), buffer.get(JAVA_LONG, at + 16));
      case UffdAbi.UFFD_EVENT_UNMAP ->
          new UffdMessage.Unmap(buffer.get(JAVA_LONG, at + 8), buffer.get(JAVA_LONG, at + 16));
      default -> new UffdMessage.Unknown(event);
    };
  }
}
