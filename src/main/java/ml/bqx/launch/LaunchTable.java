package ml.bqx.launch;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ml.bqx.cost.CostTable;
import ml.bqx.cost.Prices;
import ml.bqx.cost.Usage;

/** What a launch tells at its end: a line for each pair. */
public final class LaunchTable {
  private static final List<String> HEAD =
      List.of("pair", "state", "rows", "features", "minutes", "dollars");
  private static final double SECONDS_PER_MINUTE = 60;

  private LaunchTable() {}

  public static void print(LaunchKind kind, List<LaunchOutcome> outcomes, PrintStream out) {
    long good = outcomes.stream().filter(LaunchOutcome::isGood).count();
    out.printf(
        "%s: %d of %d %s%n",
        kind, good, outcomes.size(), outcomes.size() == 1 ? "pair is done" : "pairs are done");
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    outcomes.forEach(outcome -> rows.add(row(outcome)));
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }

    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        line.append("  ")
            .append(row.get(column))
            .append(" ".repeat(widths[column] - row.get(column).length()));
      }

      out.println(line.toString().stripTrailing());
    }
  }

  /**
   * Prints what a pair has cost on average, item by item; nothing when nothing was done.
   *
   * @param launcher what the launcher itself has used for all pairs
   */
  public static void printCost(
      LaunchKind kind, List<LaunchOutcome> outcomes, Usage launcher, PrintStream out) {
    List<Usage> usages =
        outcomes.stream()
            .map(LaunchOutcome::usage)
            .filter(usage -> !usage.equals(Usage.NONE))
            .toList();
    if (usages.isEmpty()) {
      return;
    }

    Usage mean = usages.stream().reduce(launcher, Usage::plus).times(1.0 / usages.size());
    out.print(
        new CostTable("measured cost of a pair, in US dollars", Prices.LISTED)
            .add("%s, mean of %d".formatted(kind, usages.size()), mean)
            .note("Without the calls to Cloud Storage and what lies there: --estimate has them."));
  }

  private static List<String> row(LaunchOutcome outcome) {
    return List.of(
        outcome.pair().name(),
        outcome.state().toString(),
        String.format(Locale.ROOT, "%,d", outcome.rows()),
        String.format(Locale.ROOT, "%,d", outcome.features()),
        String.format(Locale.ROOT, "%.1f", outcome.elapsed().toSeconds() / SECONDS_PER_MINUTE),
        String.format(Locale.ROOT, "%.2f", outcome.dollars()));
  }
}
