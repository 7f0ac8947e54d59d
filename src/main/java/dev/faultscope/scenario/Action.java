package dev.faultscope.scenario;

import dev.faultscope.model.UffdIoctl;
import org.jspecify.annotations.Nullable;

/**
 * One thing a scripted step does. Every engine answers every action, if only by saying that it
 * cannot.
 */
public sealed interface Action
    permits Action.Call,
        Action.OfThread,
        Action.Poll,
        Action.Read,
        Action.Pagemap,
        KvmAction,
        Action.OfRun {

  /** {@return what it observes, which is what a step may expect of it} */
  Observes observes();

  /** Families of actions by what they observe. */
  enum Observes {
    /** An errno and perhaps a result field. */
    CALL,
    /** What became of a thread. */
    THREAD,
    /** What became of a virtual processor. */
    VCPU,
    /** Messages. */
    MESSAGES,
    /** Facts about pages. */
    PAGES
  }

  /** An action that answers with an errno. */
  sealed interface Call extends Action {
    @Override
    default Observes observes() {
      return Observes.CALL;
    }
  }

  /** An action of the handler on a userfaultfd. */
  sealed interface OfUffd extends Call {
    String uffd();
  }

  /** An action on files and pages. */
  sealed interface OfMemory extends Call {}

  /** An action of a thread, or a look at one. */
  sealed interface OfThread extends Action {
    String thread();

    @Override
    default Observes observes() {
      return Observes.THREAD;
    }
  }

  // The userfaultfd

  record OpenUffd(String uffd, long flags) implements OfUffd {}

  record Api(String uffd, long api, long features) implements OfUffd {}

  record Register(String uffd, Span range, long mode) implements OfUffd {}

  record Unregister(String uffd, Span range) implements OfUffd {}

  record Wake(String uffd, Span range) implements OfUffd {}

  /**
   * COPY, ZEROPAGE, CONTINUE or POISON.
   *
   * @param source COPY: where the bytes are, null for pages full of {@code value}
   */
  record Fill(
      String uffd, UffdIoctl ioctl, Span range, long mode, @Nullable Place source, int value)
      implements OfUffd {}

  record Move(String uffd, Span to, Place from, long mode) implements OfUffd {}

  record WriteProtect(String uffd, Span range, long mode) implements OfUffd {}

  record UnknownIoctl(String uffd, int number) implements OfUffd {}

  record CloseUffd(String uffd) implements OfUffd {}

  record Poll(String uffd) implements Action {
    @Override
    public Observes observes() {
      return Observes.MESSAGES;
    }
  }

  /**
   * read(2) of messages.
   *
   * @param one the step is about exactly one message
   */
  record Read(String uffd, long bytes, boolean one) implements Action {
    @Override
    public Observes observes() {
      return Observes.MESSAGES;
    }
  }

  // Threads

  /** How an access is made. */
  enum Mode {
    /** An instruction of the thread. */
    USER,
    /** write(2) from the page or read(2) into it. */
    SYSCALL
  }

  record Touch(String thread, Place at, boolean write, int value, Mode mode) implements OfThread {}

  /** A look at what became of a thread. */
  record Look(String thread) implements OfThread {}

  record Signal(String thread) implements OfThread {}

  /** Advice of madvise(2). */
  enum Advice {
    DONTNEED,
    FREE,
    REMOVE,
    POPULATE_READ,
    POPULATE_WRITE,
    COLLAPSE,
    HUGEPAGE
  }

  record Madvise(String thread, Span range, Advice advice) implements OfThread {}

  /** mprotect(2): a range may be read, and perhaps written, from now on. */
  record Mprotect(String thread, Span range, boolean writable) implements OfThread {}

  record Munmap(String thread, Span range) implements OfThread {}

  /** mremap(2) to another place, called {@code as} from now on. */
  record Mremap(String thread, Span range, String as) implements OfThread {}

  /**
   * fork(2).
   *
   * @param child name of the child's one thread
   * @param childUffd what the userfaultfd is called that a FORK message brings, null where none is
   *     expected
   */
  record Fork(String thread, String child, @Nullable String childUffd) implements OfThread {}

  /** The process of a thread ends. */
  record Exit(String thread) implements OfThread {}

  // The run itself

  /** A step about the run, not about the kernel. */
  sealed interface OfRun extends Action {
    @Override
    default Observes observes() {
      return Observes.CALL;
    }
  }

  /** Lets time pass; whatever happens by itself goes on. */
  record Wait(long ns) implements OfRun {}

  /** A handler of the scenario dies; its userfaultfd stays open, as the VMM has it too. */
  record Kill(String handler) implements OfRun {}

  // Files and pages

  /** The VMM writes a byte over a range, through the mapping it names. */
  record Store(Span range, int value, boolean pattern) implements OfMemory {}

  /** write(2) of one byte over part of a page of a mapping's file. */
  record WriteFile(Place at, long bytes, int value) implements OfMemory {}

  record Fallocate(String memory, int mode, long offset, long bytes) implements OfMemory {}

  record Pagemap(Span range) implements Action {
    @Override
    public Observes observes() {
      return Observes.PAGES;
    }
  }

  /** A long-term pin on a mapped page (O_DIRECT, VFIO). */
  record Pin(Place at) implements OfMemory {}

  // guest_memfd

  record GmemCreate(long bytes, long flags) implements OfMemory {}

  record GmemMap(long bytes, long flags, boolean privately) implements OfMemory {}

  /** A system call on a mapping's guest_memfd that it does not support. */
  record FileCall(String memory, String call) implements OfMemory {}

  record Convert(String memory, long page, long pages, boolean toPrivate) implements OfMemory {}
}
