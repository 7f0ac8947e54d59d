package dev.faultscope.session.watch;

import dev.faultscope.live.watch.ProcessWatch;
import dev.faultscope.live.watch.Watch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;

/**
 * How a process is watched: its userfaultfds by samples, any other by the kernel's trace events.
 */
public final class Watches {
  private Watches() {}

  /**
   * Prepares to watch a process.
   *
   * @throws IOException if it is gone, may not be looked at, or this machine cannot; the message
   *     says which and what to do
   */
  public static ProcessWatch of(int pid, WatchOptions options, Recorder recorder)
      throws IOException {
    return Watch.touchesUserfaultfd(pid)
        ? Watch.of(pid, options, recorder)
        : TraceWatch.of(pid, options, recorder);
  }
}
