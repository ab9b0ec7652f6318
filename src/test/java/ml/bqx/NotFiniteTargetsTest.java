package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NaN and infinite values of targets are kept, counted and shown. */
@ExtendWith(SampleSets.class)
class NotFiniteTargetsTest extends ForeignFiles {
  private static final String TARGETS = "bqx_ml_v3_analytics_v2.targets_eurusd";

  @TempDir Path copies;

  @ParameterizedTest
  @ValueSource(strings = {"aligned", "sharded"})
  void ofAWarehouseAreInSummariesManifestAndCard(String layout, SampleSets.Sets sets)
      throws Exception {
    Path copy = Files.copy(sets.warehouse(), copies.resolve("changed.duckdb"));
    List<String> names;
    try (Duck warehouse = Duck.of(copy)) {
      names =
          warehouse.texts(
              "SELECT column_name FROM (DESCRIBE %s) WHERE column_type = 'DOUBLE' LIMIT 2"
                  .formatted(TARGETS));
      warehouse.run(set(names.get(0), "'nan'", "3, 700, 1500"));
      warehouse.run(set(names.get(0), "'-inf'", "900"));
      warehouse.run(set(names.get(1), "'inf'", "3"));
    }

    Workplace place = new Workplace(copies, copy);
    String counts = "5 (%s 4, %s 1)".formatted(names.get(0), names.get(1));
    String json = "{\"%s\":4,\"%s\":1}".formatted(names.get(0), names.get(1));

    Outcome extract = place.extract("--layout=" + layout, "--groups=agg_*");
    Outcome again = place.extract("--layout=" + layout, "--groups=agg_*");
    Outcome merge = place.merge("--mergeMethod=stream");

    assertDone(extract);
    assertDone(merge);
    assertThat(extract.summary("NaN or infinite targets")).isEqualTo(counts);
    assertThat(again.summary("NaN or infinite targets")).isEqualTo(counts);
    assertThat(place.readManifest().get("spine").get("notFiniteTargets")).hasToString(json);
    assertThat(merge.summary("NaN or infinite targets")).isEqualTo(counts);
    assertThat(card(place).get("notFiniteTargets")).hasToString(json);
  }

  private static String set(String column, String value, String rows) {
    return "UPDATE %s SET %s = %s::DOUBLE WHERE rowid IN (%s)"
        .formatted(TARGETS, column, value, rows);
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#ofAnySet")
  void ofOtherToolsAreCountedByEveryMethod(MergeMethod method) throws Exception {
    write(
        "targets",
        "SELECT %s AS interval_time, i::FLOAT / 0 AS f, if(i = 3, 'nan'::DOUBLE, i) AS d, if(i = 4, NULL, i) AS n %s"
            .formatted(TIME, ROWS));
    write("mkt_vol", "SELECT %s AS interval_time, 'nan'::DOUBLE AS x %s".formatted(TIME, ROWS));

    Outcome outcome = place.merge("--mergeMethod=" + method);

    assertDone(outcome);
    assertThat(outcome.summary("rows")).isEqualTo("4");
    assertThat(outcome.summary("NaN or infinite targets")).isEqualTo("5 (f 4, d 1)");
    assertThat(card(place).get("notFiniteTargets")).hasToString("{\"f\":4,\"d\":1}");
  }

  @Test
  void thatAreAllFiniteAreShownAsNone() throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s AS interval_time, i AS x %s".formatted(TIME, ROWS));

    Outcome outcome = place.merge("--mergeMethod=stream");

    assertThat(outcome.summary("NaN or infinite targets")).isEqualTo("0");
    assertThat(card(place).get("notFiniteTargets")).isEmpty();
  }

  private static JsonNode card(Workplace place) throws Exception {
    return new ObjectMapper().readTree(place.output().resolve("training_eurusd.json").toFile());
  }
}
