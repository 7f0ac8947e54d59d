package dev.faultscope.live.engine;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteCalls;
import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.linux.remote.RemoteUserfaultfd;
import dev.faultscope.linux.remote.RemoteUserfaultfd.Answer;
import dev.faultscope.linux.remote.RemoteUserfaultfd.Message;
import dev.faultscope.linux.remote.RemoteUserfaultfd.Reading;
import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Span;
import dev.faultscope.scenario.UffdSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The userfaultfds of a script, and every ioctl it makes on them. */
final class LiveUffds {
  private static final long API = 0xaa;
  private static final int PAGEFAULT = 0x12;
  private static final int FORK = 0x13;
  private static final int REMAP = 0x14;
  private static final int REMOVE = 0x15;
  private static final int UNMAP = 0x16;

  private final Map<String, RemoteUserfaultfd> open = new HashMap<>();
  private final RemoteThread handler;
  private final LiveMemory memory;
  private @Nullable String awaitedChild;

  LiveUffds(RemoteThread handler, LiveMemory memory) {
    this.handler = handler;
    this.memory = memory;
  }

  /**
   * Opens one.
   *
   * @param more features to ask for beside its own
   */
  void add(UffdSpec spec, long more) throws LinuxException {
    RemoteUserfaultfd uffd = RemoteUserfaultfd.open(handler, spec.flags());
    open.put(spec.name(), uffd);
    if (spec.handshake()) {
      Answer answer = uffd.api(API, spec.features() | more);
      if (answer.errno() != 0) {
        throw new LinuxException(
            "UFFDIO_API", answer.errno(), "features 0x" + Long.toHexString(spec.features()));
      }
    }
  }

  /** Says what the userfaultfd of the next FORK message is called. */
  void awaitChild(@Nullable String name) {
    awaitedChild = name;
  }

  /** Lets go of the copies that a forked child has of every descriptor. */
  void closeIn(RemoteThread child) throws LinuxException {
    RemoteCalls calls = new RemoteCalls(child);
    for (RemoteUserfaultfd each : open.values()) {
      calls.close(each.fd());
    }
  }

  private RemoteUserfaultfd get(String name) {
    RemoteUserfaultfd uffd = open.get(name);
    if (uffd == null) {
      throw new IllegalStateException("userfaultfd " + name + " was not opened");
    }
    return uffd;
  }

  int fd(String name) {
    return get(name).fd();
  }

  Observation open(Action.OpenUffd action) throws LinuxException {
    try {
      open.put(action.uffd(), RemoteUserfaultfd.open(handler, action.flags()));
      return Observation.errno(Errno.OK);
    } catch (LinuxException refused) {
      return errno(refused.errno()).build();
    }
  }

  Observation close(Action.CloseUffd action) throws LinuxException {
    get(action.uffd()).close();
    open.remove(action.uffd());
    return Observation.errno(Errno.OK);
  }

  Observation api(Action.Api action) throws LinuxException {
    Answer answer = get(action.uffd()).api(action.api(), action.features());
    return errno(answer.errno())
        .number(Fact.FEATURES, answer.features())
        .number(Fact.IOCTLS, answer.field())
        .build();
  }

  Observation register(Action.Register action) throws LinuxException {
    Span range = action.range();
    Answer answer = get(action.uffd()).register(at(range), range.bytes(), action.mode());
    Observation.Builder seen = errno(answer.errno());
    if (answer.errno() == 0) {
      seen.number(Fact.IOCTLS, answer.field());
    }
    return seen.build();
  }

  Observation unregister(Action.Unregister action) throws LinuxException {
    return result(get(action.uffd()).unregister(at(action.range()), action.range().bytes()));
  }

  Observation wake(Action.Wake action) throws LinuxException {
    return result(get(action.uffd()).wake(at(action.range()), action.range().bytes()));
  }

  Observation move(Action.Move action) throws LinuxException {
    return result(
        get(action.uffd())
            .move(
                at(action.to()),
                memory.address(action.from()),
                action.to().bytes(),
                action.mode()));
  }

