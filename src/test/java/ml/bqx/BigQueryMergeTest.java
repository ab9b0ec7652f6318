package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.config.BeamCloudConfig;
import ml.bqx.doubles.Emulators;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The merge in BigQuery, against the emulators. */
@Tag("emulators")
@ExtendWith(SampleSets.class)
class BigQueryMergeTest extends ForeignFiles {
  private String bucket;

  /** Before the first request: a server closes a connection that was idle meanwhile. */
  @BeforeAll
  static void extract(SampleSets.Sets sets) {
    sets.aligned();
  }

  @BeforeEach
  void makeBucket() {
    bucket = Emulators.newBucket();
  }

  private String[] args(String... more) {
    return argsWithTempLocation(bucket + "/temp", more);
  }

  private static String[] argsWithTempLocation(String tempLocation, String... more) {
    return Stream.of(
            Emulators.args().stream(),
            Stream.of("--mergeMethod=bigquery", "--tempLocation=" + tempLocation),
            Stream.of(more))
        .flatMap(each -> each)
        .toArray(String[]::new);
  }

  /** Three levels: the tables, three joins of at most 50 of them, the join of these. */
  private void writeManyGroups() throws Exception {
    writeTargets();
    for (int group = 1; group <= 119; group++) {
      write(
          "g%03d_eurusd".formatted(group),
          "SELECT %s AS interval_time, i * %d AS x, i / %2$d AS y %s WHERE i <> %2$d %% 7"
              .formatted(TIME, group, ROWS));
    }
  }

