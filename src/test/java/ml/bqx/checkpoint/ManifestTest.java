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
import ml.bqx.options.Build;
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
    Files.writeString(file, "{\"version\": 2");

    assertThatThrownBy(() -> Manifest.read(Storage.local(), directory.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read " + file + ": it is not the JSON bqx-ml writes (");

    Files.writeString(file, "{\"version\": 2}");

    assertThatThrownBy(() -> Manifest.read(Storage.local(), directory.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read %s: its format is version 2, this tool knows 1; extract again", file);
  }

  @Test
  void aCommitRecordIsReadAsItWasWritten() {
    CheckpointEntry entry = entry("agg", Category.PAIR, 2, 5);

    assertThat(CheckpointEntry.parse(entry.toJson())).isEqualTo(entry);
  }

  private static Manifest manifest(String snapshotTime) {
    return new Manifest(
        Manifest.VERSION,
        Build.NAME_AND_VERSION,
        "eurusd",
        "duckdb:w",
        snapshotTime,
        "aligned",
        "0123456789abcdef",
        new Manifest.SpineEntry(3, "2024-01-01T00:00:00Z", "2024-01-01T00:02:00Z", "f", 2, 1),
        Map.of("temporary", 4),
        List.of(
            entry("targets", Category.TARGETS, 1, 0),
            entry("agg", Category.PAIR, 3, 0),
            entry("mkt_vol", Category.MARKET, 1, 5)));
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
        List.of(new CheckpointFile("checkpoint_a.parquet", 3, 20, "00c0ffee")));
  }
}
