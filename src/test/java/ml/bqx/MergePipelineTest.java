package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SampleSets.class)
class MergePipelineTest {
  private static SampleSets.Sets sets;
  private static Duck duck;
  private static String expected;

  @TempDir Path directory;

  @BeforeAll
  static void attach(SampleSets.Sets shared) throws Exception {
    sets = shared;
    duck = Duck.inMemory().attach(sets.warehouse());
    duck.run(
        "CREATE TEMP TABLE expected AS "
            + Expectation.of(duck).training(SampleSets.FEATURE_TABLES));
    expected = "FROM expected";
  }

  @AfterAll
  static void detach() throws Exception {
    duck.close();
  }

  static Stream<Arguments> everyLayoutWithEveryMethod() {
    return Stream.of("aligned", "sharded")
        .flatMap(
            layout -> MergeMethods.of(layout).stream().map(method -> Arguments.of(layout, method)));
  }

  @ParameterizedTest
  @MethodSource("everyLayoutWithEveryMethod")
  void theTrainingFileIsTheLeftJoinOfTheSpineWithAllTables(String layout, MergeMethod method)
      throws Exception {
    Workplace place = place(layout);

    Outcome outcome =
        merge(
            place,
            "--mergeMethod=" + method,
            "--expectedFeatures=" + sets.sample.features(),
            "--expectedTargets=7",
            "--minRows=2500",
            "--minCheckpoints=16");

    assertDone(outcome);
    assertThat(filesBelow(directory))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
    duck.assertTraining(trainingFile(), expected, ROW_GROUP_ROWS);
    assertThat(outcome.out()).startsWith("merged eurusd\n");
    assertThat(outcome.summary("method")).isEqualTo(method.toString());
    assertThat(outcome.summary("rows")).isEqualTo("2,500");
    assertThat(outcome.summary("features")).isEqualTo("" + sets.sample.features());
    assertThat(outcome.summary("targets")).isEqualTo("7");
    assertThat(outcome.summary("checkpoints")).isEqualTo("16");
    assertThat(outcome.summary("row groups")).isEqualTo("5");
    assertThat(outcome.summary("rows dropped"))
        .isEqualTo("0 not in the spine, 0 without timestamp, 0 duplicates, 0 incomplete targets");
    assertThat(outcome.summary("path")).isEqualTo(trainingFile().toString());
  }

