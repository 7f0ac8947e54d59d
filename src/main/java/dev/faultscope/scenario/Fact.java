package dev.faultscope.scenario;

import java.util.Locale;

/** What a step can expect and an engine can observe. */
public enum Fact {
  /** Name of the errno, OK for success. */
  ERRNO(
      Type.ERRNO,
      Action.Observes.CALL,
      Action.Observes.THREAD,
      Action.Observes.VCPU,
      Action.Observes.MESSAGES),
  /** The ioctl's result field. */
  FIELD(Type.FIELD, Action.Observes.CALL),
  /** Mask of ioctls. */
  IOCTLS(Type.NUMBER, Action.Observes.CALL),
  /** Mask of features: those expected must be among those reported. */
  FEATURES(Type.MASK, Action.Observes.CALL),
  /** Byte offset at which a conversion stopped. */
  ERROR_OFFSET(Type.NUMBER, Action.Observes.CALL),
  /** done, blocked, sigbus, sigsegv, failed, exited, exited-to-vmm. */
  STATE(Type.WORD, Action.Observes.THREAD, Action.Observes.VCPU),
  /** The byte an access saw. */
  VALUE(Type.NUMBER, Action.Observes.THREAD, Action.Observes.VCPU),
  /** Signals whose handler ran. */
  SIGNALS(Type.NUMBER, Action.Observes.THREAD, Action.Observes.VCPU),
  /** How a vCPU's KVM_RUN returned: memory-fault, mmio, intr, error. */
  EXIT(Type.WORD, Action.Observes.THREAD, Action.Observes.VCPU),
  /** Guest physical address that the exit is about. */
  GPA(Type.NUMBER, Action.Observes.THREAD, Action.Observes.VCPU),
  /** Faults of stage 2 that a vCPU's last access cost, where KVM answers alone. */
  FAULTS(Type.NUMBER, Action.Observes.THREAD, Action.Observes.VCPU),
  /** Pages that a dirty log reported. */
  DIRTY_PAGES(Type.NUMBER, Action.Observes.CALL),
  /** KVM_MEMORY_EXIT_FLAG_*. */
  EXIT_FLAGS(Type.NUMBER, Action.Observes.THREAD, Action.Observes.VCPU),
  /** Bytes that read(2) returned. */
  BYTES(Type.NUMBER, Action.Observes.MESSAGES),
  /** What poll(2) answered: none, in, err. */
  POLL(Type.WORD, Action.Observes.MESSAGES),
  /** How many messages were read. */
  COUNT(Type.NUMBER, Action.Observes.MESSAGES),
  /** At least that many messages were read. */
  AT_LEAST(Type.NUMBER, Action.Observes.MESSAGES),
  /** pagefault, fork, remap, remove, unmap. */
  EVENT(Type.WORD, Action.Observes.MESSAGES),
  /** UFFD_PAGEFAULT_FLAG_*. */
  FLAGS(Type.NUMBER, Action.Observes.MESSAGES),
  /** Address of the fault, start of the range. */
  AT(Type.PLACE, Action.Observes.MESSAGES),
  /** End of the range, or where it moved. */
  TO(Type.PLACE, Action.Observes.MESSAGES),
  /** Thread id in the message: the name of a thread, or 0. */
  TID(Type.WORD, Action.Observes.MESSAGES),
  /** Pages present in the page table. */
  MAPPED(Type.NUMBER, Action.Observes.PAGES),
  /** Pages write-protected or marked to be. */
  WP(Type.NUMBER, Action.Observes.PAGES);

  /** How a fact is written and compared. */
  enum Type {
    NUMBER,
    MASK,
    ERRNO,
    FIELD,
    WORD,
    PLACE
  }

  private final Type type;
  private final Action.Observes[] observedBy;

  Fact(Type type, Action.Observes... observedBy) {
    this.type = type;
    this.observedBy = observedBy;
  }

  Type type() {
    return type;
  }

  boolean isObservedBy(Action.Observes family) {
    for (Action.Observes each : observedBy) {
      if (each == family) {
        return true;
      }
    }
    return false;
  }

  /** {@return its name in a scenario file: {@code at-least}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
