package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import ml.bqx.doubles.StubJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that do not answer, tasks that are tried again: nothing runs twice. */
class LauncherRetryTest extends LaunchFixture {
  private static final String EXECUTION = "bqx-ml-extract-x7k2p";

  /** 2024-01-31T12:00:00Z. */
  private static final String SNAPSHOT = "1706702400000";

  @BeforeEach
  void open() {
    site.checkpoints(sets.aligned());
    site.dataflow.onLaunch = job -> job.whenDone(site::publishManifest);
    site.with("CLOUD_RUN_EXECUTION", EXECUTION).with("CLOUD_RUN_TASK_ATTEMPT", "1");
  }

  private static String name(int wave) {
    return "bqx-extract-eurusd-%dof3-%s".formatted(wave, EXECUTION);
  }

  private StubJob earlier(int wave, String... states) {
    return site.dataflow
        .add(name(wave), states)
        .label("bqx-snapshot", SNAPSHOT)
        .whenDone(site::publishManifest);
  }

  @Test
  void jobsOfAnEarlierAttemptAreTakenOverWhereverTheyAre() {
    earlier(1, "RUNNING", "DONE");
    earlier(2, "DONE");

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err())
        .contains(
            "extract eurusd 1/3: taking over job " + name(1) + ", which is running",
            "extract eurusd 2/3: taking over job " + name(2) + ", which is done");
    assertThat(site.dataflow.launches()).hasSize(1);
    assertThat(site.dataflow.launched().get(2).parameters)
        .containsEntry("wave", "3/3")
        .containsEntry("snapshotTime", "2024-01-31T12:00:00Z");
  }

  @Test
  void aJobThatFailedInAnEarlierAttemptIsLaunchedAgainAsOfTheSameMoment() {
    earlier(1, "DONE");
    earlier(2, "FAILED");
    earlier(3, "DONE");

    assertDone(site.extract());

    assertThat(site.dataflow.launches()).hasSize(1);
    assertThat(site.dataflow.launched().get(3).parameters)
        .containsEntry("wave", "2/3")
        .containsEntry("snapshotTime", "2024-01-31T12:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.RuntimeException: ml.bqx.failure.InvalidInputException: Cannot commit table agg",
        "error: Cannot use 2 of 16 tables:",
        "Template launch failed: exit status 1",
        "The launcher container exited with code 1"
      })
  void aJobThatFailedForItsInputIsNotLaunchedAgain(String message) {
    earlier(1, "DONE");
    earlier(2, "FAILED").error(message);
    earlier(3, "DONE");

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .contains("Dataflow job %s ended as failed".formatted(name(2)), message);
    assertThat(site.dataflow.launches()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.OutOfMemoryError: Java heap space",
        "Workflow failed. The worker lost contact with the service.",
        "exit status 137"
      })
  void aJobThatFailedForWhatMayPassOrBeGivenIsLaunchedAgain(String message) {
    earlier(1, "DONE");
    earlier(2, "FAILED").error(message);
    earlier(3, "DONE");

    assertDone(site.extract());

    assertThat(site.dataflow.launches()).hasSize(1);
  }

  @Test
  void aJobThatIsBeingCancelledIsWaitedFor() {
    StubJob leaving = earlier(1, "CANCELLING");
    site.dataflow.start(
        () -> {
          sleep(400);
          leaving.states("CANCELLED");
        });

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err())
        .contains("waiting for job " + name(1) + ", which is cancelling, to end");
    assertThat(site.dataflow.launches()).hasSize(3);
  }

  @Test
  void allJobsDoneWithoutAManifestMakesTheLastOneRunAgain() {
    for (int wave = 1; wave <= 3; wave++) {
      earlier(wave, "DONE").whenDone(() -> {});
    }

    assertDone(site.extract());

    assertThat(site.dataflow.launches()).hasSize(1);
    assertThat(site.dataflow.launched().get(3).parameters).containsEntry("wave", "3/3");
  }

  @Test
  void aJobWithoutTheMomentItReadsKeepsTheOthersFromStarting() {
    site.dataflow.add(name(1), "RUNNING");

    Outcome outcome = site.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot launch extract eurusd beside job %s: its label bqx-snapshot does not hold the snapshot time; wait until it has ended, or cancel it"
                .formatted(name(1)));
    assertThat(site.dataflow.launches()).isEmpty();
  }

  @Test
  void withoutAnExecutionOnlyJobsThatRunAreTakenOver() {
    site.without("CLOUD_RUN_EXECUTION").with("WAVES", "1");
    site.dataflow.add("bqx-extract-eurusd", "DONE").label("bqx-snapshot", SNAPSHOT);

    assertDone(site.extract());

    assertThat(site.dataflow.launches()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void aServiceThatIsBusyIsAskedAgain(int status) {
    site.with("WAVES", "1");
    site.dataflow
        .fail("GET /jobs", status, "busy")
        .fail("POST /flexTemplates:launch", status, "busy")
        .fail("GET /jobs/[^/]+", status, "busy")
        .fail("GET /jobs/.*/messages", status, "busy");
    site.storage.faults.add(status);

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err())
        .containsPattern(
            "GET http://127.0.0.1:\\d+/storage/v1/b/bucket/o/templates.*: HTTP %d, .*; trying again"
                .formatted(status))
        .containsPattern(
            "GET http://127.0.0.1:\\d+/.*/jobs: HTTP %d, busy; trying again".formatted(status))
        .containsPattern("POST .*:launch: HTTP %d, busy; trying again".formatted(status))
        .containsPattern("GET .*/messages: HTTP %d, busy; trying again".formatted(status));
    assertThat(site.dataflow.jobs).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"})
  void aLimitThatIsReachedIsNoLackOfPermission(String reason) {
    site.with("WAVES", "1");
    site.dataflow
        .fail("GET /jobs", 403, "too many", reason)
        .fail("POST /flexTemplates:launch", 403, "too many", reason)
        .fail("GET /jobs/[^/]+", 403, "too many", reason);

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err())
        .containsPattern("GET .*/jobs: HTTP 403, too many; trying again")
        .containsPattern("POST .*:launch: HTTP 403, too many; trying again");
    assertThat(site.dataflow.jobs).hasSize(1);
  }

  @Test
  void metricsThatCannotBeReadHoldNothingUp() {
    site.with("WAVES", "1");
    site.dataflow.script = List.of("RUNNING", "RUNNING", "DONE");
    site.dataflow.fail("GET /jobs/.*/metrics", 503, "busy");

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err()).doesNotContain("trying again");
    assertThat(site.dataflow.count("GET /jobs/.*/metrics")).isEqualTo(2);
  }

  @Test
  void brokenConnectionsAreMadeAgain() {
    site.with("WAVES", "1");
    site.dataflow
        .reset("GET /jobs")
        .reset("GET /jobs")
        .reset("POST /flexTemplates:launch")
        .reset("GET /jobs/[^/]+")
        .reset("GET /jobs/[^/]+");

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err()).contains("trying again");
    assertThat(site.dataflow.jobs).hasSize(1);
  }

  @Test
  void aLaunchWhoseAnswerIsLostIsNotRepeated() {
    site.with("WAVES", "1");
    site.dataflow.loseAnswer("POST /flexTemplates:launch");

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err()).contains("extract eurusd: taking over job bqx-extract-eurusd-");
    assertThat(site.dataflow.launches()).hasSize(1);
    assertThat(site.dataflow.jobs).hasSize(1);
  }

  @Test
  void aLaunchThatSomebodyElseWasFasterWithIsTakenOver() {
    site.with("WAVES", "1");
    String name = "bqx-extract-eurusd-" + EXECUTION;
    site.dataflow.fail("POST /flexTemplates:launch", 409, "There is already an active job named");
    site.dataflow.start(
        () -> {
          while (site.dataflow.launches().isEmpty()) {
            sleep(5);
          }

          site.dataflow.add(name, "RUNNING", "DONE").whenDone(site::publishManifest);
        });

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err()).contains("taking over job " + name);
    assertThat(site.dataflow.launches()).hasSize(1);
  }

  @Test
  void aSlowStartIsWaitedFor() {
    site.with("WAVES", "1");
    site.dataflow.script = List.of("QUEUED", "QUEUED", "PENDING", "RUNNING", "DONE");
    site.dataflow.fail("GET /jobs/.*/metrics", 404, "no metrics yet");

    Outcome outcome = site.extract();

    assertDone(outcome);
    assertThat(outcome.err()).contains("extract eurusd: queued", "extract eurusd: pending");
    assertThat(site.dataflow.count("GET /jobs/[^/]+")).isEqualTo(4);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
