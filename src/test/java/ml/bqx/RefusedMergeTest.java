package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A merge that cannot be done ends with one clear error and leaves no training file. */
@ExtendWith(SampleSets.class)
class RefusedMergeTest {
  private static SampleSets.Sets sets;

  @TempDir Path directory;

  @BeforeAll
  static void share(SampleSets.Sets shared) {
    sets = shared;
  }

  @Test
  void checkpointsThatAreMissing() throws Exception {
    Workplace place = aligned();
    Files.delete(shard(place, "agg_eurusd", 0));
    Files.delete(shard(place, "mkt_regime", 1));
    Files.delete(shard(place, "mkt_regime", 2));

    assertRefused(
        place,
        "error: Cannot merge %s: 3 of 48 checkpoint files are missing: checkpoint_agg_eurusd-00000-of-00003.parquet, checkpoint_mkt_regime-00001-of-00003.parquet, checkpoint_mkt_regime-00002-of-00003.parquet; run the extraction again, only these are extracted again"
            .formatted(place.directory()));
  }

  @Test
  void fewerCheckpointsThanAskedFor() {
    Workplace place = new Workplace(directory, sets.warehouse());

    assertRefused(
        place,
        "error: Cannot merge %s: it has 16 checkpoints, --minCheckpoints=667 requires more"
            .formatted(sets.aligned().directory()),
        "--checkpoints=" + sets.aligned().checkpoints(),
        "--minCheckpoints=667");
  }

  @Test
  void aTruncatedCheckpoint() throws Exception {
    Workplace place = aligned();
    Path file = shard(place, "csi_agg_aud", 1);
    long size = Files.size(file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1_234));

