package ml.bqx.launch;

import java.io.PrintStream;
import java.util.List;
import ml.bqx.cli.TextTable;
import ml.bqx.cost.CostTable;
import ml.bqx.cost.Usage;

/** What a launch prints at its end: a line for each pair, and what a pair has cost. */
public final class LaunchTable {
  private static final double SECONDS_PER_MINUTE = 60;

  private LaunchTable() {}

  /** Prints the outcome of each pair. */
  public static void print(LaunchKind kind, List<LaunchOutcome> outcomes, PrintStream out) {
    long good = outcomes.stream().filter(LaunchOutcome::isGood).count();
    out.printf(
        "%s: %d of %d %s%n",
        kind, good, outcomes.size(), outcomes.size() == 1 ? "pair is done" : "pairs are done");
    TextTable table =
        new TextTable("llrrrr").row("pair", "state", "rows", "features", "minutes", "dollars");
    outcomes.forEach(
        outcome ->
            table.row(
                outcome.pair(),
                outcome.state(),
                "%,d".formatted(outcome.rows()),
                "%,d".formatted(outcome.features()),
                "%.1f".formatted(outcome.elapsed().toSeconds() / SECONDS_PER_MINUTE),
                "%.2f".formatted(outcome.dollars())));
    out.print(table);
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
        new CostTable("measured cost of a pair, in US dollars")
            .add("%s, mean of %d".formatted(kind, usages.size()), mean)
            .note("Excludes Cloud Storage calls and storage, which --estimate includes."));
  }
}
