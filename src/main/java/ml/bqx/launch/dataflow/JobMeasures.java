package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.MetricUpdate;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.cost.Usage;

/** The final metrics of a job; the service also reports tentative ones. */
public final class JobMeasures {
  private static final double MB_PER_GB = 1024;

  /** By name and collection; a metric without a collection has an empty one. */
  private final Table<String, String, Double> metrics = HashBasedTable.create();

  JobMeasures(JobMetrics answer) {
    for (MetricUpdate update :
        Objects.requireNonNullElse(answer.getMetrics(), List.<MetricUpdate>of())) {
      Map<String, String> context =
          Objects.requireNonNullElse(update.getName().getContext(), Map.of());
      if (!context.containsKey("tentative")) {
        metrics.put(
            update.getName().getName(), context.getOrDefault("original_name", ""), value(update));
      }
    }
  }

  private static double value(MetricUpdate update) {
    double count = number(update.getMeanCount());
    return count > 0 ? number(update.getMeanSum()) / count : number(update.getScalar());
  }

  private static double number(Object scalar) {
    return scalar instanceof Number number ? number.doubleValue() : 0;
  }

  private double value(String name, double otherwise) {
    return metrics.row(name).values().stream()
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(otherwise);
  }

  /** Elements of the largest collection. */
  long records() {
    return (long) value("ElementCount", 0);
  }

  /** Approximate size of the largest collection. */
  long bytes() {
    return metrics.row("ElementCount").entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .map(metrics.row("MeanByteCount")::get)
        .map(bytes -> (long) (bytes * records()))
        .orElse(0L);
  }

  /** Checkpoints of all jobs that an extraction found missing at its end; -1 if unknown. */
  public long stillMissing() {
    return (long) value("stillMissing", -1);
  }

  /** What the job has used; a missing metric counts as 0. */
  public Usage usage() {
    return Usage.dataflow(
        value("TotalVcpuTime", 0),
        value("TotalMemoryUsage", 0) / MB_PER_GB,
        value("TotalPdUsage", 0),
        value("BillableShuffleDataProcessed", value("TotalShuffleDataProcessed", 0)));
  }
}
