package dev.faultscope.session.query;

import dev.faultscope.model.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Which region of one recording stands for which of another: the one of the same name, where each
 * has one of it; otherwise the one at the same place, of the guest where both tell that, else of
 * the host.
 *
 * @param pairs in the order of the left regions
 * @param leftOnly those of the left recording that the right one has not
 * @param rightOnly those of the right one that the left one has not
 */
record RegionPairs(List<Pair> pairs, List<Region> leftOnly, List<Region> rightOnly) {
  /** What two regions are the same by. */
  enum By {
    NAME,
    PLACE
  }

  /** Two that are taken for the same. */
  record Pair(Region left, Region right, By by) {
    /** {@return pages that both have} */
    int pages() {
      return Math.min(left.pages(), right.pages());
    }
  }

  /** {@return what stands for what} */
  static RegionPairs of(List<Region> left, List<Region> right) {
    List<Region> leftOnly = new ArrayList<>(left);
    List<Region> rightOnly = new ArrayList<>(right);
    List<Pair> pairs = new ArrayList<>();
    take(pairs, leftOnly, rightOnly, By.NAME, (one, other) -> one.name().equals(other.name()));
    take(pairs, leftOnly, rightOnly, By.PLACE, RegionPairs::atOnePlace);
    pairs.sort((one, other) -> Integer.compare(one.left().index(), other.left().index()));
    return new RegionPairs(List.copyOf(pairs), List.copyOf(leftOnly), List.copyOf(rightOnly));
  }

  private static boolean atOnePlace(Region one, Region other) {
    boolean told = one.gpaBase() != Region.NO_GPA && other.gpaBase() != Region.NO_GPA;
    return told ? one.gpaBase() == other.gpaBase() : one.base() == other.base();
  }

  /** Pairs what is the same, where on neither side anything else is. */
  private static void take(
      List<Pair> pairs,
      List<Region> left,
      List<Region> right,
      By by,
      BiPredicate<Region, Region> same) {
    List<Pair> found = new ArrayList<>();
    for (Region one : left) {
      Optional<Region> other = only(right, each -> same.test(one, each));
      if (other.isPresent() && only(left, each -> same.test(each, other.get())).isPresent()) {
        found.add(new Pair(one, other.get(), by));
      }
    }
    for (Pair pair : found) {
      left.remove(pair.left());
      right.remove(pair.right());
    }
    pairs.addAll(found);
  }

  private static Optional<Region> only(List<Region> among, Predicate<Region> like) {
    List<Region> found = among.stream().filter(like).limit(2).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }
}
