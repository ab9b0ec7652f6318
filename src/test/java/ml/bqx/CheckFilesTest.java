package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training files and checkpoints held against themselves and their manifest. */
@ExtendWith(SampleSets.class)
class CheckFilesTest {
  private static final String CHECKPOINT = "checkpoint_mkt_regime-00001-of-00003.parquet";

  @TempDir Path directory;

  private Workplace place;

  @BeforeEach
  void copySet(SampleSets.Sets sets) throws IOException {
    place = sets.copy(sets.aligned(), directory);
  }

  private Outcome check(String... args) {
    return Outcome.of(CheckFiles::run, args);
  }

  private Outcome checkSet() {
    return check("--pair=eurusd", "--checkpoints=" + place.checkpoints());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "compose", "beam", "duckdb"})
  void aTrainingFileWithoutFaults(String method) throws IOException {
    assertDone(place.merge("--mergeMethod=" + method));

    Outcome checked = check("--pair=eurusd", "--output=" + place.output());

    assertDone(checked);
    assertThat(checked.out()).startsWith("checked " + place.trainingFile() + "\n");
    assertThat(checked.summary("faults")).isEqualTo("0");
    assertThat(checked.summary("row groups")).isEqualTo("5");
    byte[] bytes = Files.readAllBytes(place.trainingFile());
    assertThat(checked.summary("CRC32C"))
        .isEqualTo("%08x".formatted(Hashing.crc32c().hashBytes(bytes).asInt()));
    assertThat(checked.summary("card")).isEqualTo(place.output() + "/training_eurusd.json");
    assertDone(check("--file=" + place.trainingFile()));
  }

  /** No page checksum covers what a footer says of the source of a feature. */
  @Test
  void aFlippedBitInTheLineageIsFoundByTheCard() throws IOException {
    assertDone(place.merge("--mergeMethod=compose"));
    byte[] bytes = Files.readAllBytes(place.trainingFile());
    int lineage = Bytes.indexOf(bytes, "bqx.lineage".getBytes(StandardCharsets.UTF_8));
    assertThat(lineage).isPositive();
    bytes[lineage + 20] ^= 0x01;
    Files.write(place.trainingFile(), bytes);

    Outcome checked = check("--file=" + place.trainingFile());

    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.error())
        .contains(place.trainingFile() + ": CRC32C: the card says ")
        .contains(", the file ");
  }

  @Test
  void theCardTellsWhatIsInTheFile() throws IOException {
    assertDone(place.merge("--mergeMethod=stream"));
    JsonNode card =
        new ObjectMapper().readTree(place.output().resolve("training_eurusd.json").toFile());

    assertThat(card.get("bytes").asLong()).isEqualTo(Files.size(place.trainingFile()));
    assertThat(card.get("pair").asText()).isEqualTo("eurusd");
    assertThat(card.get("method").asText()).isEqualTo("stream");
    assertThat(card.get("rowGroups").asInt()).isEqualTo(5);
    assertThat(card.at("/columns/0/role").asText()).isEqualTo("KEY");
    assertThat(card.at("/columns/1/role").asText()).isEqualTo("TARGET");
    JsonNode last = card.get("columns").get(card.get("columns").size() - 1);
    assertThat(last.get("role").asText()).isEqualTo("FEATURE");
    assertThat(last.get("group").asText()).isEqualTo("var_agg_bqx_eur");
    assertThat(last.get("source").asText()).endsWith(".var_agg_bqx_eur");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aligned", "sharded"})
  void aSetWithoutFaults(String layout, SampleSets.Sets sets) {
    Workplace set = layout.equals("aligned") ? sets.aligned() : sets.sharded();

    Outcome checked = check("--pair=eurusd", "--checkpoints=" + set.checkpoints());

    assertDone(checked);
    assertThat(checked.summary("faults")).isEqualTo("0");
    assertThat(checked.summary("checkpoints")).isEqualTo("16");
    assertThat(checked.summary("files not in the manifest")).isEqualTo("0");
  }

  @Test
  void aPathAloneIsCheckedAsWhatItIs(SampleSets.Sets sets) throws IOException {
    assertDone(place.merge("--mergeMethod=stream"));

    Outcome file = check(place.trainingFile().toString());
    // A flag has no value: what comes after it is what to check.
    Outcome set = check("--verbose", sets.aligned().directory().toString());

    assertDone(file);
    assertThat(file.out()).startsWith("checked " + place.trainingFile() + "\n");
    assertDone(set);
    assertThat(set.summary("checkpoints")).isEqualTo("16");
    assertThat(check(place.trainingFile().toString(), "more").error())
        .startsWith("error: more: not an option");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"version\": 3", "{\"version\": 1}", "{\"version\": 3}"})
  void aDamagedCardIsToBeMergedAgain(String card) throws IOException {
    assertDone(place.merge("--mergeMethod=stream"));
    Files.writeString(place.card(), card);

    Outcome checked = check("--file=" + place.trainingFile());

    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.error())
        .startsWith("error: Check failed: 1 fault\n       Cannot read " + place.card() + ": ")
        .endsWith("; merge again");
    assertDone(place.merge("--mergeMethod=stream"));
    assertDone(check("--file=" + place.trainingFile()));
  }

  /** Every one of them: a set with three faults is not repaired by repairing the first. */
  @Test
  void everyFaultOfASetIsListed() throws IOException {
    Path flipped = flip(CHECKPOINT, 1_000);
    Path missing = place.directory().resolve("checkpoint_csi_agg_aud-00002-of-00003.parquet");
    Files.delete(missing);
    Path cut = place.directory().resolve("checkpoint_agg_idx_eurusd-00000-of-00003.parquet");
    Files.write(cut, new byte[20]);
    Files.copy(flipped, place.directory().resolve("checkpoint_other.parquet"));

    Outcome checked = checkSet();

    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.error()).startsWith("error: Check failed: ");
    assertThat(checked.summary("files not in the manifest")).isEqualTo("1");
    assertThat(checked.out())
        .containsPattern("(?m)^fault: Cannot read " + flipped + ": column .* in row group \\d+: ")
        .containsPattern("(?m)^fault: " + flipped + ": CRC32C: the manifest says ")
        .contains("fault: Cannot read " + missing + ": no such file\n")
        .contains("fault: Cannot read " + cut + ": it does not end in PAR1")
        .containsPattern("(?m)^fault: " + cut + ": bytes: the manifest says [\\d]+, found 20$");
  }

  @Test
  void noFlippedBitOfACheckpointIsPassedOver() throws IOException {
    Path file = place.directory().resolve(CHECKPOINT);
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(11);
    for (int i = 0; i < 20; i++) {
      flip(CHECKPOINT, random.nextInt(good.length));

      assertThat(checkSet().out()).contains("fault: " + file + ": CRC32C: the manifest says ");
      Files.write(file, good);
    }
  }

  /** What readers would be misled by: sizes, null counts, minima, maxima, encodings. */
  @Test
  void aFlippedBitInTheStatisticsOfATrainingFileIsFound() throws IOException {
    assertDone(place.merge("--mergeMethod=stream"));
    byte[] bytes = Files.readAllBytes(place.trainingFile());
    int footer;
    byte[] maximum;
    try (ParquetFile file = Storage.local().open(place.trainingFile().toString())) {
      footer = (int) file.footer().bodyEnd();
      maximum = file.footer().chunk(1, 1).metadata().getStatistics().getMax_value();
    }

    int at = Bytes.indexOf(Arrays.copyOfRange(bytes, footer, bytes.length), maximum);
    assertThat(at).isNotNegative();
    bytes[footer + at] ^= 0x01;
    Files.write(place.trainingFile(), bytes);

    Outcome checked = check("--file=" + place.trainingFile());

    assertThat(checked.code()).isEqualTo(1);
    assertThat(checked.error()).contains("maximum: the footer says ");
  }

  @Test
  void thereMustBeSomethingToCheck() {
    assertThat(check().error()).startsWith("error: --file, --output or --checkpoints is required");
    assertThat(check("--output=x").error()).startsWith("error: --pair is required");
    assertThat(check("--file=" + directory.resolve("no")).error())
        .isEqualTo("error: Cannot check %s: no such file".formatted(directory.resolve("no")));
    assertThat(check("--pair=gbpusd", "--checkpoints=" + place.checkpoints()).error())
        .startsWith("error: Cannot check " + place.checkpoints().resolve("gbpusd"))
        .contains("there is no _manifest.json");
  }

  private Path flip(String name, int at) throws IOException {
    Path file = place.directory().resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x10;
    Files.write(file, bytes);
    return file;
  }
}
