package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.bqx.doubles.DataflowStub;
import ml.bqx.doubles.FakeBigQuery;
import ml.bqx.doubles.ObjectStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The jobs as they were asked for: with the variables that the design names, those of the
 * manifests, and nothing else but the addresses of the doubles.
 */
@ExtendWith(SampleSets.class)
class OriginalCommandsTest {
  private static final Map<String, String> NAMES =
      Map.of(
          "PROJECT", "test-project",
          "REGION", "us-central1",
          "DATA_BUCKET", "my-data",
          "TEMP_BUCKET", "my-temp",
          "JOBS_BUCKET", "my-jobs");

  /** The sample is smaller than what the manifests expect. */
  private static final Map<String, String> SMALL_SAMPLE =
      Map.of(
          "EXPECTED_CHECKPOINTS", "16",
          "MIN_CHECKPOINT_BYTES", "0",
          "MIN_CHECKPOINTS", "16",
          "EXPECTED_FEATURES", "157",
          "MIN_ROWS", "2500");

  @TempDir Path root;

  private final Map<String, String> environment = new HashMap<>();
  private DataflowStub dataflow;
  private ObjectStore storage;
  private int askedByJob = -1;
  private FakeBigQuery bigQuery;
  private Workplace place;

  @BeforeEach
  void open(SampleSets.Sets sets) throws Exception {
    for (String bucket : List.of("bqx-ml-staging", "bqx-ml-output", "my-jobs", "my-temp")) {
      Files.createDirectories(root.resolve(bucket));
    }

    Files.createDirectories(root.resolve("my-jobs/templates"));
    for (String kind : List.of("extract", "merge")) {
      Files.writeString(root.resolve("my-jobs/templates/%s.json".formatted(kind)), "{}");
    }

    dataflow = new DataflowStub();
    storage = ObjectStore.ofBuckets(root);
    bigQuery = FakeBigQuery.over(sets.warehouse());
    place = new Workplace(root.resolve("bqx-ml-staging"), sets.warehouse());
    environment.put("DATAFLOW_ENDPOINT", dataflow.endpoint());
    environment.put("GCS_ENDPOINT", storage.endpoint());
    environment.put("BIGQUERY_ENDPOINT", bigQuery.endpoint());
    environment.put("POLL_SECONDS", "0.1");
    environment.put("GCS_CHECKPOINT_BUCKET", "gs://bqx-ml-staging/checkpoints");
  }

  @AfterEach
  void close() throws Exception {
    dataflow.close();
    storage.close();
    bigQuery.close();
  }

  @Test
  void anExtractionRunsWithThreeVariables() throws Exception {
    environment.putAll(SMALL_SAMPLE);
    environment.put("PAIR", "eurusd");
    environment.put("EXTRACTION_WORKERS", "25");
    assertExtracts();
  }

  /** gcloud run jobs execute bqx-ml-extract --region us-central1 --args="eurusd". */
  @Test
  void anExtractionRunsWithItsPairAsTheOnlyArgument() throws Exception {
    environment.putAll(SMALL_SAMPLE);
    assertExtracts("eurusd");
  }

  private void assertExtracts(String... args) throws Exception {
    dataflow.onLaunch =
        job ->
            job.whenDone(
                () -> {
                  int asked = bigQuery.queries() - bigQuery.counts();
                  assertDone(
                      BigQueryExtractionTest.extract(
                          place,
                          bigQuery,
                          "--checkpoints=" + place.checkpoints(),
                          "--snapshotTime=" + job.parameters.get("snapshotTime"),
                          "--discovery=" + local(job.parameters.get("discovery"))));
                  askedByJob = bigQuery.queries() - bigQuery.counts() - asked;
                });

    assertThat(run("bqx-ml-extract", 0, args)).containsPattern("eurusd +done +2,500 +157 ");
    assertThat(askedByJob).as("questions besides those for numbers of rows").isZero();
    assertThat(dataflow.launched().get(0).parameters)
        .containsEntry("pair", "eurusd")
        .containsEntry("warehouse", "bigquery")
        .containsEntry("checkpoints", "gs://bqx-ml-staging/checkpoints")
        .containsEntry("expectedCheckpoints", "16")
        .containsEntry("minCheckpointBytes", "0");
  }

  /** Where the bucket's double has it. */
  private Path local(String object) {
    return root.resolve(object.substring("gs://".length()));
  }

  @Test
  void anExtractionOfAnotherNumberOfTablesIsNone() throws Exception {
    assertThat(run("bqx-ml-extract", 1, "eurusd"))
        .contains(
            "error: Cannot extract eurusd: the warehouse has 16 tables of it, targets included, and --expectedCheckpoints=667 requires another number")
        .doesNotContain("\tat ");
    assertThat(dataflow.launched()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "duckdb"})
  void aMergeRunsWithFourVariables(String method) throws Exception {
    extracted();
    environment.putAll(SMALL_SAMPLE);
    environment.put("PAIR", "eurusd");
    environment.put("GCS_OUTPUT_BUCKET", "gs://bqx-ml-output");
    environment.put("MERGE_METHOD", method);

    assertThat(run("bqx-ml-merge", 0))
        .contains("merged eurusd")
        .containsPattern("eurusd +done +2,500 +157 ");
    assertThat(Workplace.filesBelow(root.resolve("bqx-ml-output")))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }

  @Test
  void aMergeRunsWithItsPairAsTheOnlyArgument() throws Exception {
    extracted();
    environment.putAll(SMALL_SAMPLE);
    environment.put("GCS_OUTPUT_BUCKET", "gs://bqx-ml-output");

    assertThat(run("bqx-ml-merge", 0, "eurusd")).contains("merged eurusd");
  }

  @Test
  void aMergeOfFewerCheckpointsIsNone() throws Exception {
    extracted();
    environment.put("GCS_OUTPUT_BUCKET", "gs://bqx-ml-output");

    assertThat(run("bqx-ml-merge", 1, "eurusd")).contains("error: ", "600").doesNotContain("\tat ");
    assertThat(Workplace.filesBelow(root.resolve("bqx-ml-output"))).isEmpty();
  }

  @Test
  void aMergeByDataflowIsLaunched() throws Exception {
    extracted();
    environment.putAll(SMALL_SAMPLE);
    environment.put("GCS_OUTPUT_BUCKET", "gs://bqx-ml-output");
    dataflow.onLaunch =
        job ->
            job.whenDone(
                () ->
                    assertDone(
                        place.merge(
                            "--mergeMethod=stream", "--output=" + root.resolve("bqx-ml-output"))));

    assertThat(run("bqx-ml-merge-beam", 0, "eurusd")).containsPattern("eurusd +done +2,500 +157 ");
    assertThat(dataflow.launched().get(0).parameters)
        .containsEntry("minCheckpoints", "16")
        .containsEntry("expectedFeatures", "157")
        .containsEntry("expectedTargets", "7")
        .containsEntry("minRows", "2500");
  }

  private void extracted() {
    assertDone(BigQueryExtractionTest.extract(place, bigQuery));
  }

  private String run(String job, int code, String... args)
      throws IOException, InterruptedException {
    Path log = root.resolve("log");
    Process process = LauncherImage.of(job, NAMES).start(environment, log, args);
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", job).isTrue();
    } finally {
      process.destroyForcibly();
    }

    String text = Files.readString(log);
    assertThat(process.exitValue()).as(text).isEqualTo(code);
    return text;
  }
}
