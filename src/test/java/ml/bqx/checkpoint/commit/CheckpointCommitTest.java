package ml.bqx.checkpoint.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.Attempts;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.DateRange;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.Compression;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.options.FloatType;
import ml.bqx.options.Layout;
import ml.bqx.options.UnsupportedTypePolicy;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group on its way to its commit, and what is left when it does not arrive. */
class CheckpointCommitTest {
  /** Ten rows, ten microseconds apart; shards of four. */
  private static final Spine SPINE = new Spine(LongStream.range(0, 10).map(i -> i * 10).toArray());

  private static final Storage STORAGE = Storage.local();

  private static final CheckpointObserver UNOBSERVED =
      new CheckpointObserver() {
        @Override
        public void add(MatchedBatch rows, int firstRow) {}

        @Override
        public Optional<Object> record(CheckpointEntry entry) {
          return Optional.empty();
        }
      };

  @TempDir Path root;

  private Path directory;

  @BeforeEach
  void createDirectories() throws IOException {
    directory = root.resolve("eurusd");
    // As a run does, see TemporaryFiles.
    Files.createDirectories(directory.resolve(Storage.TEMPORARY));
  }

  @Test
  void shardsAreReadOneByOneAndTheirRangesTouch() throws Exception {
    List<TimeRange> ranges = new ArrayList<>();

    CheckpointEntry entry =
        commit(DuplicatePolicy.FAIL)
            .extract(
                range -> {
                  ranges.add(range);
                  return rows(range, SPINE.timestamps());
                },
                UNOBSERVED);

    assertThat(ranges)
        .containsExactly(new TimeRange(0, 40), new TimeRange(40, 80), new TimeRange(80, 91));
    assertThat(entry.files()).extracting(CheckpointFile::rows).containsExactly(4L, 4L, 2L);
    assertThat(files())
        .containsExactly(
            "_commits/agg_eurusd.json",
            "checkpoint_agg_eurusd-00000-of-00003.parquet",
            "checkpoint_agg_eurusd-00001-of-00003.parquet",
            "checkpoint_agg_eurusd-00002-of-00003.parquet");
    assertThat(commit(DuplicatePolicy.FAIL).committed()).contains(entry);
  }

  @Test
  void rowsBetweenTwoShardsAreCountedOnce() throws Exception {
    long[] timestamps = {-5, 0, 5, 10, 30, 35, 39, 40, 41, 70, 70, 79, 80, 90, 91, 500};

    CheckpointEntry entry =
        commit(DuplicatePolicy.FIRST).extract(range -> rows(range, timestamps), UNOBSERVED);

    assertThat(entry.rowsRead()).isEqualTo(13);
    // 5, 35, 39, 41 and 79.
    assertThat(entry.rowsOutside()).isEqualTo(5);
    assertThat(entry.duplicates()).isEqualTo(1);
    // 20, 50 and 60.
    assertThat(entry.rowsMissing()).isEqualTo(3);
    assertThat(entry.columns())
        .containsExactly(new CheckpointEntry.ColumnEntry("agg__x", "x", "INT64", 3));
    assertThat(entry.rowsWithoutTimestamp()).isEqualTo(2);
  }

  @Test
  void valuesLieInTheSpinesOrder() throws Exception {
    long[] shuffled = {30, 0, 20, 10};

    commit(DuplicatePolicy.FAIL).extract(range -> rows(range, shuffled), UNOBSERVED);

    try (ParquetFile file =
        Storage.local().open(path("checkpoint_agg_eurusd-00000-of-00003.parquet"))) {
      ColumnVector.Longs key = (ColumnVector.Longs) file.reader().read(file.footer(), 0);
      ColumnVector.Longs values = (ColumnVector.Longs) file.reader().read(file.footer(), 1);
      assertThat(key.values()).containsExactly(0, 10, 20, 30);
      assertThat(values.values()).containsExactly(0, 100, 200, 300);
      assertThat(file.footer().rowGroups()).isEqualTo(2);
      assertThat(file.footer().keyValues())
          .containsEntry(FooterKeys.SOURCE_TABLE, "features.agg_eurusd")
          .containsEntry(FooterKeys.LAST_MODIFIED, "2024-05-06T07:08:09Z")
          .containsEntry(FooterKeys.LAYOUT, "aligned")
          .containsEntry(FooterKeys.SPINE, SPINE.fingerprint());
    }
  }

