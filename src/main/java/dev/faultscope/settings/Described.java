package dev.faultscope.settings;

import java.util.List;

/** Something that a name in a scenario, an option or a form stands for. */
public interface Described {
  /** {@return its name as written: {@code on-demand}} */
  String name();

  /** {@return what it does, in one sentence without a full stop} */
  String about();

  /** {@return what can be set on it} */
  List<Parameter> parameters();
}
