package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import ml.bqx.doubles.StubJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Launches that do not end well: exit code 1, and one error that tells why. */
class LauncherFailureTest extends LaunchFixture {
  @BeforeEach
  void open() {
    site.with("WAVES", "1");
  }

  @Test
  void aJobThatFailsGivesItsOwnErrors() {
    site.dataflow.script = List.of("RUNNING", "FAILED");
    site.dataflow.onLaunch =
        job -> job.error("Cannot read table agg_eurusd: Access Denied").error("Workflow failed.");

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            """
            error: Cannot finish extract eurusd: Dataflow job bqx-extract-eurusd ended as failed; https://console.cloud.google.com/dataflow/jobs/us-central1/2024-01-01_0001?project=my-project
                   Cannot read table agg_eurusd: Access Denied
                   Workflow failed.\
            """);
    assertThat(outcome.out()).containsPattern("eurusd +failed +0 +0 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.OutOfMemoryError: Java heap space",
        "Shutting down JVM after 8 consecutive periods of measured GC thrashing",
        "Out of memory: Killed process 1234 (java)",
        "SDK harness was OOMKilled"
      })
  void aWorkerWithoutMemoryIsToldWithTheOptionThatHelps(String message) {
    site.dataflow.script = List.of("RUNNING", "FAILED");
    site.dataflow.onLaunch = job -> job.error(message);

    assertThat(site.extract().error())
        .contains(message)
        .contains("A worker ran out of memory: set MACHINE_TYPE (--machineType)");
  }

  @Test
  void aJobThatSomebodyCancelsIsToldAsCancelled() {
    site.dataflow.script = List.of("RUNNING", "CANCELLING", "CANCELLED");

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error()).contains("ended as cancelled");
    assertThat(outcome.out()).contains("cancelled");
  }

  @Test
  void aJobThatIsDoneWithoutItsManifestIsNotTrusted() {
    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot find gs://bucket/checkpoints/eurusd/_manifest.json: all jobs of extract eurusd are done, but 12 checkpoints are not committed; see the jobs' logs for the reason, then launch again, which extracts only these");
  }

  @Test
  void checkpointsThatAreNotThoseOfTheManifestAreNotTrusted() throws Exception {
    site.checkpoints(sets.aligned());
    Path first = site.place().directory().resolve("checkpoint_agg_eurusd-00000-of-00003.parquet");
    Path second = site.place().directory().resolve("checkpoint_targets-00001-of-00003.parquet");
    Files.delete(first);
    byte[] bytes = Files.readAllBytes(second);
    bytes[100] ^= 1;
    Files.write(second, bytes);
    site.dataflow.onLaunch = job -> job.whenDone(site::publishManifest);

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot trust the checkpoints in gs://bucket/checkpoints/eurusd: of the files in the manifest, checkpoint_targets-00001-of-00003.parquet differs, checkpoint_agg_eurusd-00000-of-00003.parquet is missing; extract again: only these are extracted again");
  }

  @Test
  void aTrainingFileThatIsNotThereIsMissed() {
    assertThat(site.launch("merge").error())
        .isEqualTo(
            "error: Cannot find gs://bucket/output/training_eurusd.parquet: the merge succeeded, but there is no training file");
  }

  @Test
  void aTrainingFileOfOtherCheckpointsIsNotTrusted() throws Exception {
    merged();
    Files.copy(
        sets.sharded().manifest(), site.place().manifest(), StandardCopyOption.REPLACE_EXISTING);

    assertThat(site.launch("merge").error())
        .startsWith(
            "error: Cannot trust gs://bucket/output/training_eurusd.parquet: its manifest should be ");
  }

  @Test
  void aTrainingFileThatIsCutOffIsNotTrusted() throws Exception {
    byte[] content = merged();
    Files.write(site.place().trainingFile(), Arrays.copyOf(content, content.length - 1));

    assertThat(site.launch("merge").error())
        .isEqualTo(
            "error: Cannot trust gs://bucket/output/training_eurusd.parquet: its bytes should be %d and is %d; it is not the file that this merge wrote; merge again"
                .formatted(content.length, content.length - 1));
  }

  @Test
  void aTrainingFileWithAFlippedBitIsNotTrusted() throws Exception {
    byte[] content = merged();
    content[content.length / 2] ^= 1;
    Files.write(site.place().trainingFile(), content);

    assertThat(site.launch("merge").error())
        .startsWith(
            "error: Cannot trust gs://bucket/output/training_eurusd.parquet: its CRC32C should be ");
  }

  @Test
  void aTrainingFileWithoutItsCardIsNotTrusted() throws Exception {
    merged();
    Files.delete(site.place().output().resolve("training_eurusd.json"));

    assertThat(site.launch("merge").error())
        .isEqualTo(
            "error: Cannot find gs://bucket/output/training_eurusd.json: the merge succeeded, but there is no card of the training file");
  }

  /** The training file of a merge. */
  private byte[] merged() throws Exception {
    site.checkpoints(sets.aligned());
    site.publishManifest();
    Workplace.assertDone(site.place().merge("--mergeMethod=stream"));
    return Files.readAllBytes(site.place().trainingFile());
  }

  @ParameterizedTest
  @CsvSource({"detach, 0", "cancel, 1"})
  void aJobThatTakesTooLongIsNotWaitedFor(String onTermination, int cancelled) {
    site.dataflow.script = List.of("RUNNING");
    site.with("TIMEOUT_MINUTES", "0.01").with("ON_TERMINATION", onTermination);

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot finish extract eurusd: not done after 0:00:00, the limit that TIMEOUT_MINUTES sets");
    assertThat(outcome.out()).contains("unfinished");
    assertThat(site.dataflow.count("PUT .*")).isEqualTo(cancelled);
    assertThat(site.dataflow.launched()).map(StubJob::isEnded).containsExactly(cancelled == 1);
  }

  @Test
  void aJobThatCannotBePolledHoldsUpNoOther() {
    site.with("WAVES", "2").with("TIMEOUT_MINUTES", "0.15");
    site.dataflow.script = List.of("RUNNING", "DONE");
    site.dataflow.failAlways("GET /jobs/2024-01-01_0001", 503, "busy");
    Instant start = Instant.now();

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("extract eurusd 1/2: state unknown: HTTP 503, busy; trying again")
        .contains("extract eurusd 2/2: done, ");
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot finish extract eurusd: not done after 0:00:09, the limit that TIMEOUT_MINUTES sets");
    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(15));
  }

  @Test
  void aJobThatCannotBePolledForAWhileIsFollowedAgain() {
    site.checkpoints(sets.aligned());
    site.dataflow.onLaunch = job -> job.whenDone(site::publishManifest);
    for (int call = 0; call < 8; call++) {
      site.dataflow.fail("GET /jobs/2024-01-01_0001", 503, "busy");
    }

    Outcome outcome = site.extract();

    Workplace.assertDone(outcome);
    assertThat(outcome.err())
        .contains("extract eurusd: state unknown: HTTP 503, busy; trying again")
        .contains("extract eurusd: done, ");
  }

  @Test
  void aServiceThatIsBusyForAWhileIsAskedAgainBeforeAnythingIsLaunched() {
    site.checkpoints(sets.aligned());
    site.dataflow.onLaunch = job -> job.whenDone(site::publishManifest);
    for (int call = 0; call < 6; call++) {
      site.dataflow.fail("GET /jobs", 503, "busy");
    }

    Outcome outcome = site.extract();

    Workplace.assertDone(outcome);
    assertThat(outcome.err()).contains("Cannot launch extract: HTTP 503, busy; trying again");
    assertThat(site.dataflow.launches()).hasSize(1);
  }

  /** Cloud Run sends SIGTERM when the time of a task is over, and kills it 10 s later. */
  @ParameterizedTest
  @CsvSource({"detach, RUNNING", "cancel, CANCELLED"})
  void sigtermDetachesOrCancelsInTime(String onTermination, String state) throws Exception {
    site.dataflow.script = List.of("RUNNING");
    site.dataflow.cancelledAtOnce = new CountDownLatch(3);
    site.with("ON_TERMINATION", onTermination).with("WAVES", "3");
    Path log = directory.resolve("launcher.log");
    terminate(log, () -> site.dataflow.count("GET /jobs/.*/metrics") >= 3);

    assertThat(site.dataflow.launched()).extracting(StubJob::state).containsOnly(state);
    assertThat(Files.readString(log))
        .contains("terminated: " + onTermination)
        .contains(
            onTermination.equals("cancel")
                ? "extract eurusd 2/3: cancelled job bqx-extract-eurusd-2of3"
                : "extract eurusd 2/3: job bqx-extract-eurusd-2of3 continues");
    // What it costs a second and tens of megabytes to load.
    assertThat(Files.readString(Path.of(log + ".classes")))
        .contains("ml.bqx.launch.DataflowLaunch ")
        .doesNotContain("org.apache.beam.sdk.options.PipelineOptionsFactory ")
        .doesNotContain("org.apache.beam.sdk.io.FileSystems ");
  }

  @Test
  void sigtermEndsTheWaitForAServiceThatIsBusy() throws Exception {
    site.dataflow.script = List.of("RUNNING");
    for (int call = 0; call < 100; call++) {
      site.dataflow.fail("GET /jobs/[^/]+", 503, "busy");
    }

    Path log = directory.resolve("launcher.log");
    terminate(log, () -> site.dataflow.count("GET /jobs/[^/]+") >= 3);

    assertThat(Files.readString(log))
        .contains("HTTP 503, busy; trying again")
        .contains("extract eurusd: job bqx-extract-eurusd continues")
        .containsPattern("eurusd +unfinished");
  }

  /** Sends SIGTERM to a launcher when it is time. */
  private void terminate(Path log, BooleanSupplier isTime) throws Exception {
    Process process = site.start(log, "extract");
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!isTime.getAsBoolean()) {
        assertThat(System.nanoTime()).as("%s", Files.readString(log)).isLessThan(deadline);
        Thread.sleep(20);
      }

      process.destroy();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.destroyForcibly();
    }

    // 128 + 15: the signal ended it.
    assertThat(process.exitValue()).isEqualTo(143);
  }
}
