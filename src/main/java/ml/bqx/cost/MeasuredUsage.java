package ml.bqx.cost;

import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.MetricUpdate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.Manifest;

/** Usage of a run, as counted by the services. */
public final class MeasuredUsage {
  private static final String TENTATIVE = "tentative";
  private static final double MB_PER_GB = 1024;
  private static final double BYTES_PER_GIB = 1L << 30;

  /** https://cloud.google.com/bigquery/pricing#data: FLOAT64, INT64, TIMESTAMP and DATE. */
  private static final int BYTES_PER_VALUE = 8;

  private MeasuredUsage() {}

  /**
   * A Dataflow job, by the service's own metrics; a missing metric counts as 0.
   *
   * @param metrics of {@code projects.locations.jobs.getMetrics}, after the job's end
   */
  public static Usage job(JobMetrics metrics) {
    double shuffle =
        isPresent(metrics, "BillableShuffleDataProcessed")
            ? value(metrics, "BillableShuffleDataProcessed")
            : value(metrics, "TotalShuffleDataProcessed");

    return Usage.dataflow(
        value(metrics, "TotalVcpuTime"),
        value(metrics, "TotalMemoryUsage") / MB_PER_GB,
        value(metrics, "TotalPdUsage"),
        shuffle);
  }

  /** This container for a time, with the vCPUs and the memory that it has. */
  public static Usage container(Duration duration) {
    Runtime runtime = Runtime.getRuntime();
    // The JDK's own bean, which knows the limits of a container.
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : runtime.maxMemory();

    return Usage.container(
        duration.toMillis() / 1000.0, runtime.availableProcessors(), memory / BYTES_PER_GIB);
  }

  /** The bytes that BigQuery bills for reading the tables of a manifest. */
  public static Usage storageRead(Manifest manifest) {
    return Usage.storageRead(
        manifest.checkpoints().stream().mapToDouble(MeasuredUsage::bytesRead).sum());
  }

  private static double bytesRead(CheckpointEntry entry) {
    double row = BYTES_PER_VALUE;
    for (CheckpointEntry.ColumnEntry column : entry.columns()) {
      row += bytes(column.type());
    }

    return entry.rowsRead() * row;
  }

  /** As BigQuery counts; the lengths of strings, which are rare, are unknown here. */
  private static double bytes(String type) {
    if (type.equals("BOOL")) {
      return 1;
    }

    return type.startsWith("NUMERIC") ? 2 * BYTES_PER_VALUE : BYTES_PER_VALUE;
  }

  private static boolean isPresent(JobMetrics metrics, String name) {
    return updates(metrics).stream().anyMatch(update -> isFinal(update, name));
  }

  private static double value(JobMetrics metrics, String name) {
    return updates(metrics).stream()
        .filter(update -> isFinal(update, name))
        .map(MetricUpdate::getScalar)
        .filter(Number.class::isInstance)
        .mapToDouble(scalar -> ((Number) scalar).doubleValue())
        .max()
        .orElse(0);
  }

  private static List<MetricUpdate> updates(JobMetrics metrics) {
    return metrics.getMetrics() == null ? List.of() : metrics.getMetrics();
  }

  /** The service reports every metric twice: the final value, and a tentative one. */
  private static boolean isFinal(MetricUpdate update, String name) {
    Map<String, String> context = update.getName().getContext();

    return name.equals(update.getName().getName())
        && (context == null || !context.containsKey(TENTATIVE));
  }
}
