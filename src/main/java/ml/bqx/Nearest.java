package ml.bqx;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name somebody probably meant. */
final class Nearest {
  /** Two slips of a finger; more, and the guess would be as good as any. */
  private static final int MOST_EDITS = 2;

  private Nearest() {}

  /** The name that is at most two edits away, the nearest of them; case does not matter. */
  static Optional<String> to(String text, Collection<String> names) {
    return names.stream()
        .filter(name -> edits(text, name) <= MOST_EDITS)
        .min(
            Comparator.comparingInt((String name) -> edits(text, name))
                .thenComparing(name -> name));
  }

  /**
   * Levenshtein's distance, by its usual table of which two rows are kept; case does not matter.
   */
  static int edits(String one, String other) {
    String from = one.toLowerCase(Locale.ROOT);
    String to = other.toLowerCase(Locale.ROOT);
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }

    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
        int gap = Math.min(above[column], current[column - 1]) + 1;
        current[column] = Math.min(gap, above[column - 1] + replaced);
      }

      above = current;
    }

    return above[to.length()];
  }
}
