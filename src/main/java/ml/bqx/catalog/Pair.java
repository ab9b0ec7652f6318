package ml.bqx.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.failure.InvalidInputException;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * One of the 28 currency pairs that the eight currencies make, in the order in which the market
 * quotes them.
 *
 * @param base the currency that is priced, three lower-case letters
 * @param quote the currency it is priced in
 */
public record Pair(String base, String quote) implements Serializable {
  /**
   * Market order: the base of a pair is the currency that comes first here (eurusd, not usdeur).
   */
  private static final List<String> PRECEDENCE =
      List.of("eur", "gbp", "aud", "nzd", "usd", "cad", "chf", "jpy");

  /** Maximum edit distance at which a name counts as a misspelt pair. */
  private static final int MAX_EDITS = 2;

  /** All 28 pairs, sorted by name. */
  public static final List<Pair> ALL = all();

  private static final Set<String> NAMES =
      ALL.stream().map(Pair::name).collect(Collectors.toUnmodifiableSet());

  public Pair {
    int baseRank = PRECEDENCE.indexOf(base);
    int quoteRank = PRECEDENCE.indexOf(quote);
    if (baseRank < 0 || quoteRank <= baseRank) {
      throw unknown(base + quote);
    }
  }

  /**
   * The pair of that name.
   *
   * @param name six lower-case letters
   * @throws InvalidInputException when there is no such pair; the message suggests the nearest one
   */
  public static Pair of(String name) {
    if (name.length() != 6) {
      throw unknown(name);
    }

    return new Pair(name.substring(0, 3), name.substring(3));
  }

  /** Whether there is a pair of that name. */
  public static boolean isPair(String name) {
    return NAMES.contains(name);
  }

  /** Six lower-case letters. */
  public String name() {
    return base + quote;
  }

  /** A table's name without the pair, which is the name of its feature group. */
  public String removedFrom(String table) {
    return Stream.of(table.split("_", -1))
        .filter(Predicate.not(name()::equals))
        .collect(Collectors.joining("_"));
  }

  @Override
  public String toString() {
    return name();
  }

  private static List<Pair> all() {
    List<Pair> pairs = new ArrayList<>();
    for (int base = 0; base < PRECEDENCE.size(); base++) {
      for (int quote = base + 1; quote < PRECEDENCE.size(); quote++) {
        pairs.add(new Pair(PRECEDENCE.get(base), PRECEDENCE.get(quote)));
      }
    }

    pairs.sort(Comparator.comparing(Pair::name));
    return List.copyOf(pairs);
  }

  private static InvalidInputException unknown(String name) {
    String hint =
        nearest(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
            .map("did you mean %s?"::formatted)
            .orElseGet(
                () -> "a pair is two of " + String.join(", ", PRECEDENCE) + ", in that order");
    return new InvalidInputException("Cannot use pair %s: %s".formatted(name, hint));
  }

  private static Optional<Pair> nearest(String letters) {
    if (letters.length() == 6) {
      String reversed = letters.substring(3) + letters.substring(0, 3);
      Optional<Pair> other = ALL.stream().filter(pair -> pair.name().equals(reversed)).findFirst();
      if (other.isPresent()) {
        return other;
      }
    }

    return ALL.stream()
        .filter(pair -> edits(pair.name(), letters) <= MAX_EDITS)
        .min(Comparator.comparingInt(pair -> edits(pair.name(), letters)));
  }

  /** Edit distance: letters to insert, delete or replace. */
  private static int edits(String left, String right) {
    return LevenshteinDistance.getDefaultInstance().apply(left, right);
  }
}
