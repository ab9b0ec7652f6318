package ml.bqx.launch;

import com.google.common.math.IntMath;
import java.math.RoundingMode;
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

  /** Each job starts a machine of its own before its workers, so that one worker would not pay. */
  private static final int WORKERS_OF_A_JOB = 2;

  /** Whether an extraction is divided at all. */
  static boolean isDivisible(LauncherConfig config) {
    return config.kind() == LaunchKind.EXTRACT && readsBigQuery(config.parameters());
  }

  private static boolean readsBigQuery(Map<String, String> parameters) {
    return parameters.getOrDefault(WAREHOUSE, BIGQUERY).equals(BIGQUERY);
  }

  /**
   * The jobs of a pair: as many as the configuration says, or else as pay for what is to be read.
   *
   * @param values that an extraction would read, timestamps included; asked for only when the
   *     number of jobs depends on it
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

    int workers = Math.min(limit, CostEstimate.worthwhileWorkers(values.getAsDouble()));
    int jobs = IntMath.divide(workers, WORKERS_OF_A_JOB, RoundingMode.CEILING);
    return new JobSplit(jobs, Math.min(WORKERS_OF_A_JOB, limit / jobs));
  }
}
