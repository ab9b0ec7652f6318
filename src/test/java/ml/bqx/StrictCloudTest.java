package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.doubles.FakeBigQuery;
import ml.bqx.doubles.StubJob;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nights in the cloud, against doubles that refuse what the services' documentation says they do:
 * the launcher's real main, and behind Dataflow's double the pipelines' real mains, with the
 * parameters that were launched, on the objects of the bucket and the tables of BigQuery.
 */
class StrictCloudTest {
  private static final int ROWS = 200;
  private static final String FEATURES = "bqx_ml_v3_features_v2";

  /** Tables of the pair, besides its targets. */
  private static final List<String> TABLES =
      List.of("agg_eurusd", "mom_eurusd", "reg_eurusd", "vol_eurusd", "mkt_regime");

  @TempDir private static Path tables;
  private static Path warehouse;
  private static Path night;

  @TempDir private Path bucket;

  private LaunchSite site;
  private FakeBigQuery bigQuery;

  /** The most jobs that were active at once. */
  private long busiest;

  @BeforeAll
  static void fillWarehouse() throws Exception {
    warehouse = tables.resolve("warehouse.duckdb");
    try (Duck duck = Duck.of(warehouse)) {
      duck.run("CREATE SCHEMA " + FEATURES);
      duck.run("CREATE SCHEMA bqx_ml_v3_analytics_v2");
      for (String table : TABLES) {
        create(duck, FEATURES + "." + table);
      }

      create(duck, "bqx_ml_v3_analytics_v2.targets_eurusd");
    }

    night = tables.resolve("night");
    try (FakeBigQuery bigQuery = FakeBigQuery.over(warehouse)) {
      List<String> args = new ArrayList<>(List.of(bigQuery.args()));
      args.addAll(List.of("--pair=eurusd", "--checkpoints=" + night, "--waves=1"));
      assertDone(
          Outcome.of(
              all -> ExtractPipeline.run(bigQuery.services(), all), args.toArray(String[]::new)));
    }
  }

  private static void create(Duck duck, String table) throws Exception {
    duck.run(
        "CREATE TABLE %s AS SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) MINUTE AS interval_time, i + 0.5::DOUBLE AS a FROM range(%d) t(i)"
            .formatted(table, ROWS));
  }

  @BeforeEach
  void open() throws Exception {
    site = new LaunchSite(bucket);
    bigQuery = FakeBigQuery.over(warehouse);
    site.storage.limitsWrites = true;
    site.dataflow.onLaunch = job -> job.whenDone(() -> run(job));
    site.with("WAVES", "1")
        .with("PROJECT", "test-project")
        .with("TIMEOUT_MINUTES", "2")
        .with("BIGQUERY_ENDPOINT", bigQuery.endpoint());
  }

  @AfterEach
  void close() throws Exception {
    site.close();
    bigQuery.close();
  }

