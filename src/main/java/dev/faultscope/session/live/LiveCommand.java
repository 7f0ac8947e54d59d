package dev.faultscope.session.live;

import org.jspecify.annotations.Nullable;

/** What a person wants of a live run. */
public sealed interface LiveCommand {
  /** Answer whatever is held, and everything from now on. */
  record RunFreely() implements LiveCommand {}

  /**
   * Hold faults from now on.
   *
   * @param query which; null for every one
   */
  record Hold(@Nullable String query) implements LiveCommand {}

  /**
   * Answer one held fault by the policy.
   *
   * @param fault its number, null for the one held longest
   */
  record Answer(@Nullable Long fault) implements LiveCommand {}

  /**
   * Make an ioctl by hand, right or wrong.
   *
   * @param name its name, e.g. {@code CONTINUE}
   * @param region index of the region
   * @param page first page of 4 KiB
   * @param pages how many
   * @param mode the structure's mode bits
   */
  record Ioctl(String name, int region, int page, int pages, long mode) implements LiveCommand {}

  /** End it: our own guest is ended, a peer that attached is left whole. */
  record Stop() implements LiveCommand {}
}
