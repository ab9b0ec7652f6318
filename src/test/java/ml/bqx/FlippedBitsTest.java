package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit that flips after the extraction, where no page checksum is: in a footer, in a record. */
@ExtendWith(SampleSets.class)
class FlippedBitsTest {
  @TempDir Path directory;

  /** One flipped bit in a maximum: readers that prune by it would pass over rows. */
  @ParameterizedTest
  @ValueSource(strings = {"stream", "beam", "compose", "duckdb"})
  void noneInAFooterIsMerged(String method, SampleSets.Sets sets) throws IOException {
    Workplace place = sets.copy(sets.aligned(), directory);
    Path file = place.directory().resolve("checkpoint_mkt_regime-00001-of-00003.parquet");
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int i = 0; i < 8; i++) {
      byte[] flipped = good.clone();
      int footer = footer(file);
      flipped[footer + random.nextInt(good.length - footer)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);

      Outcome merged = place.merge("--mergeMethod=" + method);

      assertThat(merged.code()).isEqualTo(1);
      assertThat(merged.error()).contains(file.toString()).hasLineCount(1);
      place.assertNothingMerged();
      Files.write(file, good);
    }
  }

  private static int footer(Path file) throws IOException {
    try (ParquetFile opened = Storage.local().open(file.toString())) {
      return (int) opened.footer().bodyEnd();
    }
  }

  /** The record is as good as none: its group is extracted again, and nothing else. */
  @Test
  void aRecordIsNotBelieved(SampleSets.Sets sets) throws IOException {
    Workplace place = sets.copy(sets.aligned(), directory);
    byte[] manifest = Files.readAllBytes(place.manifest());
    Path record = place.directory().resolve("_commits/mkt_regime.json");
    List<Object> good = CommitRecords.withoutTimes(record);
    String text = Files.readString(record);
    Files.writeString(record, text.replaceFirst("\"nulls\" : (\\d)", "\"nulls\" : 9$1"));
    assertThat(Files.readString(record)).isNotEqualTo(text);

    Outcome extracted = place.extract();

    Workplace.assertDone(extracted);
    assertThat(extracted.summary("checkpoints extracted")).isEqualTo("1");
    assertThat(extracted.err())
        .contains("Extracting mkt_regime again: its commit record is damaged")
        .contains(record.toString());
    assertThat(CommitRecords.withoutTimes(record)).isEqualTo(good);
    assertThat(Files.readAllBytes(place.manifest())).isEqualTo(manifest);
    Workplace.assertDone(place.merge("--mergeMethod=stream"));
  }

  @Test
  void aDamagedManifestIsWrittenAgain(SampleSets.Sets sets) throws IOException {
    Workplace place = sets.copy(sets.aligned(), directory);
    byte[] good = Files.readAllBytes(place.manifest());
    String text = Files.readString(place.manifest());
    Files.writeString(place.manifest(), text.replaceFirst("\"rowsMissing\" : ", "$0" + 1));

    assertThat(place.merge("--mergeMethod=stream").error())
        .startsWith("error: Cannot read " + place.manifest() + ": its checksum does not match");
    Workplace.assertDone(place.extract());

    assertThat(Files.readAllBytes(place.manifest())).isEqualTo(good);
    place.assertNothingMerged();
  }
}
