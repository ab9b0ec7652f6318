package ml.bqx.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import ml.bqx.cost.PairSize;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Into how many jobs a pair's work is divided, and how many workers they may have. */
class JobSplitTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PAIR", "eurusd",
          "PROJECT", "my-project",
          "REGION", "us-central1",
          "GCS_CHECKPOINT_BUCKET", "gs://bucket/checkpoints",
          "GCS_OUTPUT_BUCKET", "gs://bucket/output",
          "EXTRACT_TEMPLATE", "gs://bucket/extract.json",
          "MERGE_TEMPLATE", "gs://bucket/merge.json");

  @Test
  void fullPairTakesOneJobAndThreeWorkers() {
    assertThat(JobSplit.of(extract(), PairSize.FULL::values)).isEqualTo(new JobSplit(1, 3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 1e6})
  void littleWorkIsOneJobOfOneWorker(double values) {
    assertThat(JobSplit.of(extract(), () -> values)).isEqualTo(new JobSplit(1, 1));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "7", "25"})
  void chosenJobsNeverHaveMoreWorkersThanTheLimit(int limit) {
    for (double values = 1e6; values < 1e12; values *= 3) {
      double each = values;
      JobSplit split = JobSplit.of(extract("--extractionWorkers=" + limit), () -> each);

      assertThat(split.workers()).isPositive();
      assertThat(split.jobs() * split.workers()).isLessThanOrEqualTo(limit);
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 25, 3", "3, 25, 8", "25, 25, 1", "1, 25, 25"})
  void requestedJobsShareTheWorkers(int waves, int limit, int workers) {
    LauncherConfig config = extract("--waves=" + waves, "--extractionWorkers=" + limit);

    assertThat(JobSplit.of(config, () -> 0)).isEqualTo(new JobSplit(waves, workers));
  }

  @Test
  void moreJobsThanWorkersAreRefused() {
    assertThatThrownBy(() -> extract("--waves=26"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("WAVES=26: more than EXTRACTION_WORKERS=25, and each needs a worker");
  }

  @Test
  void mergeIsOneJobWithALimitOfItsOwn() {
    LauncherConfig config =
        LaunchArguments.config(LaunchKind.MERGE, ENVIRONMENT, List.of("--mergeWorkers=3"));

    assertThat(JobSplit.of(config, () -> 0)).isEqualTo(new JobSplit(1, 3));
  }

  @Test
  void embeddedWarehouseIsNotDivided() {
    assertThat(JobSplit.of(extract("--warehouse=duckdb:w.duckdb"), () -> 1e12))
        .isEqualTo(new JobSplit(1, 25));
  }

  private static LauncherConfig extract(String... args) {
    return LaunchArguments.config(LaunchKind.EXTRACT, ENVIRONMENT, List.of(args));
  }
}