  @Test
  void tablesOfThreeLevelsBecomeOneFile() throws Exception {
    writeManyGroups();
    Path streamed = directory.resolve("streamed");
    Outcome stream =
        place.merge("--mergeMethod=stream", "--rowGroupRows=2", "--output=" + streamed);

    Outcome outcome = place.merge(args("--rowGroupRows=2"));

    assertDone(outcome);
    assertDone(stream);
    duck.assertTraining(
        place.trainingFile(), Duck.values(streamed.resolve("training_eurusd.parquet")), 2);
    for (String name : List.of("rows", "features", "rows filled with nulls", "rows dropped")) {
      assertThat(outcome.summary(name)).as(name).isEqualTo(stream.summary(name));
    }

    assertThat(outcome.out())
        .containsPattern("load +120 tables")
        .containsPattern("join_1_001 +50 tables +101 columns")
        .containsPattern("join_1_003 +22 tables +44 columns")
        .containsPattern("training +3 tables +241 columns +[0-9,]+ characters of SQL")
        .containsPattern("export +3 row blocks")
        .containsPattern("bytes billed +");
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"first, 17", "last, 5000", "first, 300"})
  void repeatsShufflesAndAllTypesComeOutAsWithDuckDb(String policy, int rowGroupRows)
      throws Exception {
    RandomSet.Shape untidy =
        new RandomSet.Shape("TIMESTAMP_NS", 80, 20, 10, 3, true, 2, "COMPRESSION zstd");
    RandomSet.Shape tidy =
        new RandomSet.Shape("TIMESTAMPTZ", 100, 0, 0, 0, false, 1, "COMPRESSION snappy");
    RandomSet set =
        new RandomSet(
            rowGroupRows,
            300,
            rowGroupRows,
            policy,
            new RandomSet.Group("targets", false, untidy, List.of("DOUBLE", "FLOAT")),
            List.of(
                new RandomSet.Group("agg_eurusd", false, untidy, RandomSet.TYPES),
                new RandomSet.Group("mkt_vol", true, tidy, RandomSet.TYPES)));
    set.write(duck, place.directory());
    duck.run("CREATE OR REPLACE TEMP TABLE oracle AS " + set.leftJoin(place.directory()));
    Path streamed = directory.resolve("streamed");
    String[] asked = {
      "--onDuplicate=" + policy, "--rowGroupRows=" + rowGroupRows, "--timeZone=UTC"
    };
    Outcome stream =
        place.merge("--mergeMethod=stream", asked[0], asked[1], asked[2], "--output=" + streamed);

    Outcome outcome = place.merge(args(asked));

    assertDone(outcome);
    // What is in a NaN besides that it is one is BigQuery's business.
    String oneNaN =
        "SELECT * REPLACE (%s) FROM "
            .formatted(
                Stream.of("column_0", "agg__column_0", "mkt_vol__column_0")
                    .map(
                        "CASE WHEN isnan(%1$s) THEN 'nan'::DOUBLE ELSE %1$s END AS %1$s"::formatted)
                    .collect(Collectors.joining(", ")));
    duck.assertSame(
        oneNaN + "(%s)".formatted(Duck.values(place.trainingFile())), oneNaN + "oracle");
    for (String name : List.of("rows", "rows filled with nulls", "rows dropped")) {
      assertThat(outcome.summary(name)).as(name).isEqualTo(stream.summary(name));
    }

    assertNothingLeft();
  }

  @Test
  void repeatsAreRefusedUnlessAPolicyIsGiven() throws Exception {
    writeTargets();
    write("agg_eurusd", "SELECT %s AS interval_time, i AS x %s, range(2)".formatted(TIME, ROWS));

    Outcome outcome = place.merge(args());

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: Cannot merge %s: 5 rows repeat".formatted(file("agg_eurusd")));
    place.assertNothingMerged();
    assertNothingLeft();
  }

  @Test
  void checkpointsOnCloudStorageAreLoadedWhereTheyLie(SampleSets.Sets sets) throws Exception {
    Workplace aligned = sets.aligned();
    for (String name : filesBelow(aligned.directory())) {
      try (WritableByteChannel object =
          Storage.of(BeamCloudConfig.of(Emulators.options()))
              .create(bucket + "/checkpoints/eurusd/" + name)) {
        object.write(ByteBuffer.wrap(Files.readAllBytes(aligned.directory().resolve(name))));
      }
    }

    Outcome outcome =
        aligned.merge(
            args("--checkpoints=" + bucket + "/checkpoints", "--output=" + bucket + "/output"));

    assertDone(outcome);
    Path file = directory.resolve("training.parquet");
    Emulators.download(bucket + "/output/training_eurusd.parquet", file);
    try (Duck warehouse = Duck.inMemory().attach(sets.warehouse())) {
      warehouse.assertTraining(
          file,
          Expectation.of(warehouse).training(SampleSets.FEATURE_TABLES),
          Workplace.ROW_GROUP_ROWS);
    }

    JsonNode jobs = Emulators.bigQuery("GET", "jobs?maxResults=10000", null);
    assertThat(jobs.toString())
        .contains(bucket + "/checkpoints/eurusd/checkpoint_agg_bqx_eurusd-00000-of-00003.parquet")
        .as("the targets make the rows, and go another way")
        .doesNotContain(bucket + "/checkpoints/eurusd/checkpoint_targets");
    assertThat(Emulators.objects(bucket)).noneMatch(name -> name.contains("temp"));
    assertNothingLeft();
  }

  @Test
  void exportsAreReadFromTheBucketAndNotCopied() throws Exception {
    writeTargets();
    write("agg_eurusd", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));
    Path spill = directory.resolve("spill");

    assertDone(place.merge(args("--spillDirectory=" + spill)));

    assertThat(spill).doesNotExist();
    assertThat(place.output()).isDirectoryNotContaining(Files::isDirectory);
    assertNothingLeft();
  }

  @Test
  void aBucketThatIsNotThereIsToldBeforeAnythingIsDone() throws Exception {
    writeSmallSet();

    Outcome outcome = place.merge(argsWithTempLocation("gs://no-such-bucket-of-ours/temp"));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot find the location of the bucket of gs://no-such-bucket-of-ours/temp: there is no bucket no-such-bucket-of-ours; check --tempLocation, or set --location");
    place.assertNothingMerged();
  }

  @Test
  void aMergeThatIsToldToStopLeavesNothing() throws Exception {
    writeManyGroups();
    String[] args =
        args("--pair=eurusd", "--checkpoints=" + place.checkpoints(), "--output=" + place.output());
    Path log = directory.resolve("merge.log");
    Process process = ChildJvm.of(log, ChildJvm.OPENS, MergePipeline.class, args).start();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (tables() < 10) {
        assertThat(process.isAlive()).as("%s", Files.readString(log)).isTrue();
        assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
        Thread.sleep(50);
      }

      // SIGTERM.
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS))
          .as("Cloud Run waits ten seconds: %s", Files.readString(log))
          .isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }

    // 128 + 15: it was the signal that ended it.
    assertThat(process.exitValue()).as("%s", Files.readString(log)).isEqualTo(143);
    assertThat(Emulators.objects(bucket)).isEmpty();
    place.assertNothingMerged();
    assertNothingLeft();
  }

  /** Tables in the temporary dataset; 0 when there is none yet. */
  private static int tables() {
    List<String> datasets = temporaryDatasets();
    return datasets.isEmpty()
        ? 0
        : Emulators.bigQuery("GET", "datasets/" + datasets.get(0) + "/tables", null)
            .path("tables")
            .size();
  }

  private static List<String> temporaryDatasets() {
    return Emulators.bigQuery("GET", "datasets", null).findValuesAsText("datasetId").stream()
        .filter(name -> name.startsWith("bqx_ml_merge_"))
        .toList();
  }

  /** Tests in other JVMs have datasets of their own for a while; one that was left stays. */
  private void assertNothingLeft() throws InterruptedException {
    List<String> left = new ArrayList<>(temporaryDatasets());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(200);
      left.retainAll(temporaryDatasets());
    }

    assertThat(left).isEmpty();
    assertThat(Emulators.objects(bucket)).noneMatch(name -> name.contains("bqx_ml_merge_"));
    assertThat(filesBelow(directory)).noneMatch(name -> name.contains("_temporary"));
  }
}
