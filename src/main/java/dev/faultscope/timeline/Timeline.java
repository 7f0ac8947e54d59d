package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A recording that can be read, whole or still growing. Safe for many threads.
 *
 * <p>Memory used does not grow with the number of events.
 */
public interface Timeline extends AutoCloseable {
  /** {@return what the recording says of itself} */
  TimelineInfo info();

  /** {@return what was lost where the recording was opened from a file that is not whole} */
  Recovery recovery();

  /** {@return the regions declared so far, in the order of their indexes} */
  List<Region> regions();

  /** {@return the actors declared so far, in the order of their indexes} */
  List<Actor> actors();

  /** {@return remarks kept with the recording} */
  List<String> notes();

  /** {@return what people had noted when it was saved; a moment may lie beyond what is here} */
  List<Bookmark> bookmarks();

  /** {@return whose rules the events follow, null where the source does not tell} */
  @Nullable KernelProfile kernel();

  /** {@return what the codes of page states mean; they grow while the recording is written} */
  StateCodes codes();

  /** {@return the last sequence number that may be read; grows while the recording is written} */
  long lastSequence();

  /** {@return time of the last event in nanoseconds, 0 for an empty timeline} */
  long endNs();

  /** {@return whether nothing will be added any more} */
  boolean isComplete();

  /**
   * {@return an event}
   *
   * @throws IndexOutOfBoundsException unless {@code 1 <= sequence <= lastSequence()}
   */
  Event event(long sequence);

  /**
   * {@return what an event says of the bytes of its pages, from the lowest byte up; empty where
   * nothing is known}
   *
   * @throws IndexOutOfBoundsException unless {@code 1 <= sequence <= lastSequence()}
   */
  List<Content> contents(long sequence);

  /**
   * Copies events in their 32-byte form (docs/trace-format.md).
   *
   * @param into receives {@code 32 * count} bytes from index {@code at}
   * @throws IndexOutOfBoundsException unless all are events of the timeline and {@code into} has
   *     room
   */
  void copyRecords(long first, int count, byte[] into, int at);

  /** {@return the last event at or before a time, 0 where none is; a binary search} */
  long sequenceAt(long timeNs);

  /**
   * {@return how many of something there were at a moment}
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= moment <= lastSequence()}
   */
  long tally(Tally of, long moment);

  /**
   * {@return the first moment at which there were so many of something, -1 where there are fewer by
   * now; moment 0 has none of anything}
   */
  long momentOf(Tally of, long count);

  /** {@return a new search, for one thread} */
  Search search();

  /** {@return a new cursor at moment 0} */
  Cursor cursor();

  /**
   * {@return a new walk from a time on}
   *
   * @param fromNs at least 0; events at it are of the first stretch
   */
  ActivityWalk activities(long fromNs);

  /**
   * {@return every wait by now} The first time they are looked for from the beginning on, later
   * only where the recording has grown.
   *
   * @throws IllegalStateException if the timeline is closed before they are found
   */
  Waits waits();

  /**
   * {@return the waits of which an event is wanted: the ENQUEUE, READ or WAKE, or for want of a
   * WAKE the next ENQUEUE of the same actor}
   *
   * @param wanted whether an event is, by its sequence number; asked in the order of the events
   * @param ended whether an ENQUEUE is, for the wait that it ends; likewise
   */
  Waits waits(LongPredicate wanted, LongPredicate ended);

  @Override
  void close();
}