  @Test
  void aReaderThatFailsLeavesNothing() {
    assertThatThrownBy(
            () ->
                commit(DuplicatePolicy.FAIL)
                    .extract(
                        range -> {
                          if (range.from() >= 40) {
                            throw new IOException("the line went dead");
                          }

                          return rows(range, SPINE.timestamps());
                        },
                        UNOBSERVED))
        .isInstanceOf(IOException.class)
        .hasMessage("the line went dead");
    assertThat(files()).isEmpty();
  }

  @Test
  void repeatedTimestampsLeaveNothing() {
    assertThatThrownBy(
            () ->
                commit(DuplicatePolicy.FAIL)
                    .extract(range -> rows(range, new long[] {0, 10, 50, 50, 50}), UNOBSERVED))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Cannot extract table features.agg_eurusd: 2 rows repeat the timestamp of another row,"
                + " the first at 1970-01-01T00:00:00.000050Z;");
    assertThat(files()).isEmpty();
  }

  /** What one extraction wrote stays whole until another one has the same in hand. */
  @Test
  void aFailedExtractionKeepsTheOlderCheckpointAndManifest() throws Exception {
    CheckpointCommit commit = commit(DuplicatePolicy.FAIL);
    CheckpointEntry entry = commit.extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
    Files.writeString(directory.resolve(Manifest.FILE_NAME), "{}");
    List<String> before = files();

    assertThatThrownBy(() -> commit.extract(range -> rows(range, new long[] {50, 50}), UNOBSERVED))
        .isInstanceOf(InvalidInputException.class);

    assertThat(files()).isEqualTo(before);
    assertThat(commit.committed()).contains(entry);
  }

  @Test
  void aNewCheckpointWithdrawsTheManifest() throws Exception {
    Files.writeString(directory.resolve(Manifest.FILE_NAME), "{}");

    commit(DuplicatePolicy.FAIL).extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);

    assertThat(directory.resolve(Manifest.FILE_NAME)).doesNotExist();
  }

  /** What waits in a worker that did not answer, while its replacement finishes the run. */
  @Test
  void aLateAttemptLeavesTheManifestThatWasWrittenMeanwhile() throws Exception {
    Path manifest = directory.resolve(Manifest.FILE_NAME);
    CheckpointCommit late = commit(DuplicatePolicy.FAIL);

    CheckpointEntry entry =
        late.extract(
            range -> rows(range, SPINE.timestamps()),
            new CheckpointObserver() {
              @Override
              public void add(MatchedBatch rows, int firstRow) {}

              @Override
              public Optional<Object> record(CheckpointEntry entry) {
                try {
                  commit(DuplicatePolicy.FAIL)
                      .extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
                  Files.writeString(manifest, "{}");
                  return Optional.empty();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });

    assertThat(manifest).exists();
    assertThat(late.committed()).contains(entry);
  }

  @Test
  void whatAnotherAttemptOfAForcedRunHasMadeIsNotMadeAgain() throws Exception {
    ExtractConfig forced = config(DuplicatePolicy.FAIL, true);
    FeatureGroup group = group(Instant.parse("2024-05-06T07:08:09Z"), "x");
    CheckpointCommit first = new CheckpointCommit(STORAGE, forced, group, SPINE);
    CheckpointEntry entry = first.extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
    Path manifest = directory.resolve(Manifest.FILE_NAME);
    Files.writeString(manifest, "{}");

    CheckpointEntry late =
        new CheckpointCommit(STORAGE, forced, group, SPINE)
            .extract(
                range -> rows(range, SPINE.timestamps()),
                first,
                UNOBSERVED,
                Attempts.begin(STORAGE, directory.toString()));

    assertThat(late).isEqualTo(entry);
    assertThat(manifest).exists();
  }

  /** A crash between the renames and the record: the files have their names, nothing vouches. */
  @Test
  void filesWithoutARecordAreNotCommitted() throws Exception {
    CheckpointCommit commit = commit(DuplicatePolicy.FAIL);
    commit.extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
    Files.delete(directory.resolve("_commits/agg_eurusd.json"));

    assertThat(commit.committed()).isEmpty();
  }

  @Test
  void filesOfAnotherNumberOfShardsAreDeletedAtTheEndButNotThoseOfOtherTables() throws Exception {
    for (String stale :
        List.of(
            "checkpoint_agg_eurusd.parquet",
            "checkpoint_agg_eurusd-00003-of-00004.parquet",
            "checkpoint_agg_eurusd_45.parquet",
            "agg_eurusd.parquet")) {
      Files.writeString(directory.resolve(stale), "stale");
    }

    CheckpointEntry entry =
        commit(DuplicatePolicy.FAIL).extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
    CheckpointNames.deleteStale(STORAGE, directory.toString(), List.of(entry));

    assertThat(files())
        .containsExactly(
            "_commits/agg_eurusd.json",
            "agg_eurusd.parquet",
            "checkpoint_agg_eurusd-00000-of-00003.parquet",
            "checkpoint_agg_eurusd-00001-of-00003.parquet",
            "checkpoint_agg_eurusd-00002-of-00003.parquet",
            "checkpoint_agg_eurusd_45.parquet");
  }

  @Test
  void aCheckpointThatCannotBeReadIsNotKept() throws Exception {
    commit(DuplicatePolicy.FAIL).extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
    Storage broken =
        (Storage)
            Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("checksum")) {
                    throw new IOException("Input/output error");
                  }

                  return method.invoke(STORAGE, args);
                });

    assertThat(
            new CheckpointCommit(
                    broken,
                    config(DuplicatePolicy.FAIL),
                    group(Instant.parse("2024-05-06T07:08:09Z"), "x"),
                    SPINE)
                .committed())
        .isEmpty();
  }

  @Test
  void anotherSpineTableOrColumnIsAnotherCheckpoint() throws Exception {
    commit(DuplicatePolicy.FAIL).extract(range -> rows(range, SPINE.timestamps()), UNOBSERVED);
    ExtractConfig config = config(DuplicatePolicy.FAIL);
    FeatureGroup group = group(Instant.parse("2024-05-06T07:08:09Z"), "x");

    assertThat(new CheckpointCommit(STORAGE, config, group, SPINE).committed()).isPresent();
    assertThat(new CheckpointCommit(STORAGE, config, group, SPINE.slice(0, 9)).committed())
        .isEmpty();
    assertThat(
            new CheckpointCommit(
                    STORAGE, config, group(Instant.parse("2024-05-06T07:08:10Z"), "x"), SPINE)
                .committed())
        .isEmpty();
    assertThat(new CheckpointCommit(STORAGE, config, group(null, "x"), SPINE).committed())
        .isEmpty();
    assertThat(
            new CheckpointCommit(
                    STORAGE, config, group(Instant.parse("2024-05-06T07:08:09Z"), "y"), SPINE)
                .committed())
        .isEmpty();
    assertThat(commit(DuplicatePolicy.LAST).committed()).isEmpty();
  }

  private CheckpointCommit commit(DuplicatePolicy policy) {
    return new CheckpointCommit(
        STORAGE, config(policy), group(Instant.parse("2024-05-06T07:08:09Z"), "x"), SPINE);
  }

  private ExtractConfig config(DuplicatePolicy policy) {
    return config(policy, false);
  }

  private ExtractConfig config(DuplicatePolicy policy, boolean force) {
    return new ExtractConfig(
        Pair.of("eurusd"),
        new EmbeddedFile("w"),
        "features",
        "analytics",
        new DateRange(null, null),
        root.toString(),
        "*",
        0,
        Layout.ALIGNED,
        2,
        4,
        policy,
        Compression.SNAPPY,
        FloatType.FLOAT64,
        0,
        0,
        null,
        force,
        UnsupportedTypePolicy.FAIL,
        1,
        false);
  }

  private static FeatureGroup group(Instant lastModified, String column) {
    List<Column> columns = List.of(new Column(column, "BIGINT", ColumnType.of(Kind.INT64)));

    return new FeatureGroup(
        "agg", Category.PAIR, new Table("features", "agg_eurusd", columns, lastModified), columns);
  }

  /** The timestamps inside the range, each with its tenfold; two rows have no timestamp. */
  private static ColumnBatch rows(TimeRange range, long[] timestamps) {
    long[] inside = Arrays.stream(timestamps).filter(range::contains).toArray();
    long[] values = Arrays.stream(inside).map(t -> t * 10).toArray();

    return new ColumnBatch(inside, List.of(new ColumnVector.Longs(values, null)), 2);
  }

  private List<String> files() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
