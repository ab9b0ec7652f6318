package ml.bqx;

import static ml.bqx.Workplace.PAIR;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import ml.bqx.doubles.DataflowStub.Call;
import ml.bqx.doubles.StubJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Launches that go as they should, by Google's own client against a stub of the services. */
class LauncherTest extends LaunchFixture {
  @Test
  void anExtractionIsLaunchedInWavesSideBySideAndVerified() {
    site.checkpoints(sets.aligned());
    site.dataflow.onLaunch = job -> job.whenDone(site::publishManifest);
    site.with("LABELS", "team=quant")
        .with("WORKER_SERVICE_ACCOUNT", "worker@my-project.iam.gserviceaccount.com")
        .with("SUBNETWORK", "regions/us-central1/subnetworks/default")
        .with("BIGQUERY_ENDPOINT", "http://localhost:9/")
        .with("CLOUD_RUN_EXECUTION", "bqx-ml-extract-x7k2p");

    Outcome outcome = site.extract("--startDate=2024-01-01");

    assertDone(outcome);
    assertThat(outcome.out())
        .startsWith("extract: 1 of 1 pair is done\n")
        .containsPattern("eurusd +done +2,500 +157 +0.0 +\\d+\\.\\d\\d\n")
        .contains(
            "measured cost of a pair, in US dollars\n",
            "  extract, mean of 1\n",
            "    Cloud Run vCPU ")
        .containsPattern("\n    Dataflow vCPU +30.000  vCPU hour ");
    assertThat(outcome.err())
        .contains(
            "extract eurusd 1/3: launched job bqx-extract-eurusd-1of3-bqx-ml-extract-x7k2p: https://console.cloud.google.com/dataflow/jobs/us-central1/2024-01-01_0001?project=my-project")
        .containsPattern(
            "extract eurusd 2/3: running, \\d+:\\d\\d:\\d\\d, 4 workers, 1,234,567 records, 123.5 MB")
        .containsPattern("extract eurusd 3/3: done, 0:03:1\\d, 4 workers");
    List<Call> launches = site.dataflow.launches();
    assertThat(launches).hasSize(3).allMatch(Call::zipped);
    assertThat(launches)
        .extracting(call -> call.body().at("/launchParameter/parameters/wave").asText())
        .containsExactly("1/3", "2/3", "3/3");
    assertThat(launches)
        .extracting(call -> call.body().at("/launchParameter/parameters/snapshotTime").asText())
        .allMatch(time -> time.matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"))
        .containsOnly(
            launches.get(0).body().at("/launchParameter/parameters/snapshotTime").asText());
    assertThat(launches.get(1).body().get("launchParameter").toString())
        .contains(
            "\"containerSpecGcsPath\":\"gs://bucket/templates/extract.json\"",
            "\"jobName\":\"bqx-extract-eurusd-2of3-bqx-ml-extract-x7k2p\"",
            "\"pair\":\"eurusd\"",
            // BigQuery's gRPC client takes no slash there.
            "\"bigQueryEndpoint\":\"http://localhost:9\"",
            "\"checkpoints\":\"gs://bucket/checkpoints\"",
            "\"warehouse\":\"bigquery\"",
            "\"startDate\":\"2024-01-01\"",
            "\"rowGroupRows\":\"512\"",
            "\"maxWorkers\":8",
            "\"serviceAccountEmail\":\"worker@my-project.iam.gserviceaccount.com\"",
            "\"subnetwork\":\"regions/us-central1/subnetworks/default\"",
            "\"team\":\"quant\"",
            "\"bqx-pair\":\"eurusd\"");
  }

  @Test
  void aMergeIsLaunchedAndItsTrainingFileVerified() {
    site.checkpoints(sets.aligned());
    site.publishManifest();
    site.dataflow.onLaunch = job -> job.whenDone(() -> assertDone(merge()));

    Outcome outcome = site.launch("merge", "--minRows=1000");

    assertDone(outcome);
    assertThat(outcome.out()).containsPattern("eurusd +done +2,500 +157 ");
    assertThat(site.dataflow.launches()).hasSize(1);
    assertThat(site.dataflow.launched().get(0).parameters)
        .containsEntry("pair", PAIR)
        .containsEntry("checkpoints", "gs://bucket/checkpoints")
        .containsEntry("output", "gs://bucket/output")
        .containsEntry("mergeMethod", "beam")
        .containsEntry("minRows", "1000")
        .doesNotContainKeys("wave", "snapshotTime");
  }

  private Outcome merge() {
    return site.place().merge("--mergeMethod=stream");
  }

  @Test
  void anExtractionThatIsCompleteLaunchesNothing() {
    site.checkpoints(sets.aligned());
    site.publishManifest();

    site.with("IMPERSONATE_SERVICE_ACCOUNT", "launcher@my-project.iam.gserviceaccount.com");

    Outcome outcome = site.extract("--warehouse=duckdb:" + sets.warehouse());

    assertDone(outcome);
    assertThat(outcome.out()).containsPattern("eurusd +already complete +2,500 +157 ");
    assertThat(site.dataflow.calls).hasToString("[GET /jobs]");
  }

  @Test
  void anExtractionThatWasCompleteWithOtherOptionsIsLaunched() {
    site.checkpoints(sets.aligned());
    site.publishManifest();

    assertLaunched("16 tables", "--warehouse=duckdb:" + sets.warehouse(), "--startDate=2023-12-31");
  }

  @Test
  void anExtractionOfSomeGroupsIsNotOneOfAll() {
    Workplace place = new Workplace(site.bucket, sets.warehouse());
    assertDone(place.extract("--groups=agg_bqx*"));

    assertLaunched("14 tables", "--warehouse=duckdb:" + sets.warehouse());
  }

  @Test
  void anExtractionWhoseCheckpointsWereDeletedIsLaunched() throws IOException {
    site.checkpoints(sets.aligned());
    site.publishManifest();
    for (String file : Workplace.filesBelow(site.place().directory())) {
      if (file.endsWith(".parquet")) {
        Files.delete(site.place().directory().resolve(file));
      }
    }

    assertLaunched("16 tables", "--warehouse=duckdb:" + sets.warehouse());
  }

  @Test
  void anExtractionOfTablesThatHaveChangedSinceIsLaunched() throws Exception {
    Path warehouse = Files.copy(sets.warehouse(), directory.resolve("changed.duckdb"));
    site.checkpoints(sets.aligned());
    site.publishManifest();
    try (Duck duck = Duck.of(warehouse)) {
      duck.run("DROP TABLE bqx_ml_v3_features_v2.csi_agg_aud");
    }

    assertLaunched("tables", "--warehouse=duckdb:" + warehouse);
  }

  /** Asserts that something is to be done, and that the log says for how many tables. */
  private void assertLaunched(String tables, String... options) {
    site.dataflow.script = List.of("FAILED");

    Outcome outcome = site.extract(options);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains(tables + " are new, changed or gone, or their checkpoints are not as they were");
    assertThat(site.dataflow.launches()).hasSize(1);
  }

  @Test
  void anExtractionThatIsCompleteIsLaunchedWhenForced() {
    site.checkpoints(sets.aligned());
    site.publishManifest();
    site.dataflow.script = List.of("FAILED");

    Outcome outcome = site.extract("--force", "--waves=1");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(site.dataflow.launched().get(0).parameters).containsEntry("force", "true");
  }

  /** Dataflow refuses a launch with a parameter that the template's metadata lacks. */
  @ParameterizedTest
  @ValueSource(strings = {"extract", "merge"})
  void everyParameterIsInTheTemplatesMetadata(String kind) throws Exception {
    site.dataflow.script = List.of("FAILED");
    JsonNode metadata =
        new ObjectMapper().readTree(Path.of("templates", kind + "-metadata.json").toFile());

    site.launch(kind);

    Set<String> parameters = new TreeSet<>(site.dataflow.launched().get(0).parameters.keySet());
    // Only for emulators, which check nothing.
    parameters.remove("gcsEndpoint");
    assertThat(parameters).contains("pair", "checkpoints");
    assertThat(metadata.get("parameters").findValuesAsText("name")).containsAll(parameters);
  }

  @Test
  void noMoreJobsRunAtATimeThanAllowed() {
    site.checkpoints(sets.aligned());
    site.with("WAVES", "5").with("MAX_CONCURRENT_JOBS", "2");
    site.dataflow.script = List.of("QUEUED", "RUNNING", "DONE");
    site.dataflow.onLaunch =
        job -> {
          assertThat(site.dataflow.jobs.values().stream().filter(each -> !each.isEnded()))
              .hasSizeLessThanOrEqualTo(2);
          job.whenDone(site::publishManifest);
        };

    assertDone(site.extract());

    assertThat(site.dataflow.launches()).hasSize(5);
  }

  @Test
  void aManifestThatNoneOfTheJobsCouldWriteIsWrittenByOneMore() {
    site.checkpoints(sets.aligned());
    site.dataflow.onLaunch =
        job -> {
          if (site.dataflow.jobs.size() == 4) {
            job.whenDone(site::publishManifest);
          }
        };

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err())
        .contains(
            "extract eurusd: all jobs are done, but there is no manifest: launching extract eurusd 3/3 again");
    assertThat(site.dataflow.launches())
        .extracting(call -> call.body().at("/launchParameter/parameters/wave").asText())
        .containsExactly("1/3", "2/3", "3/3", "3/3");
  }

