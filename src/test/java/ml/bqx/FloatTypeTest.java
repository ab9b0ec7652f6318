package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Doubles that are stored as the nearest FLOATs, by extraction or by merge. */
@ExtendWith(SampleSets.class)
class FloatTypeTest {
  @TempDir static Path shared;

  private static SampleSets.Sets sets;
  private static Workplace floats;

  @TempDir Path directory;

  @BeforeAll
  static void extract(SampleSets.Sets all) {
    sets = all;
    floats = new Workplace(shared, all.warehouse());
    Outcome outcome = floats.extract("--floatType=float32", "--compression=best");
    assertDone(outcome);
    assertThat(outcome.summary("stored as float32"))
        .isEqualTo("all FLOAT64 columns; 0 became infinite, 0 are too small for all their digits");
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void everyMethodMakesTheTableOfFloatCheckpoints(MergeMethod method) throws Exception {
    assertDone(place().merge("--checkpoints=" + floats.checkpoints(), "--mergeMethod=" + method));

    assertIsNearest();
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void everyMethodMakesFloatsOfDoubles(MergeMethod method) throws Exception {
    Outcome outcome =
        place()
            .merge(
                "--checkpoints=" + sets.aligned().checkpoints(),
                "--mergeMethod=" + method,
                "--floatType=float32");

    assertDone(outcome);
    assertThat(outcome.summary("stored as float32"))
        .isEqualTo("all DOUBLE columns; 0 became infinite, 0 are too small for all their digits");
    assertIsNearest();
  }

  /** DuckDB casts by itself, and so does verify. */
  private void assertIsNearest() throws Exception {
    Path floatFile = place().trainingFile();
    Path doubleFile = new Workplace(directory.resolve("double"), sets.warehouse()).trainingFile();
    assertDone(
        place()
            .merge(
                "--checkpoints=" + sets.aligned().checkpoints(),
                "--output=" + doubleFile.getParent(),
                "--mergeMethod=stream"));
    try (Duck duck = Duck.inMemory()) {
      Set<String> types = new TreeSet<>(duck.columns("FROM '%s'".formatted(floatFile)).values());
      assertThat(types).contains("FLOAT", "VARCHAR", "BIGINT").doesNotContain("DOUBLE");
      String nearest = "SELECT COLUMNS('.*close.*')::FLOAT::DOUBLE FROM '%s'".formatted(doubleFile);
      String found = "SELECT COLUMNS('.*close.*')::DOUBLE FROM '%s'".formatted(floatFile);
      assertThat(duck.texts("SELECT count(*)::VARCHAR FROM (%s)".formatted(found)))
          .containsExactly(Integer.toString(SampleSets.MINUTES));
      assertThat(duck.texts("SELECT 'differs' FROM (%s EXCEPT ALL %s)".formatted(found, nearest)))
          .isEmpty();
      assertThat(
              duck.texts(
                  "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = 'bqx.floatType'"
                      .formatted(floatFile)))
          .containsExactly("float32");
    }

    JsonNode card = new ObjectMapper().readTree(place().card().toFile());
    assertThat(card.get("options").get("floatType").asText()).isEqualTo("float32");
    assertDone(verify());
    assertDone(Outcome.of(CheckFiles::run, "--file=" + floatFile));
  }

  @Test
  void whatOverflowsOrIsTooSmallIsCounted() throws Exception {
    Workplace place = odd();

    Outcome outcome = place.extract("--floatType=float32");

    assertDone(outcome);
    // 1e300, the first double beyond the largest FLOAT's half step; 1e-40, 1e-300 are too small.
    assertThat(outcome.summary("stored as float32"))
        .isEqualTo("all FLOAT64 columns; 2 became infinite, 2 are too small for all their digits");
    assertThat(place.readManifest().get("floatType").asText()).isEqualTo("float32");
    JsonNode agg = place.readManifest().get("checkpoints").get(1);
    assertThat(agg.get("asFloats").toString())
        .isEqualTo("{\"rounded\":0,\"overflowed\":2,\"subnormal\":2}");
    assertDone(place.merge("--mergeMethod=stream"));
    assertDone(
        Outcome.of(
            VerifyTraining::run,
            "--pair=" + Workplace.PAIR,
            "--warehouse=duckdb:" + place.warehouse(),
            "--output=" + place.output()));
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM", "BEAM", "DUCKDB"})
  void aMergeCountsToo(MergeMethod method) throws Exception {
    Workplace place = odd();
    assertDone(place.extract());

    Outcome outcome = place.merge("--mergeMethod=" + method, "--floatType=float32", "--encode");

    assertDone(outcome);
    assertThat(outcome.summary("stored as float32"))
        .isEqualTo("all DOUBLE columns; 2 became infinite, 2 are too small for all their digits");
    assertThat(outcome.summary("integers rounded"))
        .isEqualTo("2, beyond 2^53 and not the value of a double");
  }

  @Test
  void aForeignSetBecomesFloatsToo() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    Files.createDirectories(place.directory());
    try (Duck duck = Duck.inMemory()) {
      String times =
          "range(TIMESTAMPTZ '2024-01-01 00:00:00Z', TIMESTAMPTZ '2024-01-01 01:00:00Z', INTERVAL 1 MINUTE)";
      duck.run(
          "COPY (SELECT range AS interval_time, 0.1 + epoch(range) AS target_h5 FROM %s) TO '%s'"
              .formatted(times, place.directory().resolve("targets.parquet")));
      duck.run(
          "COPY (SELECT range AS interval_time, 1e39 AS huge, 1/3::DOUBLE AS third FROM %s) TO '%s'"
              .formatted(times, place.directory().resolve("agg.parquet")));
    }

    Outcome outcome = place.merge("--mergeMethod=stream", "--floatType=float32");

    assertDone(outcome);
    assertThat(outcome.summary("stored as float32"))
        .isEqualTo("all DOUBLE columns; 60 became infinite, 0 are too small for all their digits");
    try (Duck duck = Duck.inMemory()) {
      assertThat(
              duck.texts(
                  "SELECT DISTINCT (agg__third = (1/3::DOUBLE)::FLOAT)::VARCHAR FROM '%s'"
                      .formatted(place.trainingFile())))
          .containsExactly("true");
    }
  }

  @Test
  void anotherTypeExtractsAgainAndSaysWhy() {
    Workplace place = place();
    assertDone(place.extract("--groups=agg_bqx"));

    Outcome outcome = place.extract("--groups=agg_bqx", "--floatType=float32");

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("0");
    assertThat(outcome.err()).contains("(--floatType was float64 and is float32)");
  }

  private Workplace odd() throws Exception {
    Path warehouse = directory.resolve("odd.duckdb");
    try (Duck duck = Duck.of(warehouse)) {
      duck.run("CREATE SCHEMA bqx_ml_v3_features_v2");
      duck.run("CREATE SCHEMA bqx_ml_v3_analytics_v2");
      duck.run(
          "CREATE TABLE bqx_ml_v3_analytics_v2.targets_eurusd AS SELECT to_timestamp(60 * i) AS interval_time, i::DOUBLE AS target_h5 FROM range(7) r(i)");
      duck.run(
          "CREATE TABLE bqx_ml_v3_features_v2.agg_eurusd AS SELECT to_timestamp(60 * i) AS interval_time,"
              + " list_extract([1e300, -3.4028235677973366e38, 3.4028235e38, 1e-40, 1e-300, 0.1, 'nan'::DOUBLE], i + 1) AS value,"
              + " list_extract([9007199254740993, -9007199254740995, 9007199254740994, 9223372036854775807 // 2 + 1, 1, 0, NULL]::BIGINT[], i + 1) AS number"
              + " FROM range(7) r(i)");
    }

    return new Workplace(directory, warehouse);
  }

  private Workplace place() {
    return new Workplace(directory, sets.warehouse());
  }

  private Outcome verify() {
    return Outcome.of(
        VerifyTraining::run,
        "--pair=" + Workplace.PAIR,
        "--warehouse=duckdb:" + sets.warehouse(),
        "--output=" + place().output());
  }
}
