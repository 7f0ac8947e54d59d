package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteCalls;
import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Observation;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a script does to memory and files on the handler's side. */
final class LiveFiles {
  private static final int BYTE_VALUES = 256;
  private static final int PUNCH_HOLE = 2;

  /** What the simulated machine has room for; a real one would go on until it kills somebody. */
  private static final long MOST_ALLOCATED = 64L << 30;

  private final ScriptProcess machine;
  private final LiveMemory memory;
  private final RemoteCalls calls;
  private @Nullable RemoteThread vmm;
  private final Map<Integer, Integer> everyByte = new HashMap<>();

  LiveFiles(ScriptProcess machine, LiveMemory memory) throws IOException {
    this.machine = machine;
    this.memory = memory;
    calls = new RemoteCalls(machine.handler());
  }

  /** A file of a thread's process that holds every byte at its own offset. */
  int everyByte(RemoteThread thread) throws LinuxException {
    Integer known = everyByte.get(thread.pid());
    if (known != null) {
      return known;
    }
    RemoteCalls its = new RemoteCalls(thread);
    int fd = its.memfd("every-byte", BYTE_VALUES, false);
    byte[] bytes = new byte[BYTE_VALUES];
    for (int i = 0; i < BYTE_VALUES; i++) {
      bytes[i] = (byte) i;
    }
    its.writeAt(fd, bytes, 0);
    everyByte.put(thread.pid(), fd);
    return fd;
  }

  /** Page by page, as the VMM's own thread; a page that would put it to sleep ends it. */
  Observation store(Action.Store action) throws IOException {
    RemoteThread thread = vmm;
    if (thread == null) {
      thread = machine.takeThread();
      vmm = thread;
    }
    long start = memory.address(action.range().start());
    for (long done = 0; done < action.range().bytes(); done += PAGE_BYTES) {
      long page = done / PAGE_BYTES;
      int value = action.pattern() ? (int) (page % MemorySpec.PATTERN_MODULUS) : action.value();
      thread.beginFill(start + done, value, PAGE_BYTES);
      if (thread.awaitRest() != RemoteThread.Rest.IDLE) {
        thread.abandon();
        return Observation.errno(Errno.EAGAIN);
      }
      if (thread.fatalSignal() != 0) {
        return Observation.errno(Errno.EFAULT);
      }
    }
    return Observation.errno(Errno.OK);
  }

  Observation write(Action.WriteFile action) throws IOException {
    String mapping = action.at().memory();
    if (mapping == null) {
      throw new IllegalStateException("a file is named by its mapping");
    }
    long offset = action.at().offset();
    long bytes = Math.min(action.bytes(), PAGE_BYTES - offset % PAGE_BYTES);
    long from = memory.copySource(action.value(), bytes);
    return errno(calls.writeAt(memory.file(mapping), from, bytes, offset));
  }

  Observation fallocate(Action.Fallocate action) throws LinuxException {
    boolean refused = action.offset() < 0 || action.offset() > Long.MAX_VALUE - action.bytes();
    boolean allocates = !refused && (action.mode() & PUNCH_HOLE) == 0;
    if (allocates && action.bytes() > MOST_ALLOCATED) {
      throw new IllegalStateException(
          "fallocate would fill this machine's memory: ask for at most " + MOST_ALLOCATED);
    }
    return errno(
        calls.fallocate(
            memory.file(action.memory()), action.mode(), action.offset(), action.bytes()));
  }

  Observation createGuestMemfd(Action.GmemCreate action) throws LinuxException {
    long fd = calls.createGuestMemfd(memory.vm(), action.bytes(), action.flags());
    if (fd >= 0) {
      calls.close((int) fd);
    }
    return errno(fd);
  }

  Observation mapGuestMemfd(Action.GmemMap action) throws LinuxException {
    long fd = calls.createGuestMemfd(memory.vm(), action.bytes(), action.flags());
    if (fd < 0) {
      return errno(fd);
    }
    long address = calls.mapFile(0, action.bytes(), (int) fd, 0, !action.privately(), true);
    if (address >= 0) {
      calls.unmap(address, action.bytes());
    }
    calls.close((int) fd);
    return errno(address);
  }

  Observation fileCall(Action.FileCall action) throws IOException {
    int fd = memory.file(action.memory());
    long buffer = memory.copySource(0, PAGE_BYTES);
    return errno(
        switch (action.call()) {
          case "read" -> calls.read(fd, buffer, PAGE_BYTES);
          case "write" -> calls.write(fd, buffer, PAGE_BYTES);
          case "pread" -> calls.readAt(fd, buffer, PAGE_BYTES, 0);
          case "pwrite" -> calls.writeAt(fd, buffer, PAGE_BYTES, 0);
          case "ftruncate" -> calls.truncate(fd, PAGE_BYTES);
          default -> throw new IllegalStateException("no system call is called " + action.call());
        });
  }

  private static Observation errno(long value) {
    return Observation.of().word(Fact.ERRNO, Errno.nameOf(value < 0 ? (int) -value : 0)).build();
  }
}