  @ParameterizedTest
  @MethodSource("everyLayoutWithEveryMethod")
  void theFooterTellsWhatTheFileWasMadeFrom(String layout, MergeMethod method) throws Exception {
    Workplace place = place(layout);
    JsonNode manifest = place.readManifest();

    assertDone(merge(place, "--mergeMethod=" + method));

    Map<String, String> pairs = keyValues();
    assertThat(pairs)
        .containsEntry(
            "bqx.manifest",
            MoreFiles.asByteSource(place.manifest())
                .hash(Hashing.sha256())
                .toString()
                .substring(0, 16))
        .containsEntry("bqx.spine", manifest.get("spine").get("fingerprint").asText())
        .containsEntry("bqx.features", "" + sets.sample.features())
        .containsEntry("bqx.targets", "7")
        .containsEntry("bqx.tool", manifest.get("tool").asText());
    JsonNode lineage = new ObjectMapper().readTree(pairs.get("bqx.lineage"));
    assertThat(lineage).hasSize(16);
    assertThat(lineage.get("targets").asText()).isEqualTo("bqx_ml_v3_analytics_v2.targets_eurusd");
    for (String table : SampleSets.FEATURE_TABLES) {
      assertThat(lineage.get(Expectation.group(table)).asText())
          .isEqualTo("bqx_ml_v3_features_v2." + table);
    }
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#ofAnySet")
  void alignedCheckpointsCanBeCutInOtherRowBlocks(MergeMethod method) throws Exception {
    assertDone(merge(sets.aligned(), "--mergeMethod=" + method, "--rowGroupRows=999"));

    duck.assertTraining(trainingFile(), expected, 999);
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#ofAnySet")
  void oneRowBlockCanHoldAllRows(MergeMethod method) throws Exception {
    assertDone(
        merge(
            sets.sharded(),
            "--mergeMethod=" + method,
            "--rowGroupRows=2500",
            "--compression=zstd"));

    duck.assertTraining(trainingFile(), expected, 2_500);
    assertThat(
            duck.texts(
                "SELECT DISTINCT compression FROM parquet_metadata('%s')"
                    .formatted(trainingFile())))
        .containsExactly("ZSTD");
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void checkpointsThatLostTheirManifestMergeAsAForeignSet(MergeMethod method) throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory.resolve("set"));
    Files.delete(place.manifest());
    MoreFiles.deleteRecursively(place.directory().resolve("_commits"));

    assertDone(place.merge("--mergeMethod=" + method));

    duck.assertTraining(place.trainingFile(), expected, ROW_GROUP_ROWS);
  }

  @Test
  void aSpineOfOneRowMerges() throws Exception {
    for (String layout : List.of("aligned", "sharded")) {
      Workplace place = new Workplace(directory.resolve(layout), sets.warehouse());
      assertDone(place.extract("--layout=" + layout, "--limit=1"));
      for (MergeMethod method : MergeMethods.of(layout)) {
        assertDone(place.merge("--mergeMethod=" + method));

        duck.assertTraining(
            place.trainingFile(), expected + " ORDER BY interval_time LIMIT 1", ROW_GROUP_ROWS);
      }
    }
  }

  @Test
  void composeRefusesWhatIsNotAligned() throws Exception {
    Outcome sharded = merge(sets.sharded(), "--mergeMethod=compose");
    Outcome otherBlocks = merge(sets.aligned(), "--mergeMethod=compose", "--rowGroupRows=256");

    assertThat(sharded.code()).isEqualTo(1);
    assertThat(sharded.error())
        .isEqualTo(
            "error: Cannot compose: %s was not written in the aligned layout; extract with --layout=aligned, or merge with --mergeMethod=stream"
                .formatted(
                    sets.sharded()
                        .directory()
                        .resolve("checkpoint_targets-00000-of-00003.parquet")));
    assertThat(otherBlocks.code()).isEqualTo(1);
    assertThat(otherBlocks.error())
        .contains("checkpoint_targets-00000-of-00003.parquet has 512 rows in row group 0")
        .contains("(see --rowGroupRows)");
    assertThat(filesBelow(directory)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void aSuccessfulMergeReplacesTheFileAndAFailedOneLeavesIt(MergeMethod method) throws Exception {
    Files.writeString(trainingFile(), "of yesterday");

    Outcome failed = merge(sets.aligned(), "--mergeMethod=" + method, "--minRows=2501");

    assertThat(failed.code()).isEqualTo(1);
    assertThat(trainingFile()).hasContent("of yesterday");
    assertThat(filesBelow(directory)).containsExactly("training_eurusd.parquet");

    assertDone(merge(sets.aligned(), "--mergeMethod=" + method));

    duck.assertTraining(trainingFile(), expected, ROW_GROUP_ROWS);
    assertThat(filesBelow(directory))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }

  @Test
  void theMainMethodReturnsWhenAllIsWell() throws Exception {
    try (Console console = new Console()) {
      MergePipeline.main(
          new String[] {
            "--pair=eurusd",
            "--checkpoints=" + sets.aligned().checkpoints(),
            "--output=" + directory
          });

      assertThat(console.out()).startsWith("merged eurusd\n");
    }

    // Aligned checkpoints are copied: their row groups are those of the file.
    duck.assertTraining(trainingFile(), expected, ROW_GROUP_ROWS);
  }

  @Test
  void groupsThatTheManifestDoesNotNameAreLeftOut() throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory.resolve("set"));
    assertDone(place.extract("--groups={regime_bqx_*,cyc_bqx}"));

    assertDone(place.merge("--mergeMethod=stream"));

    duck.assertTraining(
        place.trainingFile(),
        Expectation.of(duck)
            .training(List.of("regime_bqx_eurusd_45", "regime_bqx_eurusd_90", "cyc_bqx_eurusd")),
        ROW_GROUP_ROWS);
  }

  private static Workplace place(String layout) {
    return layout.equals("aligned") ? sets.aligned() : sets.sharded();
  }

  private Outcome merge(Workplace place, String... more) {
    String[] args =
        Stream.concat(Stream.of("--output=" + directory), Stream.of(more)).toArray(String[]::new);

    return place.merge(args);
  }

  private Path trainingFile() {
    return directory.resolve("training_eurusd.parquet");
  }

  private Map<String, String> keyValues() throws Exception {
    Map<String, String> pairs = new java.util.LinkedHashMap<>();
    String metadata = " FROM parquet_kv_metadata('" + trainingFile() + "')";
    for (String key : duck.texts("SELECT decode(key)" + metadata)) {
      pairs.put(
          key,
          duck.texts("SELECT decode(value)" + metadata + " WHERE decode(key) = '" + key + "'")
              .get(0));
    }

    return pairs;
  }
}
