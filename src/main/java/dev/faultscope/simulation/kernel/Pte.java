package dev.faultscope.simulation.kernel;

/** A page-table entry in an int: facts in the low bits, the folio's number above them. */
final class Pte {
  static final int NONE = 0;
  static final int PRESENT = 1;
  static final int WRITABLE = 1 << 1;
  static final int UFFD_WP = 1 << 2;
  static final int DIRTY = 1 << 3;

  /** Not present, but to be write-protected when something gets mapped. */
  static final int MARKER_WP = 1 << 4;

  /** Not present, and an access is answered with SIGBUS. */
  static final int MARKER_POISON = 1 << 5;

  /** Part of a transparent huge page. */
  static final int HUGE = 1 << 6;

  private static final int FOLIO_SHIFT = 7;

  private Pte() {}

  static int of(int folio, int facts) {
    return folio << FOLIO_SHIFT | facts | PRESENT;
  }

  static int folio(int pte) {
    return pte >>> FOLIO_SHIFT;
  }

  static boolean isPresent(int pte) {
    return (pte & PRESENT) != 0;
  }

  static boolean has(int pte, int fact) {
    return (pte & fact) != 0;
  }

  /** {@return whether a fill may put something there: nothing or only a marker} */
  static boolean isNoneMostly(int pte) {
    return !isPresent(pte);
  }
}
