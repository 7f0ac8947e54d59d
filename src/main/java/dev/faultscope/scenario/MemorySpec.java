package dev.faultscope.scenario;

import dev.faultscope.model.Backing;
import org.jspecify.annotations.Nullable;

/**
 * A mapping that exists before the first step.
 *
 * @param name what steps call it
 * @param backing what backs it
 * @param pages its size
 * @param of the mapping whose file it maps as well, null for a file of its own
 * @param filePage first page of the file that it shows
 * @param filePages size of its own file, in pages
 * @param fill byte that every page of its own file holds at the start, {@link #ABSENT} for none,
 *     {@link #PATTERN} for page % 255
 * @param privately MAP_PRIVATE
 * @param readOnlyFile the descriptor was opened read-only
 * @param gmemShared guest_memfd: made with INIT_SHARED
 * @param gpa guest physical address, -1 for none
 */
public record MemorySpec(
    String name,
    Backing backing,
    int pages,
    @Nullable String of,
    long filePage,
    int filePages,
    int fill,
    boolean privately,
    boolean readOnlyFile,
    boolean gmemShared,
    long gpa) {
  public static final int ABSENT = -1;
  public static final int PATTERN = -2;

  /** Modulus of {@link #PATTERN}. */
  public static final int PATTERN_MODULUS = 255;

  /** {@return pages that are mapped together} */
  public int unitPages() {
    return backing == Backing.HUGETLB ? 512 : 1;
  }

  /** {@return what a page holds at the start; only where {@link #fill} is not {@link #ABSENT}} */
  public int fillOf(long page) {
    return fill == PATTERN ? (int) (page % PATTERN_MODULUS) : fill;
  }
}
