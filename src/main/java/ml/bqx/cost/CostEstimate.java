package ml.bqx.cost;

import ml.bqx.options.MergeMethod;

/**
 * Estimated cost of a pair from the warehouse to the training file.
 *
 * @param extraction how the feature groups are read from the warehouse
 * @param mergeMethod how the checkpoints are joined
 * @param machineType of the workers of all jobs; empty for Dataflow's default
 */
public record CostEstimate(Extraction extraction, MergeMethod mergeMethod, String machineType) {
  /** Days until {@code deploy/lifecycle-data.json} deletes a checkpoint. */
  public static final int CHECKPOINT_DAYS = 14;

  /** How often a tree of joins reads the whole set: at its leaves and at the two levels above. */
  private static final int SCANS = 3;

  /** How an extraction runs. */
  public sealed interface Extraction {}

  /**
   * As parallel Dataflow jobs.
   *
   * @param workers of all jobs in total
   */
  public record Jobs(int workers, int jobs) implements Extraction {}

  /** In the container of a Cloud Run job. */
  public record Here() implements Extraction {}

  /** The estimate as a table. */
  public CostTable table() {
    PairSize size = PairSize.FULL;

    return new CostTable("estimated cost of a pair, in US dollars")
        .add("extract, " + extractionInWords(), extract(size))
        .add("merge, " + mergeMethod, merge(size))
        .note(
            "For a pair with %,d rows, %,d columns and %,d checkpoints, which are kept for %d days."
                .formatted(size.rows(), size.columns(), size.checkpoints(), CHECKPOINT_DAYS))
        .note(
            "Worker times are extrapolated from runs on one machine; a finished run reports actual usage.");
  }

  private Usage extract(PairSize size) {
    return extraction instanceof Jobs jobs
        ? EstimatedUsage.extractJobs(size, jobs.workers, machineType, jobs.jobs, CHECKPOINT_DAYS)
        : EstimatedUsage.extractHere(size, CHECKPOINT_DAYS);
  }

  private String extractionInWords() {
    return extraction instanceof Jobs jobs
        ? "%d Dataflow jobs, %d workers in total".formatted(jobs.jobs, jobs.workers)
        : "in its own container";
  }

  private Usage merge(PairSize size) {
    return switch (mergeMethod) {
      case BEAM -> EstimatedUsage.mergeJob(size, machineType);
      case COMPOSE -> EstimatedUsage.mergeByCompose(size);
      case BIGQUERY -> EstimatedUsage.mergeByQueries(size, SCANS);
      // All others read and write every byte in their container.
      default -> EstimatedUsage.mergeHere(size);
    };
  }
}
