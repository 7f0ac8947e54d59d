package dev.faultscope.live.engine;

import java.io.IOException;

/** A run on the real kernel was ended before it was over, as somebody asked. */
public final class RunStoppedException extends IOException {
  private static final long serialVersionUID = 1;

  RunStoppedException() {
    super("stopped before the workloads were done");
  }
}
