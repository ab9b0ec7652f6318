package ml.bqx.launch.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.MetricStructuredName;
import com.google.api.services.dataflow.model.MetricUpdate;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import ml.bqx.cost.Usage;
import org.junit.jupiter.api.Test;

class JobMeasuresTest {
  @Test
  void jobIsPaidByTheServicesFinalMetrics() {
    JobMetrics metrics =
        metrics(
            update("TotalVcpuTime", 7200, Map.of()),
            update("TotalVcpuTime", 9000, Map.of("tentative", "true")),
            update("TotalMemoryUsage", 1024 * 3600, Map.of("original_name", "Service-mem")),
            update("TotalPdUsage", 3600, null),
            update("TotalShuffleDataProcessed", 40, null),
            update("BillableShuffleDataProcessed", 10, null));

    assertThat(new JobMeasures(metrics).usage()).isEqualTo(Usage.dataflow(7200, 3600, 3600, 10));
  }

  @Test
  void jobWithoutBillableShuffleIsPaidByAllOfIt() {
    JobMetrics metrics = metrics(update("TotalShuffleDataProcessed", 40, null));

    assertThat(new JobMeasures(metrics).usage()).isEqualTo(Usage.dataflow(0, 0, 0, 40));
  }

  @Test
  void jobThatTellsNothingCostsNothing() {
    assertThat(new JobMeasures(new JobMetrics()).usage().dollars()).isZero();
  }

  private static JobMetrics metrics(MetricUpdate... updates) {
    return new JobMetrics().setMetrics(Arrays.asList(updates));
  }

  private static MetricUpdate update(String name, long value, Map<String, String> context) {
    return new MetricUpdate()
        .setName(
            new MetricStructuredName().setOrigin("dataflow/v1b3").setName(name).setContext(context))
        .setScalar(BigDecimal.valueOf(value));
  }
}
