package dev.faultscope.trace.input;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.TimelineInfo;

/** Opens the recording that an import writes into, once it is known what the recording is. */
@FunctionalInterface
public interface RecordingTarget {
  /** {@return the recorder to write to; called once per import} */
  Recorder begin(TimelineInfo info);
}