  /** Puts the checkpoints of a night before into the bucket, as those of a pair. */
  private void extracted(String pair) {
    try {
      String checkpoints = bucket.resolve("checkpoints").resolve(pair).toString();
      Workplace.copy(night.resolve(Workplace.PAIR), Path.of(checkpoints));
      Manifest eurusd = Manifest.read(Storage.local(), checkpoints).orElseThrow();
      new Manifest(
              eurusd.version(),
              eurusd.tool(),
              pair,
              eurusd.warehouse(),
              eurusd.snapshotTime(),
              eurusd.layout(),
              eurusd.floatType(),
              eurusd.options(),
              eurusd.spine(),
              eurusd.skippedTables(),
              eurusd.columnsAsDouble(),
              eurusd.checkpoints(),
              eurusd.statistics())
          .write(Storage.local(), checkpoints);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The job's work in little time: what it makes is there. */
  private void workQuickly() {
    site.dataflow.onLaunch =
        job -> {
          busiest = Math.max(busiest, site.dataflow.active());
          job.whenDone(() -> extracted(job.parameters.get("pair")));
        };
  }

  /** What the template's container does, and the job's workers. */
  private void run(StubJob job) {
    List<String> args = new ArrayList<>();
    args.add("--runner=DirectRunner");
    args.add("--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
    job.parameters.forEach((name, value) -> args.add("--%s=%s".formatted(name, value)));
    args.add("--project=" + site.environment.get("PROJECT"));
    String[] all = args.toArray(String[]::new);
    int code =
        job.name.startsWith("bqx-merge")
            ? MergePipeline.run(all)
            : ExtractPipeline.run(bigQuery.services(), all);

    if (code != 0) {
      job.error("error: exit code " + code).states("FAILED");
    }
  }

  /** Tables that were read, and now are forgotten. */
  private List<String> tablesRead() {
    List<String> read =
        bigQuery.sessions.stream()
            .map(CreateReadSessionRequest::getReadSession)
            .map(session -> session.getTable().replaceFirst(".*/tables/", ""))
            .distinct()
            .sorted()
            .toList();
    bigQuery.sessions.clear();
    // The targets make the rows, so each extraction looks at them.
    return read.stream().filter(table -> !table.equals("targets_eurusd")).toList();
  }

  private List<String> objects(String folder) {
    return Workplace.filesBelow(bucket.resolve(folder));
  }

  @Test
  void onePairGetsFromItsTablesToItsTrainingFile() {
    Outcome extract = site.launch("extract");
    Outcome merge = site.launch("merge");

    assertDone(extract);
    assertDone(merge);
    assertThat(extract.out()).containsPattern("eurusd +done +200 +5 ");
    assertThat(merge.out()).containsPattern("eurusd +done +200 +5 ");
    assertThat(objects("output"))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
    assertThat(objects("checkpoints")).noneMatch(name -> name.contains("_temporary"));
    assertThat(site.storage.earlyWrites).isEmpty();
  }

  @Test
  void allPairsAreExtractedWithinTheQuotaThatOthersLeave() {
    workQuickly();
    for (int other = 0; other < 17; other++) {
      site.dataflow.add("job-of-others-" + other, "RUNNING");
    }

    Outcome outcome = site.without("PAIR").with("PAIRS", "all").launch("extract");

    assertDone(outcome);
    assertThat(outcome.out()).contains("extract: 28 of 28 pairs are done");
    assertThat(outcome.err()).doesNotContain("quota");
    assertThat(busiest).isEqualTo(25);
    assertThat(site.dataflow.launches()).hasSize(28);
    assertThat(objects("checkpoints"))
        .filteredOn(name -> name.endsWith("_manifest.json"))
        .hasSize(28);
  }

  /** BigQuery is busy at first, too. */
  @Test
  void aSecondNightReadsTheTablesThatHaveNewRows() {
    extracted("eurusd");
    assertThat(site.launch("extract").out()).containsPattern("eurusd +already complete +200 +5 ");
    assertThat(site.dataflow.launches()).isEmpty();
    List<String> written = List.of("agg_eurusd", "mkt_regime", "vol_eurusd");
    written.forEach(table -> bigQuery.written.put(table, Instant.now().minusSeconds(1)));
    bigQuery.refused.add(
        new FakeBigQuery.Refusal(403, "rateLimitExceeded", "Exceeded rate limits: too many"));
    bigQuery.refused.add(new FakeBigQuery.Refusal(429, "rateLimitExceeded", "Too many requests"));

    Outcome outcome = site.launch("extract");

    assertDone(outcome);
    assertThat(outcome.err()).contains("3 tables are new, changed or gone");
    assertThat(tablesRead()).isEqualTo(written);
  }

  @Test
  void aFullRunAfterASmokeRunReadsWhatIsMissing() {
    assertDone(site.launch("extract", "--groups=agg_eurusd"));
    assertThat(tablesRead()).containsExactly("agg_eurusd");

    assertDone(site.launch("extract"));

    assertThat(tablesRead())
        .containsExactly("mkt_regime", "mom_eurusd", "reg_eurusd", "vol_eurusd");
    assertThat(site.launch("extract").out()).containsPattern("eurusd +already complete +200 +5 ");
  }

  @Test
  void checkpointsThatAreGoneAreMadeAgain() throws Exception {
    extracted("eurusd");
    for (String file : objects("checkpoints")) {
      if (file.matches(".*/checkpoint_(mom|vol).*\\.parquet")) {
        Files.delete(bucket.resolve("checkpoints").resolve(file));
      }
    }

    assertDone(site.launch("extract"));

    assertThat(tablesRead()).containsExactly("mom_eurusd", "vol_eurusd");
  }

  @Test
  void aTemplateThatIsGoneIsMissedBeforeAnythingIsLaunched() throws Exception {
    Files.delete(site.template("extract"));

    Outcome outcome = site.without("PAIR").with("PAIRS", "all").launch("extract");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: EXTRACT_TEMPLATE=gs://bucket/templates/extract.json: no such file; make templates creates it");
    assertThat(site.dataflow.launches()).isEmpty();
  }

  @Test
  void aQuotaThatIsFullIsWaitedFor() {
    workQuickly();
    site.dataflow.quota = 1;
    StubJob other = site.dataflow.add("job-of-others", "RUNNING");
    site.dataflow.start(
        () -> {
          Waiting.until(() -> site.dataflow.launches().size() >= 6, "six launches");
          other.states("DONE");
        });

    Outcome outcome = site.launch("extract");

    assertDone(outcome);
    assertThat(outcome.err())
        .contains(
            "extract eurusd: a quota is full: HTTP 429, The workflow could not be created: the project has 1 active jobs, its quota; trying again");
  }

  /** Five minutes and more: how long is the launcher's own limit, not that of a broken service. */
  @Test
  void aQuotaThatStaysFullIsWaitedForAsLongAsTheLauncherMay() {
    site.dataflow.quota = 0;

    Outcome outcome = site.with("TIMEOUT_MINUTES", "0.05").launch("extract");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot finish extract eurusd: not done after 0:00:03, the limit that TIMEOUT_MINUTES sets");
  }

  @Test
  void aLauncherThatIsKilledIsRepeatedAndItsJobTakenOver() throws Exception {
    workQuickly();
    site.dataflow.script = List.of("RUNNING");
    site.with("CLOUD_RUN_EXECUTION", "bqx-ml-extract-x7k2p");
    Process killed = site.start(bucket.resolve("killed.log"), "extract");
    try {
      Waiting.until(() -> site.dataflow.count("GET /jobs/[^/]+") > 0, "a job is polled");
    } finally {
      killed.destroyForcibly().waitFor();
    }

    site.dataflow.launched().get(0).states("RUNNING", "DONE");

    Outcome outcome = site.with("CLOUD_RUN_TASK_ATTEMPT", "1").launch("extract");

    assertDone(outcome);
    assertThat(outcome.err()).contains("extract eurusd: taking over job bqx-extract-eurusd-");
    assertThat(site.dataflow.launches()).hasSize(1);
  }

  /** Two by hand share a job. One by hand and one of the night have two, which share the work. */
  @ParameterizedTest
  @CsvSource({"'', 1", "bqx-ml-extract-night, 2"})
  void twoLaunchersAtOnceBothEndWell(String execution, int jobs) throws Exception {
    site.dataflow.script = List.of("RUNNING");
    Process first = site.start(bucket.resolve("first.log"), "extract");
    try {
      site.dataflow.start(
          () -> {
            Waiting.until(
                () ->
                    site.dataflow.count("GET /jobs/[^/]+") > 0
                        && site.dataflow.launched().size() == jobs,
                "both have launched");
            Waiting.until(() -> site.dataflow.count("GET /jobs") >= 4, "four lists of jobs");
            site.dataflow.launched().forEach(job -> job.states("RUNNING", "DONE"));
          });

      Outcome second = site.with("CLOUD_RUN_EXECUTION", execution).launch("extract");

      assertDone(second);
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(first.exitValue()).as(log("first.log")).isZero();
    } finally {
      first.destroyForcibly();
    }

    assertThat(site.dataflow.launched()).hasSize(jobs);
    assertThat(tablesRead()).hasSize(TABLES.size());
    assertThat(site.launch("extract").out()).containsPattern("eurusd +already complete +200 +5 ");
  }

  private String log(String name) throws IOException {
    return Files.readString(bucket.resolve(name));
  }
}
