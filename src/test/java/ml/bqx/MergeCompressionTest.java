package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ObjectArrays;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages that are copied, and a compression that is not theirs. */
@ExtendWith(SampleSets.class)
class MergeCompressionTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"BEAM", "STREAM", "COMPOSE"})
  void anotherCompressionThanThatOfPagesThatAreCopiedIsRefused(
      MergeMethod method, SampleSets.Sets sets) {
    Workplace place = new Workplace(directory, sets.warehouse());

    Outcome outcome =
        place.merge(
            "--checkpoints=" + sets.aligned().checkpoints(),
            "--mergeMethod=" + method,
            "--compression=zstd");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot merge %s: its pages are compressed with snappy, --compression=zstd asks for another, and %s copies them; leave the option out, extract with it, or encode pages again with --mergeMethod=stream --recompress"
                .formatted(
                    sets.aligned().directory().resolve("checkpoint_targets-00000-of-00003.parquet"),
                    method));
    place.assertNothingMerged();
  }

  @ParameterizedTest
  @EnumSource(names = {"BEAM", "STREAM"})
  void pagesAreEncodedAgainWhenThatIsAskedFor(MergeMethod method, SampleSets.Sets sets)
      throws Exception {
    assertCompressed(sets, method, "ZSTD", "--compression=zstd", "--recompress");
  }

  @Test
  void anEngineEncodesAllPagesAnyway(SampleSets.Sets sets) throws Exception {
    assertCompressed(sets, MergeMethod.DUCKDB, "ZSTD", "--compression=zstd");
  }

  @Test
  void pagesKeepTheirCompressionByDefault(SampleSets.Sets sets) throws Exception {
    assertCompressed(sets, MergeMethod.STREAM, "SNAPPY");
    assertCompressed(sets, MergeMethod.STREAM, "SNAPPY", "--compression=snappy");
  }

  private void assertCompressed(
      SampleSets.Sets sets, MergeMethod method, String compression, String... options)
      throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    Outcome copied = merge(place, sets, MergeMethod.STREAM);
    Path reference = directory.resolve("copied.parquet");
    Files.move(place.trainingFile(), reference, StandardCopyOption.REPLACE_EXISTING);

    Outcome outcome = merge(place, sets, method, options);

    assertThat(outcome.summary("rows filled with nulls"))
        .isEqualTo(copied.summary("rows filled with nulls"));
    try (Duck duck = Duck.inMemory()) {
      duck.assertTraining(place.trainingFile(), Duck.values(reference), ROW_GROUP_ROWS);
      assertThat(
              duck.texts(
                  "SELECT DISTINCT compression FROM parquet_metadata('%s')"
                      .formatted(place.trainingFile())))
          .containsExactly(compression);
    }
  }

  private static Outcome merge(
      Workplace place, SampleSets.Sets sets, MergeMethod method, String... options) {
    Outcome outcome =
        place.merge(
            ObjectArrays.concat(
                options,
                new String[] {
                  "--checkpoints=" + sets.aligned().checkpoints(), "--mergeMethod=" + method
                },
                String.class));
    assertDone(outcome);

    return outcome;
  }

  @Test
  void filesThatTheManifestDoesNotNameAreNamed(SampleSets.Sets sets) throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    Files.copy(
        place.directory().resolve("checkpoint_targets-00000-of-00003.parquet"),
        place.directory().resolve("extra.parquet"));

    Outcome outcome = place.merge("--mergeMethod=stream");

    assertDone(outcome);
    assertThat(outcome.summary("left out"))
        .isEqualTo("1 file that the manifest does not name (extra.parquet)");
  }
}
