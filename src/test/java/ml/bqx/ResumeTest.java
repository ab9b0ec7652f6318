package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second extraction does again what is not there or no longer right, and nothing else. */
@ExtendWith(SampleSets.class)
class ResumeTest {
  /** All tables, the targets' among them. */
  private static final int CHECKPOINTS = SampleSets.FEATURE_TABLES.size() + 1;

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));

  @TempDir Path directory;

  private Workplace place;
  private byte[] manifest;

  /** All files look as if they were written long ago, so that new ones can be told. */
  @BeforeEach
  void copySet(SampleSets.Sets sets) throws Exception {
    place = sets.copy(sets.aligned(), directory);
    manifest = Files.readAllBytes(place.manifest());
    for (String file : filesBelow(place.directory())) {
      Files.setLastModifiedTime(place.directory().resolve(file), LONG_AGO);
    }
  }

  @Test
  void filesOfOtherShardsThatAKilledRunLeftAreDeletedAndNoOthers() throws Exception {
    Path mine = place.directory().resolve("checkpoint_mkt_regime-00002-of-00009.parquet");
    Path other = place.directory().resolve("checkpoint_nobody-00002-of-00009.parquet");
    Path file = place.directory().resolve("checkpoint_mkt_regime-00001-of-00003.parquet");
    for (Path copy : List.of(mine, other)) {
      Files.copy(file, copy);
    }

    Files.delete(place.manifest());

    assertDone(place.extract());

    assertThat(mine).doesNotExist();
    assertThat(other).exists();
    assertThat(place.manifest()).hasBinaryContent(manifest);
  }

  @Test
  void nothingIsDoneAgainWhenAllIsThere() throws Exception {
    assertExtractedAgain(place.extract());
    assertThat(place.manifest()).hasBinaryContent(manifest);
  }

  @Test
  void checkpointsThatWereDeletedAreExtractedAgain() throws Exception {
    deleteFiles("agg_bqx_eurusd", "mkt_regime", "regime_eurusd_90");

    assertExtractedAgain(place.extract(), "agg_bqx_eurusd", "mkt_regime", "regime_eurusd_90");
  }

  @Test
  void oneFileOfSeveralIsEnoughToMissACheckpoint() throws Exception {
    Files.delete(shard("csi_agg_aud", 1));

    Outcome outcome = place.extract();

    assertExtractedAgain(outcome, "csi_agg_aud");
    assertThat(outcome.err())
        .contains(
            "Extracting csi_agg_aud again: its file is missing (%s)"
                .formatted(shard("csi_agg_aud", 1)));
  }

  @Test
  void aTruncatedCheckpointIsExtractedAgain() throws Exception {
    Path file = shard("var_agg_bqx_eur", 2);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));

    Outcome outcome = place.extract();

    assertExtractedAgain(outcome, "var_agg_bqx_eur");
    assertThat(outcome.err())
        .contains(
            "Extracting var_agg_bqx_eur again: its file was damaged or replaced: it has %,d bytes, the commit record says %,d (%s)"
                .formatted(bytes.length - 1, bytes.length, file));
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void aCheckpointWithOneBitFlippedIsExtractedAgain() throws Exception {
    Path file = shard("agg_idx_eurusd", 0);
    byte[] bytes = Files.readAllBytes(file);
    byte[] damaged = bytes.clone();
    damaged[damaged.length / 2] ^= 0x10;
    Files.write(file, damaged);

    Outcome outcome = place.extract();

    assertExtractedAgain(outcome, "agg_idx_eurusd");
    assertThat(outcome.err())
        .containsPattern(
            "Extracting agg_idx_eurusd again: its file was damaged or replaced: CRC32C is \\w{8},"
                + " the commit record says \\w{8}")
        .contains("(%s)".formatted(file));
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void aCheckpointWithoutItsCommitRecordIsExtractedAgain() throws Exception {
    Files.delete(record("mkt_sentiment"));

    assertExtractedAgain(place.extract(), "mkt_sentiment");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"group\": \"mkt_sentiment\"}"})
  void aCheckpointWhoseCommitRecordIsBrokenIsExtractedAgain(String json) throws Exception {
    Files.writeString(record("mkt_sentiment"), json);

    assertExtractedAgain(place.extract(), "mkt_sentiment");
  }

  @Test
  void aBrokenManifestIsWrittenAnew() throws Exception {
    Files.writeString(place.manifest(), "{");

    assertExtractedAgain(place.extract());
    assertThat(place.manifest()).hasBinaryContent(manifest);
  }

  @Test
  void theTargetsAreExtractedAgainLikeAnyOther() throws Exception {
    deleteFiles("targets");

    assertExtractedAgain(place.extract(), "targets");
  }

  @Test
  void aMissingManifestIsWrittenAnew() throws Exception {
    Files.delete(place.manifest());

    assertExtractedAgain(place.extract());
    assertThat(place.manifest()).hasBinaryContent(manifest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--endDate=2024-01-01",
        "--compression=zstd",
        "--layout=sharded",
        "--shardRows=2048",
        "--force"
      })
  void anOptionThatChangesCheckpointsMakesAllAnew(String option) throws Exception {
    assertExtractedAgain(place.extract(option), everything());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--minCheckpointBytes=100", "--targetParallelism=1"})
  void anOptionThatChangesNoCheckpointMakesNoneAnew(String option) throws Exception {
    assertExtractedAgain(place.extract(option));
  }

  @Test
  void filesOfAnOlderExtractionDoNotStayBesideTheNewOnes() throws Exception {
    assertDone(place.extract("--shardRows=4096"));

    assertThat(filesBelow(place.directory()))
        .hasSize(2 * CHECKPOINTS + 2)
        .contains("checkpoint_mkt_regime.parquet", "checkpoint_targets.parquet")
        .noneMatch(file -> file.contains("-of-"));
  }

  @Test
  void aTableThatWasWrittenSinceIsExtractedAgain(SampleSets.Sets sets) throws Exception {
    Path copy = Files.copy(sets.warehouse(), directory.resolve("copy.duckdb"));
    Files.setLastModifiedTime(copy, FileTime.from(Instant.parse("2031-01-01T00:00:00Z")));

    assertExtractedAgain(new Workplace(directory, copy).extract(), everything());
  }

  @Test
  void aNarrowerSelectionKeepsWhatItNames() throws Exception {
    Outcome outcome = place.extract("--groups=agg_*");

    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("0");
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("4");
    assertThat(place.readManifest().get("checkpoints").findValuesAsText("group"))
        .containsExactly("targets", "agg", "agg_bqx", "agg_idx");

    assertExtractedAgain(place.extract());
    assertThat(place.manifest()).hasBinaryContent(manifest);
  }

  @Test
  void whatAKilledRunLeftInTheTemporaryDirectoryIsDeleted() throws Exception {
    Path left = place.directory().resolve("_temporary").resolve("agg_eurusd-1-0.parquet");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "half a checkpoint");

    assertExtractedAgain(place.extract());
    assertThat(left).doesNotExist();
  }

  /** Asserts that exactly these checkpoints were extracted again and all others left untouched. */
  private void assertExtractedAgain(Outcome outcome, String... tables) throws Exception {
    assertDone(outcome);
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("" + tables.length);
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("" + (CHECKPOINTS - tables.length));
    assertThat(written(place.directory().resolve("_commits"))).containsExactlyInAnyOrder(tables);
    assertThat(written(place.directory())).containsExactlyInAnyOrder(tables);
    assertThat(filesBelow(place.directory()))
        .noneMatch(file -> file.contains("_temporary") || file.endsWith(".tmp"));
    assertIntact(place, CHECKPOINTS);
  }

  /** The tables of which there are files that are not from long ago. */
  private static TreeSet<String> written(Path directory) throws IOException {
    TreeSet<String> tables = new TreeSet<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (Files.isRegularFile(file)
            && !List.of("_manifest.json", "_statistics.parquet").contains(name)
            && !Files.getLastModifiedTime(file).equals(LONG_AGO)) {
          tables.add(name.replaceAll("^checkpoint_|(-\\d+-of-\\d+)?\\.(parquet|json)$", ""));
        }
      }
    }

    return tables;
  }

  /** Asserts that the manifest names that many checkpoints and that their files are as it says. */
  static void assertIntact(Workplace place, int checkpoints) throws Exception {
    JsonNode entries = place.readManifest().get("checkpoints");
    assertThat(entries).hasSize(checkpoints);
    for (JsonNode entry : entries) {
      for (JsonNode file : entry.get("files")) {
        byte[] bytes = Files.readAllBytes(place.directory().resolve(file.get("name").asText()));
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes);
        assertThat(file.get("bytes").asLong()).isEqualTo(bytes.length);
        assertThat(file.get("crc32c").asText()).isEqualTo("%08x".formatted(crc.getValue()));
      }
    }
  }

  private static String[] everything() {
    return Stream.concat(Stream.of("targets"), SampleSets.FEATURE_TABLES.stream())
        .toArray(String[]::new);
  }

  private void deleteFiles(String... tables) throws IOException {
    for (String table : tables) {
      for (int shard : List.of(0, 1, 2)) {
        Files.delete(shard(table, shard));
      }
    }
  }

  private Path shard(String table, int shard) {
    return place.directory().resolve("checkpoint_%s-%05d-of-00003.parquet".formatted(table, shard));
  }

  private Path record(String table) {
    return place.directory().resolve("_commits").resolve(table + ".json");
  }
}
