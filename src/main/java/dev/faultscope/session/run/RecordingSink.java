package dev.faultscope.session.run;

import dev.faultscope.timeline.Recorder;
import dev.faultscope.timeline.Timeline;

/** What a run is recorded on. Whatever happens, what was recorded stays. */
public interface RecordingSink {
  /** {@return its name in links} */
  String id();

  /** {@return where events go; for one thread} */
  Recorder recorder();

  /** {@return what is recorded by now} */
  Timeline timeline();

  /** Nothing more will come, and nothing is missing. On the recording thread. */
  void complete();

  /**
   * Nothing more will come: it broke off. On the recording thread, or when that has ended.
   *
   * @param why for a person to read
   */
  void breakOff(String why);
}
