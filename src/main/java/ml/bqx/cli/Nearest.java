package ml.bqx.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that was probably meant. */
public final class Nearest {
  /** Two slips of a finger; more, and the guess would be as good as any. */
  private static final int MOST_EDITS = 2;

  private Nearest() {}

  /** The name that is at most two edits away, the nearest of them; case does not matter. */
  public static Optional<String> to(String text, Collection<String> names) {
    return names.stream()
        .filter(name -> edits(text, name) <= MOST_EDITS)
        .min(
            Comparator.comparingInt((String name) -> edits(text, name))
                .thenComparing(name -> name));
  }

  /** Letters to insert, delete or replace to turn one into the other; case does not matter. */
  public static int edits(String one, String other) {
    return LevenshteinDistance.getDefaultInstance()
        .apply(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
  }
}