  @Test
  void workersAreSetUpAsTheOrganisationRequires() {
    site.with("USE_PUBLIC_IPS", "false")
        .with("KMS_KEY", "projects/p/locations/us-central1/keyRings/ring/cryptoKeys/key")
        .with("WORKER_ZONE", "us-central1-f")
        .with("FLEX_RS", "true")
        .with("LAUNCHER_MACHINE_TYPE", "e2-small")
        .with("DISK_SIZE_GB", "40")
        .with("ADDITIONAL_EXPERIMENTS", "use_runner_v2, enable_prime");

    assertDone(site.launch("extract", "--validateOnly"));

    assertThat(site.dataflow.launches())
        .hasSize(3)
        .allSatisfy(
            call ->
                assertThat(call.body().at("/launchParameter/environment").toString())
                    .contains(
                        "\"ipConfiguration\":\"WORKER_IP_PRIVATE\"",
                        "\"kmsKeyName\":\"projects/p/locations/us-central1/keyRings/ring/cryptoKeys/key\"",
                        "\"workerZone\":\"us-central1-f\"",
                        "\"flexrsGoal\":\"FLEXRS_COST_OPTIMIZED\"",
                        "\"launcherMachineType\":\"e2-small\"",
                        "\"diskSizeGb\":40",
                        "\"additionalExperiments\":[\"use_runner_v2\",\"enable_prime\"]"));
  }

