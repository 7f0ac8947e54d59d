package dev.faultscope.stream;

import dev.faultscope.session.Session;
import java.util.Optional;

/** Where the endpoint finds the recording that an address names. */
@FunctionalInterface
public interface SessionFinder {
  /** {@return the open session of a recording; empty where there is no such recording} */
  Optional<Session> open(String id);
}
