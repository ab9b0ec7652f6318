package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.bqx.catalog.Category;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Manifest manifest = manifest("2024-05-06T07:08:09Z");

    manifest.write(Storage.local(), directory.toString());

    assertThat(Manifest.read(Storage.local(), directory.toString())).contains(manifest);
    assertThat(Storage.local().list(directory.toString()))
        .extracting(FileStatus::name)
        .containsExactly("_manifest.json");
  }

  @Test
  void whereThereIsNoneNothingIsRead() throws Exception {
    assertThat(Manifest.read(Storage.local(), directory.toString())).isEmpty();
    assertThat(Manifest.read(Storage.local(), directory.resolve("nowhere").toString())).isEmpty();
  }

  @Test
  void aWithdrawnOneIsGone() throws Exception {
    manifest(null).write(Storage.local(), directory.toString());

    Manifest.withdraw(Storage.local(), directory.toString());
    Manifest.withdraw(Storage.local(), directory.toString());

    assertThat(Manifest.read(Storage.local(), directory.toString())).isEmpty();
  }

  @Test
  void theFingerprintChangesWithWhatIsInIt() {
    assertThat(manifest(null).fingerprint())
        .matches("[0-9a-f]{16}")
        .isEqualTo(manifest(null).fingerprint())
        .isNotEqualTo(manifest("2024-05-06T07:08:09Z").fingerprint());
  }

  @Test
  void countsAreOverAllCheckpoints() {
    Manifest manifest = manifest(null);

    assertThat(manifest.targets()).isEqualTo(1);
    assertThat(manifest.features()).isEqualTo(4);
    assertThat(manifest.bytes()).isEqualTo(60);
    assertThat(manifest.sum(CheckpointEntry::rowsMissing)).isEqualTo(5);
    assertThat(manifest.count(CheckpointEntry::rowsMissing)).isEqualTo(1);
  }

  @Test
  void whatIsNoManifestIsRefusedAndNamed() throws Exception {
    Path file = directory.resolve("_manifest.json");
    Files.writeString(file, "{\"version\": 3");

    assertThatThrownBy(() -> Manifest.read(Storage.local(), directory.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read " + file + ": it is not the JSON bqx-ml writes (");

    Files.writeString(file, "{\"version\": 1}");

    assertThatThrownBy(() -> Manifest.read(Storage.local(), directory.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read %s: its format is version 1, this tool knows 3; extract again", file);
  }

  @Test
  void noBitOfAManifestMayFlip() throws Exception {
    manifest(null).write(Storage.local(), directory.toString());
    Path file = directory.resolve("_manifest.json");
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] flipped = good.clone();
        flipped[at] ^= (byte) (1 << bit);
        Files.write(file, flipped);
        Manifest read;
        try {
          read = Manifest.read(Storage.local(), directory.toString()).orElseThrow();
        } catch (InvalidInputException e) {
          continue;
        }

        // White space between the fields, or the case of an escape: it says what it said.
        assertThat(read).as("bit %d of byte %d", bit, at).isEqualTo(manifest(null));
      }
    }
  }

  @Test
  void theChecksumsOfPartsAreReadAsTheyWereWritten() {
    CheckpointFile file = entry("agg", Category.PAIR, 1, 0).files().get(0);

    assertThat(file.checksums().footer()).isEqualTo(0x0badf00d);
    assertThat(file.checksums().chunks())
        .singleElement()
        .isEqualTo(new int[] {0xdeadbeef, 0x01234567});
    assertThat(CheckpointFile.of(file.name(), 3, 20, "00c0ffee", file.checksums())).isEqualTo(file);
  }

  @Test
  void aCommitRecordIsReadAsItWasWritten() {
    CheckpointEntry entry = entry("agg", Category.PAIR, 2, 5);

    assertThat(Json.parse("record", Json.record(entry), "", CheckpointEntry.class))
        .isEqualTo(entry);
  }

  private static Manifest manifest(String snapshotTime) {
    return new Manifest(
        Manifest.VERSION,
        Build.NAME_AND_VERSION,
        "eurusd",
        "duckdb:w",
        snapshotTime,
        "aligned",
        null,
        "0123456789abcdef",
        new Manifest.SpineEntry(
            3, "2024-01-01T00:00:00Z", "2024-01-01T00:02:00Z", "f", 2, 1, Map.of("target_h5", 2L)),
        Map.of("temporary", 4),
        2,
        List.of(
            entry("targets", Category.TARGETS, 1, 0),
            entry("agg", Category.PAIR, 3, 0),
            entry("mkt_vol", Category.MARKET, 1, 5)),
        new StatisticsEntry(7, "00c0ffee"));
  }

  private static CheckpointEntry entry(
      String group, Category category, int columns, long rowsMissing) {
    return new CheckpointEntry(
        group,
        category,
        "features",
        group + "_eurusd",
        null,
        "fingerprint",
        java.util.Collections.nCopies(columns, new ColumnEntry("a__x", "x", "INT64", 7)),
        1,
        rowsMissing,
        2,
        3,
        4,
        null,
        List.of(
            new CheckpointFile(
                "checkpoint_a.parquet",
                3,
                20,
                "00c0ffee",
                "0badf00d",
                List.of("deadbeef01234567"))));
  }
}
