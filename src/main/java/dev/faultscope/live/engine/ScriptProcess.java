package dev.faultscope.live.engine;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteCalls;
import dev.faultscope.linux.remote.RemoteProcess;
import dev.faultscope.linux.remote.RemoteThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process scripts are played in, one after the other. Between two of them it is emptied, or
 * replaced where something in it does not come to rest.
 */
public final class ScriptProcess implements AutoCloseable {
  /** Where scripts' memory begins. */
  static final long MEMORY = 0x2000_0000_0000L;

  /** Behind the most memory that a script may have, its gaps included. */
  private static final long MEMORY_BYTES = 1L << 40;

  /** The first descriptor that is not there from the start. */
  private static final int FIRST_DESCRIPTOR = 3;

  /** A script may fork this often; with fewer slots left the process is replaced. */
  private static final int SLOTS_WANTED = 300;

  private final List<RemoteThread> idle = new ArrayList<>();
  private final List<RemoteThread> taken = new ArrayList<>();
  private final List<RemoteThread> children = new ArrayList<>();
  private @Nullable RemoteProcess process;

  /** Makes one whose process starts when it is first needed. */
  public ScriptProcess() {}

  RemoteProcess process() throws IOException {
    RemoteProcess running = process;
    if (running == null) {
      running = RemoteProcess.start();
      process = running;
    }
    return running;
  }

  /** {@return the thread that opens userfaultfds and answers faults} */
  RemoteThread handler() throws IOException {
    return process().main();
  }

  /** {@return a thread with nothing to do} */
  RemoteThread takeThread() throws IOException {
    RemoteThread thread = idle.isEmpty() ? process().newThread() : idle.removeLast();
    taken.add(thread);
    return thread;
  }

  /** Has a thread fork. {@return the child's thread, not there yet} */
  RemoteThread fork(RemoteThread parent) throws IOException {
    RemoteThread child = process().fork(parent);
    children.add(child);
    return child;
  }

  /** Takes everything away that a script made. */
  void reset() {
    RemoteProcess running = process;
    if (running == null) {
      return;
    }
    try {
      RemoteCalls calls = new RemoteCalls(running.main());
      for (RemoteThread child : children) {
        if (!child.isBorn()) {
          throw new LinuxException("fork", 11, "a child is on its way");
        }
        child.kill();
      }
      children.clear();
      // The last descriptor of a userfaultfd wakes everybody and makes its memory ordinary.
      calls.closeFrom(FIRST_DESCRIPTOR);
      for (RemoteThread thread : taken) {
        if (thread.awaitRest() != RemoteThread.Rest.IDLE) {
          throw new LinuxException("close", 16, "a thread sleeps on without a userfaultfd");
        }
      }
      calls.unmap(MEMORY, MEMORY_BYTES);
      idle.addAll(taken);
      taken.clear();
      if (running.threadsLeft() < SLOTS_WANTED - idle.size()) {
        replace();
      }
    } catch (LinuxException stuck) {
      replace();
    }
  }

  private void replace() {
    RemoteProcess old = process;
    if (old != null) {
      old.close();
    }
    process = null;
    idle.clear();
    taken.clear();
    children.clear();
  }

  @Override
  public void close() {
    replace();
  }
}
