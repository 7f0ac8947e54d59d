package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;

/**
 * Where sources put what happens. One thread at a time may use it.
 *
 * <p>Every source, simulated, live or imported, writes through this interface and nothing else.
 */
public interface Recorder {
  /**
   * Declares the next region.
   *
   * @throws IllegalArgumentException if its index is not the next one, or the regions would have
   *     more than 2,147,483,647 pages together
   */
  void region(Region region);

  /**
   * Declares the next actor, or replaces what is known of an existing one (its name, its kind).
   *
   * @throws IllegalArgumentException if its index is beyond the next one
   */
  void actor(Actor actor);

  /** Says whose rules the events follow; the last word counts. */
  void kernel(KernelProfile profile);

  /**
   * Appends an event. Where its pages differ in their state before, it becomes several records with
   * the same cause, in page order, all but the first {@link
   * dev.faultscope.model.EventFlags#CONTINUED}. A time earlier than the last record's is taken as
   * the last record's.
   *
   * @return the sequence number of its first record
   * @throws IllegalArgumentException if region, actor, pages, errno, detail or cause are out of
   *     range
   * @throws java.io.UncheckedIOException if the recording cannot be written; what was sealed stays
   *     readable
   */
  long append(EventDraft draft);

  /**
   * {@return the {@link dev.faultscope.model.PageState} of a page after everything appended so far}
   */
  int stateOf(int region, int page);

  /**
   * {@return whether what events say of bytes is kept; a source need not look at bytes for one that
   * keeps none}
   */
  default boolean keepsContents() {
    return true;
  }

  /** {@return the sequence number of the last record, 0 before the first} */
  long lastSequence();

  /**
   * Keeps a remark with the recording (what a reader could not understand, what was lost). At most
   * 10,000 are kept.
   */
  void note(String text);

  /**
   * Keeps what a person noted, under a number of its own; at most {@value Bookmark#MOST} are kept.
   * No source has any: only a recording that is read brings them, and only a file keeps them.
   */
  default void bookmark(Bookmark bookmark) {}
}
