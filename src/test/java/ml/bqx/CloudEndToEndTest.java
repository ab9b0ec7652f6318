package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import ml.bqx.doubles.DataflowStub;
import ml.bqx.doubles.Emulators;
import ml.bqx.doubles.StubJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that is deployed, together: the launcher's entrypoint with the manifests' variables launches
 * Flex Templates, whose mains run as processes here, from BigQuery to training files. Only Google's
 * machines are played: by emulators of BigQuery and Cloud Storage and a stub of Dataflow.
 */
@Tag("emulators")
class CloudEndToEndTest {
  private static final List<String> PAIRS = List.of("eurusd", "gbpusd", "usdjpy");
  private static final int ROWS = 600;
  private static final int MINUTES = 5;

  /** What the manifests require of a full pair, and this small one does not have. */
  private static final List<String> CRITERIA =
      List.of(
          "EXPECTED_CHECKPOINTS",
          "MIN_CHECKPOINT_BYTES",
          "MIN_CHECKPOINTS",
          "EXPECTED_FEATURES",
          "EXPECTED_TARGETS",
          "MIN_ROWS");

  /** Parameters that only a test sets, to find the emulators. */
  private static final Set<String> ENDPOINTS = Set.of("gcsEndpoint", "bigQueryEndpoint");

  @TempDir Path directory;

  private final DataflowStub dataflow = new DataflowStub();
  private final String features = Emulators.unique("features_");
  private final String analytics = Emulators.unique("analytics_");
  private String data;
  private String temp;
  private String jobs;

  CloudEndToEndTest() throws IOException {}

  @BeforeEach
  void fillTheCloud() throws IOException {
    data = Emulators.newBucket();
    temp = Emulators.newBucket();
    jobs = Emulators.newBucket();
    for (String kind : List.of("extract", "merge")) {
      Emulators.upload(
          jobs + "/templates/" + kind + ".json", "{}".getBytes(StandardCharsets.UTF_8));
    }

    Emulators.query("CREATE SCHEMA " + features);
    Emulators.query("CREATE SCHEMA " + analytics);
    for (String pair : PAIRS) {
      int scale = 1 + PAIRS.indexOf(pair);
      table(features + ".agg_" + pair, "i * %d AS a, i / 4 AS b".formatted(scale), "TRUE");
      table(features + ".mom_" + pair, "i + 0.5 AS m", "MOD(i, 10) <> 3");
      table(analytics + ".targets_" + pair, "i * 2 AS t", "TRUE");
    }

    table(features + ".csi_usd", "i - 7 AS c", "TRUE");
    dataflow.script = List.of("RUNNING");
    dataflow.onLaunch = job -> dataflow.start(() -> runAsDataflowWould(job));
  }

  private static void table(String name, String columns, String where) {
    Emulators.query(
        "CREATE TABLE %s AS SELECT TIMESTAMP_ADD(TIMESTAMP '2024-01-01 00:00:00+00', INTERVAL i MINUTE) AS interval_time, %s FROM UNNEST(GENERATE_ARRAY(0, %d)) AS i WHERE %s"
            .formatted(name, columns, ROWS - 1, where));
  }

  @AfterEach
  void close() {
    dataflow.close();
  }

  @Test
  void threePairsGetFromBigQueryToTrainingFilesInParallel() throws Exception {
    List<Process> extractions = new ArrayList<>();
    for (String pair : PAIRS) {
      extractions.add(
          start(
              "bqx-ml-extract",
              pair,
              "--featuresDataset=" + features,
              "--analyticsDataset=" + analytics));
    }

    for (String pair : PAIRS) {
      assertGood("bqx-ml-extract", pair, extractions.get(PAIRS.indexOf(pair)));
    }

    assertThat(dataflow.launched()).hasSize(2 * PAIRS.size());
    List<String> mergeJobs = List.of("bqx-ml-merge-beam", "bqx-ml-merge", "bqx-ml-merge-large");
    List<Process> merges = new ArrayList<>();
    for (String pair : PAIRS) {
      merges.add(start(mergeJobs.get(PAIRS.indexOf(pair)), pair));
    }

    for (String pair : PAIRS) {
      assertGood(mergeJobs.get(PAIRS.indexOf(pair)), pair, merges.get(PAIRS.indexOf(pair)));
      assertTrainingFile(pair);
    }

    assertThat(dataflow.launched()).hasSize(2 * PAIRS.size() + 1);
  }

