package dev.faultscope.session.kernelview;

import dev.faultscope.timeline.Timeline;
import java.util.List;

/**
 * Where in the kernel one moment is.
 *
 * @param seq the moment
 * @param title the way in a few words
 * @param kernel whose function names these are
 * @param frames from the outside in; empty where no kernel code runs
 * @param note what the frames cannot say: why there are none, or what was concluded; empty for
 *     nothing
 * @param inferred whether any frame was concluded
 * @param asleep threads that wait for the event's pages meanwhile, oldest first
 * @param waiting how many wait; more than {@code asleep} tells of where there are many
 * @param versions the kernels that {@link Frame#differences()} may name
 */
public record KernelView(
    long seq,
    String title,
    String kernel,
    List<Frame> frames,
    String note,
    boolean inferred,
    List<Sleeper> asleep,
    int waiting,
    List<VersionInfo> versions) {
  /** Most threads that are told of. */
  public static final int MAX_SLEEPERS = 8;

  /**
   * A thread asleep in a fault.
   *
   * @param seq its ENQUEUE event
   * @param frames function names from the outside in, down to schedule()
   */
  public record Sleeper(
      long seq, int actor, String label, long sinceNs, String text, List<String> frames) {}

  /** A kernel that can be compared with. */
  public record VersionInfo(String id, String label, String text) {}

  /**
   * {@return the view of a moment}
   *
   * @throws IndexOutOfBoundsException if there is no such moment
   */
  public static KernelView of(Timeline timeline, long seq) {
    return new Derivation(timeline, seq).view();
  }
}
