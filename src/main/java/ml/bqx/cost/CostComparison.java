package ml.bqx.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ml.bqx.catalog.Pair;
import ml.bqx.cost.CostEstimate.Extraction;
import ml.bqx.cost.CostEstimate.Here;
import ml.bqx.cost.CostEstimate.Jobs;
import ml.bqx.cost.CostEstimate.Keeping;
import ml.bqx.options.MergeMethod;

/** What the ways to run a pair in the cloud cost, as a table for pages (Markdown). */
public final class CostComparison {
  private record Way(String name, CostEstimate estimate) {
    String row() {
      return "| %s | %s | %s | %s | %s |"
          .formatted(
              name,
              dollars(estimate.extract().dollars()),
              dollars(estimate.merge().dollars()),
              dollars(estimate.work()),
              dollars(Pair.ALL.size() * estimate.work()));
    }
  }

  /** What the figures of {@link #costs} are, and are not. */
  public static final String NOTE =
      "Estimates for a full pair of %,d rows and %,d columns, from measured rates of work and list prices; docs/cloud.md tells how. They are not a bill, and tell nothing of this run."
          .formatted(PairSize.FULL.rows(), PairSize.FULL.columns());

  /**
   * What a way costs, in US dollars.
   *
   * @param name of the way
   */
  public record WayCost(String name, double extract, double merge) {}

  private CostComparison() {}

  /** What each way costs. */
  public static List<WayCost> costs() {
    return ways().stream()
        .map(
            way ->
                new WayCost(
                    way.name.replace("`", ""),
                    way.estimate.extract().dollars(),
                    way.estimate.merge().dollars()))
        .toList();
  }

  private static List<Way> ways() {
    Jobs jobs = Jobs.forFullPair();
    Workers flexible = new Workers("", Workers.Start.FLEXIBLE);
    return List.of(
        way("Dataflow for both steps", jobs, MergeMethod.BEAM),
        new Way(
            "the same with `FLEX_RS=true`",
            new CostEstimate(jobs, MergeMethod.BEAM, flexible, Keeping.KEPT)),
        way("Dataflow, then `stream` in a container", jobs, MergeMethod.STREAM),
        way("containers, `stream`", new Here(), MergeMethod.STREAM),
        way("containers, `compose`", new Here(), MergeMethod.COMPOSE),
        way("containers, `bigquery`", new Here(), MergeMethod.BIGQUERY));
  }

  private static Way way(String name, Extraction extraction, MergeMethod method) {
    return new Way(name, CostEstimate.of(extraction, method));
  }

  /** The lines of the table, and below it what storage costs. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("| way | extract | merge | a pair | %d pairs |".formatted(Pair.ALL.size()));
    lines.add("|---|---|---|---|---|");
    ways().stream().map(Way::row).forEach(lines::add);
    lines.add("");
    lines.add(
        "Storage of a pair for a month: checkpoints %s, or %s with `--deleteCheckpoints`; training file %s."
            .formatted(
                stored(Keeping.KEPT.days()),
                stored(Keeping.UNTIL_MERGED.days()),
                stored(CostEstimate.TRAINING_DAYS)));
    return lines;
  }

  private static String stored(int days) {
    return dollars(Usage.stored(PairSize.FULL.fileBytes(), days).dollars());
  }

  /** Thousandths where cents would tell nothing. */
  private static String dollars(double dollars) {
    return String.format(Locale.ROOT, dollars < 1 ? "$%.3f" : "$%.2f", dollars);
  }
}
