package ml.bqx;

import static ml.bqx.Workplace.PAIR;
import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.doubles.ObjectStore.Trouble;
import ml.bqx.options.MergeMethod;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code merge --deleteCheckpoints}, on a disk and in a bucket. */
@ExtendWith(SampleSets.class)
class DeletedCheckpointsTest {
  private static final String[] STREAM = {"--mergeMethod=stream"};

  @TempDir Path directory;

  private Workplace place;

  @BeforeEach
  void copySet(SampleSets.Sets sets) throws IOException {
    place = sets.copy(sets.aligned(), directory);
  }

  @ParameterizedTest
  @EnumSource(
      value = MergeMethod.class,
      names = {"BEAM", "STREAM", "COMPOSE"})
  void allAreDeletedOnceTheTrainingFileIsPublished(MergeMethod method) {
    Outcome outcome = place.merge("--mergeMethod=" + method, "--deleteCheckpoints");

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints deleted")).isEqualTo("16");
    assertThat(place.trainingFile()).exists();
    assertThat(filesBelow(place.directory())).isEmpty();
    assertThat(place.merge(STREAM).error()).contains("run the extraction first");
  }

  @Test
  void noneIsDeletedUnlessItIsAskedFor() {
    int before = filesBelow(place.directory()).size();

    Outcome outcome = place.merge(STREAM);

    assertDone(outcome);
    assertThat(outcome.out()).doesNotContain("checkpoints deleted");
    assertThat(filesBelow(place.directory())).hasSize(before);
  }

  @Test
  void noneIsDeletedWhenTheMergeFails() {
    int before = filesBelow(place.directory()).size();

    Outcome outcome = place.merge("--mergeMethod=stream", "--deleteCheckpoints", "--minRows=99999");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(filesBelow(place.directory())).hasSize(before);
  }

  @Test
  void noneIsDeletedWhileAnotherRunUsesThem() throws IOException {
    String lease = place.directory().resolve("_temporary/run-other").toString();
    Outcome outcome;
    try (Closeable other = Storage.local().lease(lease)) {
      outcome = place.merge("--mergeMethod=stream", "--deleteCheckpoints");
    }

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints deleted")).isEqualTo("none (another run uses them)");
    assertDone(place.merge(STREAM));
  }

  @Test
  void noRunBeginsToUseThemWhileTheyAreDeleted() throws IOException {
    String lease = place.directory().resolve("_temporary/delete-other").toString();
    try (Closeable other = Storage.local().lease(lease)) {
      for (Outcome outcome : new Outcome[] {place.merge(STREAM), place.extract()}) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.error())
            .startsWith("error: Cannot use the checkpoints in " + place.directory())
            .contains("a merge with --deleteCheckpoints is deleting them");
      }
    }

    assertDone(place.merge(STREAM));
  }

  @Test
  void aRunThatWasKilledWhileItDeletedThemKeepsNobodyOut() throws IOException {
    Files.createDirectories(place.directory().resolve("_temporary"));
    Files.createFile(place.directory().resolve("_temporary/delete-dead"));

    assertDone(place.merge("--mergeMethod=stream", "--deleteCheckpoints"));
    assertThat(filesBelow(place.directory())).isEmpty();
  }

  @Test
  void filesOfOtherToolsAreNeverDeleted() throws IOException {
    Files.delete(place.manifest());
    Storage.local().deleteDirectory(place.directory().resolve("_commits").toString());
    int before = filesBelow(place.directory()).size();

    Outcome outcome = place.merge("--mergeMethod=stream", "--deleteCheckpoints");

    assertThat(outcome.error()).contains("--deleteCheckpoints: it has no manifest");
    assertThat(filesBelow(place.directory())).hasSize(before);
    place.assertNothingMerged();
  }

  /** The set has a manifest, 48 files, one with statistics and 16 records. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 20, 48, 49, 50, 58, 65})
  void stoppedAtAnyMomentTheyAreWholeOrNoSetAndCanBeExtractedAgain(int deletions)
      throws IOException {
    AtomicInteger left = new AtomicInteger(deletions);
    try (ObjectStore store = new ObjectStore(directory)) {
      assertDone(merge(store));
      Path whole = Files.copy(place.trainingFile(), directory.resolve("whole.parquet"));
      store.trouble =
          call ->
              call.startsWith("DELETE")
                      && call.contains("/o/checkpoints/")
                      && !call.contains("_temporary")
                      && left.getAndDecrement() <= 0
                  ? Trouble.FORBIDDEN
                  : Trouble.NONE;

      Outcome outcome = merge(store, "--deleteCheckpoints");

      assertDone(outcome);
      assertThat(outcome.summary("checkpoints deleted")).startsWith("not all (");
      store.trouble = call -> Trouble.NONE;
      Outcome again = merge(store);
      assertThat(again.code()).isEqualTo(deletions == 0 ? 0 : 1);
      assertThat(again.error()).doesNotContain("Exception");
      assertDone(place.extract(inBucket(store, "--checkpoints=gs://bucket/checkpoints")));
      assertDone(merge(store));
      assertDone(
          Outcome.of(
              DiffSets::run, "--bits", "--before=" + whole, "--after=" + place.trainingFile()));
    }
  }

  private Outcome merge(ObjectStore store, String... more) {
    String[] all = new String[more.length + 3];
    System.arraycopy(more, 0, all, 3, more.length);
    all[0] = "--mergeMethod=stream";
    all[1] = "--checkpoints=gs://bucket/checkpoints";
    all[2] = "--output=gs://bucket/output";

    return place.merge(inBucket(store, all));
  }

  private static String[] inBucket(ObjectStore store, String... options) {
    String[] all = new String[options.length + 2];
    System.arraycopy(options, 0, all, 2, options.length);
    all[0] = "--gcsEndpoint=" + store.endpoint();
    all[1] = "--credentialFactoryClass=" + NoopCredentialFactory.class.getName();

    return all;
  }

  @Test
  void inABucketNothingOfThemIsLeft() throws IOException {
    try (ObjectStore store = new ObjectStore(directory)) {
      Outcome outcome = merge(store, "--deleteCheckpoints");

      assertDone(outcome);
      assertThat(outcome.summary("checkpoints deleted")).isEqualTo("16");
      assertThat(filesBelow(directory.resolve("checkpoints"))).isEmpty();
      assertThat(filesBelow(place.output()))
          .containsExactly(
              "training_%s.json".formatted(PAIR), "training_%s.parquet".formatted(PAIR));
    }
  }
}