    assertRefused(
        place,
        "error: Cannot merge %s: 1 of 48 checkpoint files are truncated or changed: checkpoint_csi_agg_aud-00001-of-00003.parquet (1,234 bytes, the manifest says %,d); run the extraction again, only these are extracted again"
            .formatted(place.directory(), size));
  }

  @Test
  void aCheckpointOfAnotherExtraction() throws Exception {
    Workplace place = aligned();
    Workplace other = new Workplace(directory.resolve("other"), sets.warehouse());
    assertDone(other.extract("--groups=cyc_bqx", "--onDuplicate=last"));
    Path file = shard(place, "cyc_bqx_eurusd", 2);
    Files.delete(file);
    Files.copy(shard(other, "cyc_bqx_eurusd", 2), file);

    for (MergeMethod method : MergeMethods.here()) {
      Outcome outcome = place.merge("--mergeMethod=" + method);

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.error())
          .startsWith("error: Cannot read %s: the checksum of its footer is ".formatted(file))
          .contains(
              "the file is damaged, or not the one that was extracted; run the extraction again");
      place.assertNothingMerged();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "aligned, beam, 1",
    "aligned, stream, 1",
    "aligned, duckdb, 1",
    "sharded, beam, 0",
    "sharded, stream, 0",
    "sharded, duckdb, 0",
  })
  void aDamagedPage(String layout, String method, int rowGroup) throws Exception {
    Workplace place =
        sets.copy(layout.equals("aligned") ? sets.aligned() : sets.sharded(), directory);
    Path file = shard(place, "csi_agg_aud", 1);
    String column = flipBitOfLastPage(file, rowGroup);

    Outcome outcome = place.merge("--mergeMethod=" + method);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: Cannot read ")
        .contains(file.toString(), column, "row group " + rowGroup, "the file is damaged")
        .hasLineCount(1);
    place.assertNothingMerged();
  }

  /**
   * Pages do not pass through compose, so that the file as a whole is held against the manifest.
   */
  @Test
  void aDamagedFileWhenComposing() throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    Path file = shard(place, "csi_agg_aud", 1);
    flipBitOfLastPage(file, 1);

    Outcome outcome = place.merge("--mergeMethod=compose");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: Cannot compose: the checksum of " + file + " is ")
        .contains("it should be")
        .hasLineCount(1);
    place.assertNothingMerged();
  }

  /** Changes the values of some column; tells which. */
  private static String flipBitOfLastPage(Path file, int rowGroup) throws Exception {
    try (Duck duck = Duck.inMemory()) {
      String chunk =
          " FROM parquet_metadata('%s') WHERE row_group_id = %d AND column_id = 7"
              .formatted(file, rowGroup);
      flipBit(
          file,
          duck.number(
              "SELECT coalesce(dictionary_page_offset, data_page_offset) + total_compressed_size"
                  + " - 3"
                  + chunk));

      return duck.texts("SELECT path_in_schema" + chunk).get(0);
    }
  }

  @Test
  void anotherNumberOfFeatures() {
    assertThat(merge("--expectedFeatures=6477").error())
        .startsWith(
            "error: Cannot merge: found 157 features, --expectedFeatures=6477 requires exactly that many; of the known layout with 6,477 features these groups differ: align (0 instead of 16), align_bqx (0 instead of 16), ")
        .endsWith(" and 641 more");
    assertThat(merge("--expectedFeatures=158").error())
        .startsWith(
            "error: Cannot merge: found 157 features, --expectedFeatures=158 requires exactly that many; the groups have agg=28, agg_bqx=24, ");
  }

  @Test
  void anotherNumberOfTargets() {
    assertThat(merge("--expectedTargets=8").error())
        .isEqualTo(
            "error: Cannot merge: found 7 targets, --expectedTargets=8 requires exactly that many");
  }

  @Test
  void fewerRowsThanAskedFor() {
    for (MergeMethod method : MergeMethods.here()) {
      assertThat(merge("--minRows=100000", "--mergeMethod=" + method).error())
          .isEqualTo(
              "error: Cannot merge: %s has 2,500 rows with all targets, --minRows=100000 requires more"
                  .formatted(shard(sets.aligned(), "targets", 0)));
    }
  }

  @Test
  void anOutputThatCannotBeMade() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");

    Outcome outcome = merge("--output=" + file.resolve("below"));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: Cannot write to " + file.resolve("below") + ": ")
        .hasLineCount(1);
    assertThat(file).hasContent("in the way");
  }

  @Test
  void checkpointsOfAnotherPair() throws Exception {
    Path other = directory.resolve("checkpoints/gbpusd");
    Workplace.copy(sets.aligned().directory(), Files.createDirectories(other).resolve("."));

    assertThat(merge("--pair=gbpusd", "--checkpoints=" + other.getParent()).error())
        .isEqualTo(
            "error: Cannot merge %s as gbpusd: its manifest is of pair eurusd".formatted(other));
  }

  @Test
  void aManifestThatIsBroken() throws Exception {
    Workplace place = aligned();
    Files.writeString(place.manifest(), "{\"version\": 1,");

    Outcome outcome = place.merge();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith(
            "error: Cannot read " + place.manifest() + ": it is not the JSON bqx-ml writes (")
        .endsWith("extract again")
        .hasLineCount(1);
    place.assertNothingMerged();
  }

  @Test
  void aManifestOfAnotherVersion() throws Exception {
    Workplace place = aligned();
    Files.writeString(
        place.manifest(),
        Files.readString(place.manifest()).replace("\"version\" : 3", "\"version\" : 99"));

    assertRefused(
        place,
        "error: Cannot read %s: its format is version 99, this tool knows 3; extract again"
            .formatted(place.manifest()));
  }

  @Test
  void optionsAreToldAllAtOnce() {
    Outcome outcome =
        Outcome.of(
            MergePipeline::run,
            "--pair=EURUSD",
            "--mergeMethod=magic",
            "--rowGroupRows=many",
            "--minRows=-1",
            "--checkpoints=data/*");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error().lines().map(line -> line.replaceFirst("^error:", "").strip()))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("--mergeMethod=magic: not one of beam, "),
            line ->
                assertThat(line)
                    .isEqualTo("--pair=EURUSD: Cannot use pair EURUSD: did you mean eurusd?"),
            line -> assertThat(line).startsWith("--checkpoints=data/*: wildcard characters"),
            line -> assertThat(line).startsWith("--output is required"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "--rowGroupRows=many: not a whole number (expected auto, or for example 16384)"),
            line -> assertThat(line).isEqualTo("--minRows=-1: cannot be negative"),
            line -> assertThat(line).isEqualTo("--help explains all options"));
  }

  @Test
  void theJvmEndsWithCodeOne() throws Exception {
    Path log = directory.resolve("log");
    Process process =
        ChildJvm.of(
                log,
                List.of(),
                Main.class,
                "merge",
                "--pair=eurusd",
                "--checkpoints=" + directory.resolve("nowhere"),
                "--output=" + directory.resolve("output"))
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(log)
        .content()
        .contains("error: Cannot merge " + directory.resolve("nowhere/eurusd") + ": ");
  }

  private Workplace aligned() throws Exception {
    return sets.copy(sets.aligned(), directory);
  }

  /** Merges the shared set, and sees to it that nothing comes of it. */
  private Outcome merge(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--output=" + directory.resolve("output");
    Outcome outcome =
        sets.aligned().merge(Arrays.toString(args).contains("--output=") ? args : all);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(filesBelow(directory.resolve("output"))).isEmpty();

    return outcome;
  }

  private void assertRefused(Workplace place, String error, String... args) {
    Outcome outcome = place.merge(args);

    assertThat(outcome.error()).isEqualTo(error);
    assertThat(outcome.code()).isEqualTo(1);
    place.assertNothingMerged();
  }

  private static Path shard(Workplace place, String table, int shard) {
    return place.directory().resolve("checkpoint_%s-%05d-of-00003.parquet".formatted(table, shard));
  }

  private static void flipBit(Path file, long at) throws Exception {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 1);
    }
  }
}
