package dev.faultscope.timeline.query;

import java.util.List;

/** The tree of a checked predicate. */
public sealed interface Predicate {
  /** All of its parts hold. */
  record And(List<Predicate> parts) implements Predicate {}

  /** At least one of its parts holds. */
  record Or(List<Predicate> parts) implements Predicate {}

  /** Its part does not hold. */
  record Not(Predicate part) implements Predicate {}

  /**
   * The event has the field and its value lies in, or outside, some ranges.
   *
   * @param outside whether the value must lie outside
   */
  record Within(Field field, List<Range> ranges, boolean outside) implements Predicate {}

  /**
   * The event's region or actor is, or is not, one of some.
   *
   * @param outside whether it must be none of them
   */
  record Named(Field field, List<Name> names, boolean outside) implements Predicate {}

  /** The field has all bits of a mask. */
  record Has(Field field, int mask) implements Predicate {}

  /** Numbers from {@code low} to {@code high}, both included, none where low is above high. */
  record Range(long low, long high) {
    boolean has(long value) {
      return value >= low && value <= high;
    }
  }

  /** A region or actor by name or by index. */
  record Name(String text, int position) {}
}
