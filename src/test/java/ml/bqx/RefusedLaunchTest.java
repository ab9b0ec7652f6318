package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import ml.bqx.launch.LaunchVariable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input: one clear message, before anything is launched. */
class RefusedLaunchTest extends LaunchFixture {
  @Test
  void everyMissingAndMisspeltVariableIsToldAtOnce() {
    Outcome outcome =
        Outcome.of(
            args ->
                Launcher.run(
                    Map.of(
                        "PAIRE", "eurusd",
                        "GCS_CHEKPOINT_BUCKET", "gs://bucket",
                        "REGOIN", "us-central1",
                        "PATH", "/usr/bin",
                        "PAGER", "less",
                        "HOME", "/root"),
                    args),
            "extract",
            "--polSeconds=3");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error().lines().map(line -> line.replaceFirst("^error:", "").strip()))
        .containsExactlyInAnyOrder(
            "PAIRE: no such variable; did you mean PAIR?",
            "GCS_CHEKPOINT_BUCKET: no such variable; did you mean GCS_CHECKPOINT_BUCKET?",
            "REGOIN: no such variable; did you mean REGION?",
            "--polSeconds: no such option; did you mean --pollSeconds?",
            "PAIR or PAIRS is required (expected for example eurusd, or all)",
            "PROJECT is required (expected for example my-project)",
            "REGION is required (expected for example us-central1)",
            "EXTRACT_TEMPLATE is required (expected for example gs://bucket/extract.json)",
            "GCS_CHECKPOINT_BUCKET is required (expected for example gs://bucket/folder)",
            "launch --help explains all variables and options");
  }

  @Test
  void verboseShowsTheTraceOfAnError() {
    Outcome outcome = site.without("PAIR").launch("extract", "--verbose");

    assertThat(outcome.error())
        .startsWith("error: PAIR or PAIRS is required (expected for example eurusd, or all)\n")
        .contains("\tat ml.bqx.launch.LaunchArguments");
    assertThat(site.launch("extract").error()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GCS_CHECKPOINT_BUCKET | my-bucket | not a bucket (expected gs://my-bucket)",
        "GCS_CHECKPOINT_BUCKET | /data | not a bucket (expected gs://data)",
        "GCS_CHECKPOINT_BUCKET | gs:/x | not a bucket (expected gs://gs:/x)",
        "GCS_CHECKPOINT_BUCKET | gs://B | not a Cloud Storage folder (expected gs://bucket or gs://bucket/folder)",
        "PAIR | eurusdx | Cannot use pair eurusdx: did you mean eurusd?",
        "PAIR | USDEUR | Cannot use pair USDEUR: did you mean eurusd?",
        "MERGE_METHOD | magic | not one of beam, ",
        "REGION | mars | not a region (expected for example us-central1)",
        "PROJECT | My Project | not a project id (expected for example my-project)",
        "EXTRACT_TEMPLATE | extract.json | not a file on Cloud Storage (expected for example gs://bucket/extract.json)",
        "WAVES | 0 | not a whole number from 1 to 999999",
        "WAVES | 1001 | too many (expected 1000 or fewer)",
        "EXTRACTION_WORKERS | many | not a whole number from 1 to 999999",
        "POLL_SECONDS | 0.01 | too short",
        "TIMEOUT_MINUTES | soon | not a number (expected for example 120)",
        "ON_TERMINATION | explode | not one of detach, cancel",
        "VALIDATE_ONLY | perhaps | not true or false",
        "LABELS | Team=x | not key=value, of lower-case letters, digits, _ and - (expected for example team=quant,stage=test)",
        "DATAFLOW_ENDPOINT | localhost | not an address (expected for example https://dataflow.googleapis.com/)",
        "CLOUD_RUN_TASK_COUNT | x | not a whole number of 1 or more",
        "WORKER_SERVICE_ACCOUNT | me | not a service account (expected for example worker@my-project.iam.gserviceaccount.com)",
      })
  void aVariableThatCannotBe(String variable, String value, String problem) {
    Outcome outcome = site.with(variable, value).launch("extract");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error()).startsWith("error: %s=%s: %s".formatted(variable, value, problem));
    assertThat(outcome.err()).hasLineCount(2);
    assertThat(site.dataflow.calls).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extrakt | Cannot launch extrakt: the first argument, or LAUNCH, must be extract or merge",
        "extract eurusd gbpusd | eurusd gbpusd: one argument names the pairs (expected for example eurusd,gbpusd)",
        "extract --startDat=x | --startDat: no such option; did you mean --startDate?",
        "extract --force --validateOnly=perhaps | --validateOnly=perhaps: not true or false",
        "extract --waves | --waves needs a value (expected --waves=VALUE)",
        "extract --waves 2 --waves=3 | --waves is given twice",
        "extract --validateOnly perhaps | --validateOnly=perhaps: not true or false",
        "extract --waves=2 --waves=3 | --waves is given twice",
        "extract --extractTemplate=here --validateOnly | VALIDATE_ONLY=true: only jobs of a template can be validated",
        "extract --wave=1/2 | --wave: set by the launcher, see --waves",
        "extract --pair=eurusd --pairs=all | PAIR and PAIRS are both set: set only one of them",
      })
  void argumentsThatCannotBe(String args, String problem) {
    Outcome outcome = site.launch(args.split(" "));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error()).startsWith("error: " + problem);
    assertThat(site.dataflow.calls).isEmpty();
  }

  @Test
  void aTemplateThatDoesNotExist() throws Exception {
    Files.delete(site.template("extract"));

    assertThat(site.launch("extract").error())
        .isEqualTo(
            "error: EXTRACT_TEMPLATE=gs://bucket/templates/extract.json: no such file; make templates creates it");
    assertThat(site.dataflow.calls).isEmpty();
  }

  @Test
  void aBucketThatDoesNotExist() {
    assertThat(site.with("GCS_OUTPUT_BUCKET", "gs://bukket/training").launch("merge").error())
        .isEqualTo(
            "error: GCS_OUTPUT_BUCKET: Cannot read gs://bukket/training: there is no bucket bukket");
    assertThat(site.dataflow.calls).isEmpty();
  }

  @Test
  void aBucketThatMayNotBeRead() {
    site.storage.faults.add(403);

    assertThat(site.launch("extract").error())
        .isEqualTo(
            "error: Cannot read gs://bucket/templates/extract.json: no permission (HTTP 403, the bucket is not in the mood); the account needs roles/storage.objectViewer on the bucket to read, roles/storage.objectUser to write");
  }

  @Test
  void aBucketThatCannotBeAsked() {
    site.storage.faults.add(400);

    assertThat(site.launch("extract").error())
        .isEqualTo(
            "error: Cannot read gs://bucket/templates/extract.json: HTTP 400, the bucket is not in the mood");
    assertThat(site.dataflow.calls).isEmpty();
  }

  @Test
  void aRegionWithoutTheService() {
    site.dataflow.fail("GET /jobs", 400, "Location us-central1 is not supported");

    assertThat(site.launch("extract").error())
        .isEqualTo(
            "error: Cannot launch in project my-project, region us-central1: HTTP 400, Location us-central1 is not supported; see cloud.google.com/dataflow/docs/resources/locations for the regions of Dataflow");
    assertThat(site.dataflow.launches()).isEmpty();
  }

  @Test
  void anAccountThatMayNotListJobs() {
    site.dataflow.fail("GET /jobs", 403, "Could not list");

    assertThat(site.launch("extract").error())
        .startsWith(
            "error: Cannot launch in project my-project, region us-central1: HTTP 403, Could not list; the launcher's service account needs the permissions in deploy/launcher-role.yaml");
    assertThat(site.dataflow.launches()).isEmpty();
  }

  @Test
  void anAccountThatMayNotLaunch() {
    site.with("WAVES", "1");
    site.dataflow.fail("POST .*", 403, "Current user cannot act as service account");

    Outcome outcome = site.launch("extract");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot launch extract eurusd: no permission: HTTP 403, Current user cannot act as service account; the launcher's service account needs the permissions in deploy/launcher-role.yaml, and roles/iam.serviceAccountUser on the workers' account");
    assertThat(site.dataflow.jobs).isEmpty();
  }

  @Test
  void aLaunchThatDataflowRefuses() {
    site.with("WAVES", "1");
    site.dataflow.fail("POST .*", 400, "The template parameters are invalid.");

    assertThat(site.launch("extract", "--validateOnly").error())
        .isEqualTo(
            "error: Cannot launch extract eurusd: Dataflow refuses: HTTP 400, The template parameters are invalid.");
  }

  @Test
  void helpExplainsEveryVariable() {
    Outcome outcome = site.launch("--help");

    assertThat(outcome.code()).isZero();
    for (LaunchVariable variable : LaunchVariable.values()) {
      assertThat(outcome.out()).contains("  %s  --%s".formatted(variable, variable.option()));
    }
  }
}
