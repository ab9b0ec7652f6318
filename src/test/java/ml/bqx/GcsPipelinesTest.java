package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.doubles.Emulators;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints, manifest and training file on Cloud Storage; the warehouse is on this machine. */
@Tag("emulators")
@ExtendWith(SampleSets.class)
class GcsPipelinesTest {
  private static final int CHECKPOINTS = SampleSets.FEATURE_TABLES.size() + 1;

  private static SampleSets.Sets sets;
  private static Duck duck;
  private static String aligned;
  private static String sharded;

  @TempDir Path directory;

  @BeforeAll
  static void extractOnce(SampleSets.Sets shared) throws Exception {
    sets = shared;
    duck = Duck.inMemory().attach(sets.warehouse());
    duck.run(
        "CREATE TEMP TABLE expected AS "
            + Expectation.of(duck).training(SampleSets.FEATURE_TABLES));
    aligned = Emulators.newBucket();
    assertDone(extract(aligned));
    sharded = Emulators.newBucket();
    assertDone(extract(sharded, "--layout=sharded"));
  }

  @AfterAll
  static void detach() throws Exception {
    duck.close();
  }

  private static Outcome extract(String bucket, String... more) {
    return run(
        ExtractPipeline::run,
        more,
        "--warehouse=duckdb:" + sets.warehouse(),
        "--checkpoints=" + bucket + "/some folder/checkpoints");
  }

  private static Outcome merge(String checkpoints, String output, String... more) {
    return run(
        MergePipeline::run,
        more,
        "--checkpoints=" + checkpoints + "/some folder/checkpoints",
        "--output=" + output + "/training");
  }

  private interface Command {
    int run(String... args);
  }

  private static Outcome run(Command command, String[] more, String... args) {
    List<String> all = new ArrayList<>(Emulators.args());
    all.addAll(List.of(args));
    all.addAll(List.of(more));
    all.add("--pair=eurusd");
    all.add("--rowGroupRows=" + ROW_GROUP_ROWS);
    return Outcome.of(command::run, all.toArray(String[]::new));
  }

  static Stream<Arguments> everyLayoutWithEveryMethod() {
    return Stream.of(
        Arguments.of("aligned", MergeMethod.BEAM),
        Arguments.of("aligned", MergeMethod.STREAM),
        Arguments.of("aligned", MergeMethod.COMPOSE),
        Arguments.of("sharded", MergeMethod.BEAM),
        Arguments.of("sharded", MergeMethod.STREAM));
  }

  @ParameterizedTest
  @MethodSource("everyLayoutWithEveryMethod")
  void theTrainingFileIsTheLeftJoinOfTheSpineWithAllTables(String layout, MergeMethod method)
      throws Exception {
    String checkpoints = layout.equals("aligned") ? aligned : sharded;
    // Composing does not leave the bucket.
    String output = method == MergeMethod.COMPOSE ? checkpoints : Emulators.newBucket();
    List<String> before = Emulators.objects(output);

    Outcome outcome = merge(checkpoints, output, "--mergeMethod=" + method);

    assertDone(outcome);
    Path file = directory.resolve("training.parquet");
    String object = "training/training_eurusd.parquet";
    Emulators.download(output + "/" + object, file);
    duck.assertTraining(file, "FROM expected", ROW_GROUP_ROWS);
    assertThat(outcome.summary("path")).isEqualTo(output + "/" + object);
    List<String> made = new ArrayList<>(Emulators.objects(output));
    made.removeAll(before);
    assertThat(made)
        .as("nothing temporary remains")
        .containsExactly("training/training_eurusd.json", object);
  }

  @Test
  void anExtractionLeavesCheckpointsTheirRecordsAndTheManifest() {
    List<String> objects = Emulators.objects(aligned);

    assertThat(objects)
        .contains(
            "some folder/checkpoints/eurusd/_manifest.json",
            "some folder/checkpoints/eurusd/_statistics.parquet")
        .noneMatch(name -> name.contains("_temporary") || name.endsWith(".tmp"));
    assertThat(
            objects.stream()
                .filter(name -> name.endsWith(".parquet") && name.contains("/checkpoint_")))
        .hasSize(CHECKPOINTS);
  }

  @Test
  void aSecondExtractionDoesWhatWasDeletedOrDamagedAndNothingElse() {
    String bucket = Emulators.newBucket();
    assertDone(extract(bucket));
    assertThat(extract(bucket).summary("checkpoints extracted")).isEqualTo("0");
    String folder = bucket + "/some folder/checkpoints/eurusd/";
    Emulators.delete(folder + "checkpoint_mkt_regime.parquet");
    Emulators.upload(folder + "checkpoint_csi_agg_aud.parquet", new byte[1_000]);

    Outcome outcome = extract(bucket);

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("2");
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("" + (CHECKPOINTS - 2));
  }

  @Test
  void anExtractionToABucketThatDoesNotExist() {
    assertThat(extract("gs://nobody-has-it").error())
        .isEqualTo(
            "error: Cannot write to gs://nobody-has-it/some folder/checkpoints/eurusd: there is no"
                + " bucket nobody-has-it");
  }

  @Test
  void aMergeFromABucketThatDoesNotExist() {
    assertThat(merge("gs://nobody-has-it", aligned).error())
        .isEqualTo(
            "error: Cannot read gs://nobody-has-it/some folder/checkpoints/eurusd: there is no"
                + " bucket nobody-has-it");
  }

  @ParameterizedTest
  @EnumSource(
      value = MergeMethod.class,
      names = {"BEAM", "STREAM", "COMPOSE"})
  void aMergeToABucketThatDoesNotExist(MergeMethod method) {
    assertThat(merge(aligned, "gs://nobody-has-it", "--mergeMethod=" + method).error())
        .isEqualTo(
            "error: Cannot write to gs://nobody-has-it/training: there is no bucket nobody-has-it");
  }

  @ParameterizedTest
  @EnumSource(
      value = MergeMethod.class,
      names = {"BEAM", "STREAM", "COMPOSE"})
  void aDamagedCheckpointIsRefused(MergeMethod method) throws Exception {
    String bucket = Emulators.newBucket();
    assertDone(extract(bucket));
    String object = bucket + "/some folder/checkpoints/eurusd/checkpoint_mkt_regime.parquet";
    Path file = directory.resolve("damaged.parquet");
    Emulators.download(object, file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 0x10;
    Emulators.upload(object, bytes);

    assertThat(merge(bucket, bucket, "--mergeMethod=" + method).error())
        .startsWith("error: Cannot merge " + bucket + "/some folder/checkpoints/eurusd: 1 of ")
        .contains("checkpoint_mkt_regime.parquet (its checksum is ", ", the manifest says ");
    assertThat(Emulators.objects(bucket)).noneMatch(name -> name.startsWith("training"));
  }

  @Test
  void composingAcrossBucketsIsRefusedBeforeAnythingIsWritten() {
    String output = Emulators.newBucket();

    Outcome outcome = merge(aligned, output, "--mergeMethod=compose");

    assertThat(outcome.error())
        .startsWith("error: Cannot compose: " + aligned)
        .endsWith("put both in one bucket, or merge with --mergeMethod=stream");
    assertThat(Emulators.objects(output)).isEmpty();
  }
}
