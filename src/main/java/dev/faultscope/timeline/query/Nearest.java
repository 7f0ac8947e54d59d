package dev.faultscope.timeline.query;

import java.util.Collection;
import java.util.Locale;

/** Guesses what was meant by a misspelt name. */
final class Nearest {
  private Nearest() {}

  /** {@return {@code " (did you mean …?)"} where a name is near enough, else nothing} */
  static String hint(String text, Collection<String> names) {
    String wanted = text.toLowerCase(Locale.ROOT);
    String nearest = "";
    int least = wanted.length() < 4 ? 2 : Math.max(2, Math.min(wanted.length(), 64) / 3) + 1;
    for (String name : names) {
      int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return nearest.isEmpty() ? "" : " (did you mean \"" + nearest + "\"?)";
  }

  /** Changes, insertions and removals of single characters between two short texts. */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 64) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
