package ml.bqx.launch;

import java.util.Map;
import java.util.function.DoubleSupplier;
import ml.bqx.cost.CostEstimate;

/**
 * How the work of a pair is divided into jobs.
 *
 * @param jobs number of jobs; an extraction's are its waves
 * @param workers maximum workers of one job; 0 leaves it to Dataflow
 */
public record JobSplit(int jobs, int workers) {
  /** Source of an extraction's rows, unless an option names another. */
  static final String BIGQUERY = "bigquery";

  private static final String WAREHOUSE = "warehouse";

  /** Whether an extraction is divided at all. */
  static boolean isDivisible(LauncherConfig config) {
    return config.kind() == LaunchKind.EXTRACT && readsBigQuery(config.parameters());
  }

  private static boolean readsBigQuery(Map<String, String> parameters) {
    return parameters.getOrDefault(WAREHOUSE, BIGQUERY).equals(BIGQUERY);
  }

  /**
   * The jobs of a pair: as many as the configuration says, or else one, as each starts a machine of
   * its own before its workers, with as many workers as pay for what is to be read.
   *
   * @param values that an extraction would read, timestamps included; asked for only when the
   *     number of workers depends on it
   */
  public static JobSplit of(LauncherConfig config, DoubleSupplier values) {
    int limit = config.extractionWorkers();
    if (config.kind() == LaunchKind.MERGE) {
      return new JobSplit(1, config.mergeWorkers());
    } else if (!isDivisible(config)) {
      return new JobSplit(1, limit);
    } else if (config.waves().isPresent()) {
      int jobs = config.waves().getAsInt();
      return new JobSplit(jobs, limit / jobs);
    }

    return new JobSplit(1, Math.min(limit, CostEstimate.worthwhileWorkers(values.getAsDouble())));
  }
}
