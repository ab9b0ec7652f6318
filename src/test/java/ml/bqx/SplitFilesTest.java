package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training files whose rows are divided into parts and folds. */
@ExtendWith(SampleSets.class)
class SplitFilesTest {
  private static SampleSets.Sets sets;

  @TempDir Path directory;

  @BeforeAll
  static void share(SampleSets.Sets shared) {
    sets = shared;
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void eachPartGetsTheRowsThatTheCardNames(MergeMethod method) throws Exception {
    Outcome outcome =
        merge(
            "--mergeMethod=" + method,
            "--features=agg_*,regime_*",
            "--split=train:0.6,test:0.4",
            "--purge=45",
            "--folds=2",
            "--splitFiles");

    assertDone(outcome);
    assertThat(filesBelow(directory))
        .containsExactly(
            "training_eurusd.json",
            "training_eurusd.parquet",
            "training_eurusd_test.parquet",
            "training_eurusd_train.parquet");
    JsonNode card = card();
    assertThat(card.get("splits").get("parts")).hasSize(2);
    for (JsonNode part : card.get("splits").get("parts")) {
      assertIsSliceOfTheWhole(part);
    }

    assertThat(card.get("splits").get("folds")).hasSize(2);
    assertThat(card.get("splits").get("purgeMinutes").asInt()).isEqualTo(45);
    assertThat(outcome.summary("rows of train")).startsWith("1,455 (");
    assertThat(outcome.summary("rows of test")).startsWith("1,000 (");
    assertThat(outcome.summary("rows in no part")).startsWith("45 by a purge of 45 minutes");
    assertDone(check());
  }

  private void assertIsSliceOfTheWhole(JsonNode part) throws Exception {
    int from = part.get("rows").get("from").asInt();
    int to = part.get("rows").get("to").asInt();
    try (Duck duck = Duck.inMemory()) {
      duck.assertTraining(
          directory.resolve("training_eurusd_%s.parquet".formatted(part.get("name").asText())),
          "FROM (SELECT * EXCLUDE (file_row_number) FROM read_parquet('%s', file_row_number = true) WHERE file_row_number >= %d AND file_row_number < %d)"
              .formatted(file(), from, to),
          ROW_GROUP_ROWS);
    }
  }

  @Test
  void theFooterSaysWhatTheCardSays() throws Exception {
    assertDone(merge("--mergeMethod=stream", "--features=agg_*", "--split=a:0.5,b:0.5"));

    try (Duck duck = Duck.inMemory()) {
      String splits =
          duck.texts(
                  "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = 'bqx.splits'"
                      .formatted(file()))
              .get(0);
      assertThat(new ObjectMapper().readTree(splits)).isEqualTo(card().get("splits"));
    }
  }

  @Test
  void aSplitThatLeavesNothingWritesNothing() {
    Outcome outcome = merge("--mergeMethod=stream", "--split=train:0.5,test:0.5", "--purge=100000");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: Cannot split: nothing is left of train, which has 1,250 rows from ");
    assertThat(filesBelow(directory)).isEmpty();
  }

  @Test
  void filesOfPartsThatAreNoLongerMadeAreDeleted() {
    assertDone(
        merge(
            "--mergeMethod=stream",
            "--features=agg_*",
            "--split=a:0.5,b:0.5",
            "--splitFiles",
            "--purge=0"));
    assertDone(merge("--mergeMethod=stream", "--features=agg_*"));

    assertThat(filesBelow(directory))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }

  @Test
  void aDamagedFileOfAPartIsAFault() throws Exception {
    assertDone(
        merge(
            "--mergeMethod=stream",
            "--features=agg_*",
            "--split=a:0.5,b:0.5",
            "--splitFiles",
            "--purge=0"));
    Path part = directory.resolve("training_eurusd_b.parquet");
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 3] ^= 1;
    Files.write(part, bytes);

    Outcome damaged = check();
    Files.delete(part);
    Outcome missing = check();

    assertThat(damaged.out()).contains("fault: " + part + ": CRC32C: the card says ");
    assertThat(missing.error()).contains(part + ": there is no such file, the card names it");
  }

  private JsonNode card() throws Exception {
    return new ObjectMapper().readTree(directory.resolve("training_eurusd.json").toFile());
  }

  private Path file() {
    return directory.resolve("training_eurusd.parquet");
  }

  private Outcome check() {
    return Outcome.of(CheckFiles::run, "--file=" + file());
  }

  private Outcome merge(String... more) {
    return sets.aligned()
        .merge(
            Stream.concat(Stream.of("--output=" + directory), Stream.of(more))
                .toArray(String[]::new));
  }
}
