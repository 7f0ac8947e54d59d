package dev.faultscope.model;

/** Bits of an event's flags field. */
public final class EventFlags {
  /** The access is a write. */
  public static final int WRITE = 1;

  /** Not in the source: concluded from what is. The view says so. */
  public static final int INFERRED = 1 << 1;

  /** The access was made in kernel mode. */
  public static final int KERNEL_MODE = 1 << 2;

  /** The message, or the fault decided on, is minor. */
  public static final int MINOR = 1 << 3;

  /** The message, or the fault decided on, is a write-protect fault. */
  public static final int WP = 1 << 4;

  /** The ioctl asked not to wake. */
  public static final int DONTWAKE = 1 << 5;

  /** The access is an instruction fetch. */
  public static final int FETCH = 1 << 6;

  /** The event's pages are not known, only that it happened. */
  public static final int PAGE_UNKNOWN = 1 << 7;

  /** The message, or the fault decided on, is a read-write-protect fault. */
  public static final int RWP = 1 << 8;

  /** The message's kind is not known: minor, write-protect or missing. */
  public static final int KIND_UNKNOWN = 1 << 9;

  /** Whether the access reads, writes or fetches is not known. */
  public static final int ACCESS_UNKNOWN = 1 << 10;

  /**
   * The record goes on with what the actor's last record of the same kind began: one call, one
   * event, told in several records because its pages differed. Who counts calls passes over it.
   */
  public static final int CONTINUED = 1 << 12;

  /** Every bit a record has room for. */
  public static final int ALL = (1 << 13) - 1;

  private EventFlags() {}
}