  @Test
  void numberOfWorkersIsChosenByTheSizeUnlessItIsSet() {
    site.without("WAVES");

    assertDone(site.launch("extract", "--validateOnly"));

    assertThat(site.dataflow.launches())
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.body().at("/launchParameter/environment").toString())
                    .contains("\"maxWorkers\":3", "\"numWorkers\":3"));
  }

  @Test
  void validateOnlyLetsTheServiceCheckAndLaunchesNothing() {
    Outcome outcome = site.launch("extract", "--validateOnly");

    assertDone(outcome);
    assertThat(site.dataflow.launches())
        .hasSize(3)
        .allMatch(call -> call.body().get("validateOnly").asBoolean());
    assertThat(site.dataflow.jobs).isEmpty();
    assertThat(outcome.err()).contains("extract eurusd 3/3: Dataflow would launch");
  }

  @Test
  void theEstimateIsPrintedWithoutACallToAnybody() {
    Outcome outcome = site.launch("extract", "--estimate");

    assertDone(outcome);
    assertThat(outcome.out()).startsWith("estimated cost of a pair").contains("3 Dataflow jobs");
    assertThat(site.dataflow.calls).isEmpty();
    assertThat(site.storage.calls).isEmpty();
  }

  @Test
  void methodsWithoutAPipelineRunInTheLauncherItself() throws Exception {
    Outcome outcome =
        site.with("GCS_CHECKPOINT_BUCKET", sets.aligned().checkpoints().toString())
            .with("GCS_OUTPUT_BUCKET", site.place().output().toString())
            .with("MERGE_METHOD", "stream")
            .without("GCS_ENDPOINT")
            .without("PROJECT")
            .without("MERGE_TEMPLATE")
            .launch("merge", "--rowGroupRows=" + Workplace.ROW_GROUP_ROWS);

    assertDone(outcome);
    assertThat(outcome.out())
        .contains("merged eurusd\n")
        .containsPattern("eurusd +done +2,500 +157 ");
    assertThat(site.place().trainingFile()).exists();
    assertThat(site.dataflow.calls).isEmpty();
  }

  @Test
  void anExtractionCanRunInTheLauncherItself() throws Exception {
    Outcome outcome =
        site.with("GCS_CHECKPOINT_BUCKET", site.place().checkpoints().toString())
            .with("EXTRACT_TEMPLATE", "here")
            .without("GCS_ENDPOINT")
            .extract("--warehouse=duckdb:" + sets.warehouse(), "--groups=agg_*");

    assertDone(outcome);
    assertThat(outcome.out()).containsPattern("eurusd +done +2,500 ");
    assertThat(Files.exists(site.place().manifest())).isTrue();
  }

  @Test
  void jobsWithoutAnExecutionAreNamedAfterPairAndWave() {
    site.dataflow.script = List.of("FAILED");

    site.launch("extract", "--waves=1");

    assertThat(site.dataflow.launched())
        .extracting(job -> job.name)
        .containsExactly("bqx-extract-eurusd");
    assertThat(site.dataflow.launched()).map(StubJob::isEnded).containsExactly(true);
  }
}