  private Process start(String job, String pair, String... args) throws IOException {
    Map<String, String> names =
        Map.of(
            "PROJECT",
            Emulators.PROJECT,
            "REGION",
            "us-central1",
            "DATA_BUCKET",
            data.substring("gs://".length()),
            "TEMP_BUCKET",
            temp.substring("gs://".length()),
            "JOBS_BUCKET",
            jobs.substring("gs://".length()));
    Map<String, String> environment = new HashMap<>();
    environment.put("PAIR", pair);
    CRITERIA.forEach(criterion -> environment.put(criterion, "0"));
    environment.put("POLL_SECONDS", "0.5");
    environment.put("DATAFLOW_ENDPOINT", dataflow.endpoint());
    environment.put("GCS_ENDPOINT", System.getenv("BQX_GCS_ENDPOINT"));
    if (job.contains("extract")) {
      environment.put("BIGQUERY_ENDPOINT", System.getenv("BQX_BIGQUERY_ENDPOINT"));
      environment.put("WAVES", "2");
      // One after the other: each is a JVM of its own here.
      environment.put("MAX_CONCURRENT_JOBS", "1");
    }

    if (job.equals("bqx-ml-merge")) {
      // The original's default, with the variables and the memory of the manifest.
      environment.put("MERGE_METHOD", "bigquery");
      environment.put("BIGQUERY_ENDPOINT", System.getenv("BQX_BIGQUERY_ENDPOINT"));
    } else if (job.equals("bqx-ml-merge-large")) {
      // With polars, which the image has on its path.
      Path python = Path.of(EqualTablesOfPolarsTest.python());
      environment.put("PATH", python.getParent() + ":" + System.getenv("PATH"));
    }

    return LauncherImage.of(job, names).start(environment, log(job, pair), args);
  }

  private Path log(String job, String pair) {
    return directory.resolve(job + "-" + pair + ".log");
  }

  private void assertGood(String job, String pair, Process process) throws Exception {
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("%s %s ends", job, pair).isTrue();
    String log = Files.readString(log(job, pair));

    assertThat(process.exitValue()).as(log).isZero();
    assertThat(log).contains("1 of 1 pair is done").containsPattern(pair + " +done");
  }

  private void assertTrainingFile(String pair) throws Exception {
    Path file = directory.resolve(pair + ".parquet");
    Emulators.download("%s/training/training_%s.parquet".formatted(data, pair), file);
    String i = "range::DOUBLE";
    try (Duck duck = Duck.inMemory()) {
      assertThat(duck.columns(Duck.values(file)).keySet())
          .containsExactly("interval_time", "t", "agg__a", "agg__b", "csi_usd__c", "mom__m");
      assertThat(
              duck.number(
                  """
                  SELECT count(*) FROM range(%d) JOIN (%s)
                  ON epoch_ms(interval_time) = epoch_ms(TIMESTAMPTZ '2024-01-01 00:00:00+00') + range * 60000
                  WHERE t = %s * 2 AND agg__a = %s * %d AND agg__b = %s / 4 AND csi_usd__c = %s - 7
                  AND mom__m IS NOT DISTINCT FROM CASE WHEN range %% 10 = 3 THEN NULL ELSE %s + 0.5 END
                  """
                      .formatted(ROWS, Duck.values(file), i, i, 1 + PAIRS.indexOf(pair), i, i, i)))
          .as("rows of %s with the right values", pair)
          .isEqualTo(ROWS);
      assertThat(duck.number("SELECT count(*) FROM (%s)".formatted(Duck.values(file))))
          .isEqualTo(ROWS);
    }
  }

  /** Runs the template's main. */
  private void runAsDataflowWould(StubJob job) {
    try {
      String kind = job.name.startsWith("bqx-extract") ? "extract" : "merge";
      Path log = directory.resolve(job.name + ".log");
      if (pipeline(kind, job.parameters, log).waitFor() == 0) {
        job.states("DONE");
      } else {
        job.error(Files.readString(log)).states("FAILED");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process pipeline(String kind, Map<String, String> parameters, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1"));
    command.add("-Djavax.net.ssl.trustStore=" + System.getenv("BQX_TRUST_STORE"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(
        kind.equals("extract") ? ExtractPipeline.class.getName() : MergePipeline.class.getName());
    // In Google's cloud: the Dataflow runner, and the job is submitted.
    command.add("--runner=DirectRunner");
    Emulators.args().stream()
        .filter(arg -> ENDPOINTS.stream().noneMatch(arg::contains))
        .forEach(command::add);
    parameters.forEach((name, value) -> command.add("--%s=%s".formatted(name, value)));

    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
