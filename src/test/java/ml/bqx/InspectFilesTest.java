package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SampleSets.class)
class InspectFilesTest {
  private static SampleSets.Sets sets;
  private static Path file;

  @BeforeAll
  static void merge(SampleSets.Sets shared, @TempDir Path output) {
    sets = shared;
    assertDone(
        sets.aligned()
            .merge("--output=" + output, "--mergeMethod=stream", "--features={agg,regime}_*"));
    file = output.resolve("training_eurusd.parquet");
  }

  @Test
  void aFileIsToldByItsFooter() {
    Outcome outcome = Outcome.of(InspectFiles::run, file.toString());

    assertDone(outcome);
    assertThat(outcome.summary("rows")).isEqualTo("2,500");
    assertThat(outcome.summary("row groups")).isEqualTo("5");
    assertThat(outcome.summary("compression")).startsWith("SNAPPY: ");
    assertThat(outcome.summary("encodings of chunks")).contains("DELTA_BINARY_PACKED");
    assertThat(outcome.summary("bqx.choice")).contains("\"columnOrder\":\"contract\"");
    assertThat(outcome.out()).containsPattern("\n  regime_45 +\\d+ +[\\d,]+ +[\\d.]+ +[\\d.]+\n");
  }

  @Test
  void aFeatureIsToldWithItsTable() {
    Outcome outcome =
        Outcome.of(InspectFiles::run, file.toString(), "--feature=regime_45__regime_label");

    assertDone(outcome);
    assertThat(outcome.summary("source")).isEqualTo("bqx_ml_v3_features_v2.regime_eurusd_45");
    assertThat(outcome.summary("minimum")).isEqualTo("range");
    assertThat(outcome.summary("type")).isEqualTo("BYTE_ARRAY UTF8");
  }

  @Test
  void aSetIsToldByItsManifest() {
    Outcome outcome = Outcome.of(InspectFiles::run, sets.aligned().directory().toString());

    assertDone(outcome);
    assertThat(outcome.summary("pair")).isEqualTo("eurusd");
    assertThat(outcome.summary("checkpoints")).isEqualTo("16");
    assertThat(outcome.out())
        .containsPattern("\n  agg +bqx_ml_v3_features_v2.agg_eurusd +\\d{4}-\\S+ +\\d+ +2,500 ");
  }

  @Test
  void whatCannotBeInspectedIsAnError() {
    Outcome feature =
        Outcome.of(InspectFiles::run, file.toString(), "--feature=regime_45__regime_lable");
    Outcome directory =
        Outcome.of(InspectFiles::run, sets.aligned().checkpoints().resolve("gbpusd").toString());

    assertThat(feature.error()).endsWith("did you mean regime_45__regime_label?");
    assertThat(directory.error()).contains("it is no file, and no directory with a _manifest.json");
  }
}
