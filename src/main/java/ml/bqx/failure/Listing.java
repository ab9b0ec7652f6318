package ml.bqx.failure;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Lists in messages, shortened to a readable length. */
public final class Listing {
  private Listing() {}

  /** {@code a, b, c}, or with more than {@code most} of them {@code a, b and 17 more}. */
  public static String inWords(Collection<String> names, int most) {
    return shortened(names.stream().limit(most).toList(), names.size());
  }

  /** The first names of so many: {@code a, b and 17 more}. */
  public static String shortened(List<String> first, long all) {
    String shown = String.join(", ", first);
    return all > first.size() ? shown + " " + more(all - first.size()) : shown;
  }

  /** The first {@code most}, and a line with the number of the others. */
  public static List<String> lines(Collection<String> lines, int most) {
    return lines.size() > most
        ? Stream.concat(lines.stream().limit(most), Stream.of(more(lines.size() - most))).toList()
        : List.copyOf(lines);
  }

  private static String more(long others) {
    return "and %,d more".formatted(others);
  }
}
