package dev.faultscope.scenario;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names that a step may use, and variables of the loops around it. */
final class Scope {
  /** What a name stands for. */
  enum Kind {
    MEMORY("memory"),
    UFFD("userfaultfd"),
    THREAD("thread"),
    VCPU("vCPU"),
    SLOT("memory slot"),
    /** Memory that a slot shows to the guest. */
    GUEST_MEMORY("guest memory"),
    /** Guest physical addresses that a device has. */
    DEVICE("device"),
    HANDLER("handler");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    /** {@return its name in a schema} */
    String key() {
      return Schema.key(this);
    }
  }

  private final Map<Kind, Set<String>> names = new HashMap<>();
  private final Map<String, Long> variables = new HashMap<>();

  private final @Nullable Samples samples;

  Scope() {
    this(null);
  }

  /** A scope in which what is missing is made up, and what is asked for is noted. */
  Scope(@Nullable Samples samples) {
    this.samples = samples;
    for (Kind kind : Kind.values()) {
      names.put(kind, new LinkedHashSet<>());
    }
  }

  Set<String> names(Kind kind) {
    return Objects.requireNonNull(names.get(kind));
  }

  boolean add(Kind kind, String name) {
    return names(kind).add(name);
  }

  /** {@return what makes up values while a schema is made, null while a file is read} */
  @Nullable Samples samples() {
    return samples;
  }

  Map<String, Long> variables() {
    return variables;
  }
}
