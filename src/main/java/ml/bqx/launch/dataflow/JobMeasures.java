package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.MetricUpdate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The progress of a job, from its metrics.
 *
 * @param records elements of its largest collection
 * @param bytes their approximate size
 * @param stillMissing checkpoints of all jobs that an extraction found missing at its end; -1 if
 *     unknown
 */
public record JobMeasures(long records, long bytes, long stillMissing) {
  /** The counter of the extraction's waves. */
  private static final String STILL_MISSING = "stillMissing";

  /** Reads the final metrics of the service; there are tentative ones too. */
  static JobMeasures of(JobMetrics metrics) {
    Map<String, Double> elements = new HashMap<>();
    Map<String, Double> meanBytes = new HashMap<>();
    long stillMissing = -1;
    List<MetricUpdate> updates = metrics.getMetrics() == null ? List.of() : metrics.getMetrics();
    for (MetricUpdate update : updates) {
      Map<String, String> context = update.getName().getContext();
      if (context != null && !context.containsKey("tentative")) {
        String collection = context.getOrDefault("original_name", "");
        switch (update.getName().getName()) {
          case "ElementCount" -> elements.put(collection, value(update));
          case "MeanByteCount" -> meanBytes.put(collection, value(update));
          case STILL_MISSING -> stillMissing = (long) value(update);
          default -> {}
        }
      }
    }

    String largest =
        elements.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse("");
    double records = elements.getOrDefault(largest, 0.0);

    return new JobMeasures(
        (long) records, (long) (records * meanBytes.getOrDefault(largest, 0.0)), stillMissing);
  }

  private static double value(MetricUpdate update) {
    double count = number(update.getMeanCount());

    return count > 0 ? number(update.getMeanSum()) / count : number(update.getScalar());
  }

  private static double number(Object scalar) {
    return scalar instanceof Number number ? number.doubleValue() : 0;
  }
}