  Observation writeProtect(Action.WriteProtect action) throws LinuxException {
    return result(
        get(action.uffd()).writeProtect(at(action.range()), action.range().bytes(), action.mode()));
  }

  Observation unknown(Action.UnknownIoctl action) throws LinuxException {
    return result(get(action.uffd()).unknown(action.number()));
  }

  Observation fill(Action.Fill action) throws IOException {
    RemoteUserfaultfd uffd = get(action.uffd());
    long start = at(action.range());
    long bytes = action.range().bytes();
    UffdIoctl ioctl = action.ioctl();
    return result(
        switch (ioctl.source()) {
          case BYTES -> {
            long from =
                action.source() == null
                    ? memory.copySource(action.value(), bytes)
                    : memory.address(action.source());
            yield uffd.copy(start, from, bytes, action.mode());
          }
          case NONE -> uffd.fill(ioctl.command(), start, bytes, action.mode());
          case PAGES -> throw new IllegalArgumentException(ioctl + " moves pages");
        });
  }

  private long at(Span range) {
    return memory.address(range.start());
  }

  private static Observation.Builder errno(int errno) {
    return Observation.of().word(Fact.ERRNO, Errno.nameOf(errno));
  }

  private static Observation result(Answer answer) {
    Observation.Builder seen = errno(answer.errno());
    if (answer.field() == RemoteUserfaultfd.UNTOUCHED) {
      seen.word(Fact.FIELD, "untouched");
    } else {
      seen.number(Fact.FIELD, answer.field());
    }
    return seen.build();
  }

  Observation poll(Action.Poll action) throws LinuxException {
    int events = get(action.uffd()).poll(0);
    String word =
        RemoteUserfaultfd.isBroken(events)
            ? "err"
            : RemoteUserfaultfd.isReadable(events) ? "in" : "none";
    return Observation.of().word(Fact.POLL, word).build();
  }

  /**
   * Reads.
   *
   * @param waitMs how long to wait for a message where none is there: not at all, unless a thread
   *     faults again and again
   */
  Observation read(Action.Read action, long waitMs) throws LinuxException {
    RemoteUserfaultfd uffd = get(action.uffd());
    long until = System.nanoTime() + waitMs * 1_000_000;
    Reading reading = uffd.read(action.bytes());
    // What poll promises may be gone before it is read: its thread gave up, and tries again.
    while (waitMs > 0 && reading.errno() == Errno.EAGAIN.number() && System.nanoTime() < until) {
      uffd.poll(waitMs);
      reading = uffd.read(action.bytes());
    }
    Observation.Builder seen = errno(reading.errno());
    List<Map<Fact, Object>> messages = new ArrayList<>();
    for (Message each : reading.messages()) {
      messages.add(message(each));
    }
    seen.number(Fact.COUNT, messages.size());
    if (reading.errno() == 0) {
      seen.number(Fact.BYTES, 32L * messages.size());
    }
    return new Observation(seen.facts(), messages);
  }

  private Map<Fact, Object> message(Message message) {
    Observation.Builder seen = Observation.of();
    switch (message.event()) {
      case PAGEFAULT ->
          seen.word(Fact.EVENT, "pagefault")
              .number(Fact.FLAGS, message.first())
              .number(Fact.AT, message.second())
              .number(Fact.TID, message.third() & 0xffff_ffffL);
      case FORK -> {
        seen.word(Fact.EVENT, "fork");
        String name = awaitedChild == null ? "fork " + open.size() : awaitedChild;
        open.put(name, RemoteUserfaultfd.adopt(handler, (int) message.first()));
      }
      case REMAP ->
          seen.word(Fact.EVENT, "remap")
              .number(Fact.AT, message.first())
              .number(Fact.TO, message.second());
      case REMOVE, UNMAP ->
          seen.word(Fact.EVENT, message.event() == REMOVE ? "remove" : "unmap")
              .number(Fact.AT, message.first())
              .number(Fact.TO, message.second());
      default -> seen.word(Fact.EVENT, "0x" + Integer.toHexString(message.event()));
    }
    return seen.facts();
  }
}
