package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints and training files of {@code --compression=best}. */
@ExtendWith(SampleSets.class)
class SmallestChunksTest {
  @TempDir static Path shared;

  private static SampleSets.Sets sets;
  private static Workplace best;

  @TempDir Path directory;

  @BeforeAll
  static void extract(SampleSets.Sets all) {
    sets = all;
    best = new Workplace(shared, all.warehouse());
    assertDone(best.extract("--compression=best"));
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void everyMethodMakesTheSameTableOfThem(MergeMethod method) throws Exception {
    Path reference = reference();

    Outcome outcome = merge("--mergeMethod=" + method, "--compression=best");

    assertDone(outcome);
    assertThat(encodings()).contains("BYTE_STREAM_SPLIT", "RLE_DICTIONARY", "PLAIN");
    try (Duck duck = Duck.inMemory()) {
      duck.assertTraining(place().trainingFile(), Duck.values(reference), ROW_GROUP_ROWS);
    }

    assertDone(Outcome.of(CheckFiles::run, "--file=" + place().trainingFile()));
    assertDone(
        Outcome.of(
            VerifyTraining::run,
            "--pair=" + Workplace.PAIR,
            "--warehouse=duckdb:" + sets.warehouse(),
            "--output=" + place().output()));
  }

  @Test
  void theyAreSmaller() throws Exception {
    Workplace zstd = new Workplace(directory, sets.warehouse());
    assertDone(zstd.extract("--compression=zstd"));

    assertThat(bytes(best)).isLessThan(bytes(zstd) * 95 / 100);
    assertThat(bytes(zstd)).isLessThan(bytes(sets.aligned()));
    assertDone(
        Outcome.of(
            CheckFiles::run, "--pair=" + Workplace.PAIR, "--checkpoints=" + best.checkpoints()));
  }

  @Test
  void pagesOfAnotherCompressionAreEncodedAgainWhenThatIsAskedFor() throws Exception {
    Path reference = reference();

    Outcome refused = merge(sets.aligned(), "--mergeMethod=stream", "--compression=best");
    assertThat(refused.error())
        .contains("are compressed with snappy, --compression=best asks for another");
    assertDone(merge(sets.aligned(), "--mergeMethod=stream", "--compression=best", "--recompress"));

    assertThat(encodings()).contains("BYTE_STREAM_SPLIT");
    try (Duck duck = Duck.inMemory()) {
      duck.assertTraining(place().trainingFile(), Duck.values(reference), ROW_GROUP_ROWS);
    }
  }

  @Test
  void zstdAloneIsNotBest() throws Exception {
    Workplace zstd = new Workplace(directory.resolve("zstd"), sets.warehouse());
    assertDone(zstd.extract("--compression=zstd", "--groups=agg_bqx"));

    Outcome outcome = merge(zstd, "--mergeMethod=compose", "--compression=best");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .contains("its pages are compressed with zstd, --compression=best asks for another");
    place().assertNothingMerged();
  }

  @Test
  void shardedCheckpointsHaveNoChosenEncodings() {
    Outcome outcome = place().extract("--compression=best", "--layout=sharded");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: --compression=best: needs --layout=aligned; take zstd for sharded");
    assertThat(place().checkpoints()).doesNotExist();
  }

  private Path reference() throws Exception {
    assertDone(merge(sets.aligned(), "--mergeMethod=stream"));
    return Files.move(place().trainingFile(), directory.resolve("reference.parquet"));
  }

  private Outcome merge(String... options) {
    return merge(best, options);
  }

  private Outcome merge(Workplace from, String... options) {
    String[] all = new String[options.length + 1];
    System.arraycopy(options, 0, all, 1, options.length);
    all[0] = "--checkpoints=" + from.checkpoints();
    return place().merge(all);
  }

  private Workplace place() {
    return new Workplace(directory, sets.warehouse());
  }

  /** What the pages of the training file are encoded with. */
  private String encodings() throws Exception {
    try (Duck duck = Duck.inMemory()) {
      return duck.texts(
              "SELECT DISTINCT encodings FROM parquet_metadata('%s')"
                  .formatted(place().trainingFile()))
          .toString();
    }
  }

  private static long bytes(Workplace place) throws Exception {
    long bytes = 0;
    for (String file : Workplace.filesBelow(place.directory())) {
      bytes += file.endsWith(".parquet") ? Files.size(place.directory().resolve(file)) : 0;
    }

    return bytes;
  }
}
