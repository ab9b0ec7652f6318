package ml.bqx;

import static ml.bqx.Duck.values;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From the warehouse to the training file with tables as untidy as they get: shuffled, with gaps,
 * repeated and missing timestamps, rows that nobody asked for, all types and all their edges.
 */
class UntidyWarehouseTest {
  private static final int ROWS = 2_500;

  private static final List<String> TABLES =
      List.of("agg_eurusd", "mkt_all_null", "var_other_types", "csi_nothing_in_range");

  @TempDir static Path shared;

  private static Path warehouse;

  @TempDir Path directory;

  /** In every table {@code i} is the minute; {@code hash} shuffles, punches holes and repeats. */
  @BeforeAll
  static void makeWarehouse() throws Exception {
    warehouse = shared.resolve("warehouse.duckdb");
    try (Duck duck = Duck.of(warehouse)) {
      duck.run("CREATE SCHEMA bqx_ml_v3_features_v2")
          .run("CREATE SCHEMA bqx_ml_v3_analytics_v2")
          .run("CREATE MACRO minute(i) AS TIMESTAMP '2024-01-01' + to_minutes(i)")
          // A seventh of the rows lacks a target, a few repeat a timestamp, some have none.
          .run(
              """
              CREATE TABLE bqx_ml_v3_analytics_v2.targets_eurusd AS
              SELECT CASE WHEN hash(i, 1) %% 100 > 0 THEN minute(i) END AS interval_time,
                'eurusd' AS pair,
                CASE WHEN hash(i, k, 2) %% 14 > 0 THEN i + k / 10 END AS target_h15,
                CASE WHEN hash(i, k, 3) %% 14 > 0 THEN (i * 10 + k)::BIGINT END AS target_h30
              FROM range(%d) r(i), range(3) s(k) WHERE k = 0 OR hash(i, k) %% 30 = 0
              ORDER BY hash(i, k, 4)\
              """
                  .formatted(ROWS))
          .run(
              """
              CREATE TABLE bqx_ml_v3_features_v2.agg_eurusd AS SELECT * FROM (
              SELECT (hash(i, k, 1) %% 7)::TINYINT AS tiny,
                CASE hash(i, k, 2) %% 7 WHEN 0 THEN NULL WHEN 1 THEN -0.0::DOUBLE
                  WHEN 2 THEN 'nan' WHEN 3 THEN '-inf' WHEN 4 THEN 5e-324
                  WHEN 5 THEN ('0111111111111' || repeat('0', 45) || '101010')::BIT::DOUBLE
                  ELSE hash(i, k) / 3.0 END AS number,
                'eurusd' AS pair,
                minute(i) + to_seconds(30 * (hash(i, k, 3) %% 20 = 0)::INTEGER) AS interval_time,
                CASE hash(i, k, 4) %% 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'grün ☃'
                  ELSE repeat('x', i %% 50) END AS words,
                (hash(i, k) %% 3 = 0)::BOOLEAN AS flag
              FROM range(-50, %d) r(i), range(3) s(k)
              WHERE hash(i, 5) %% 10 > 0 AND (k = 0 OR hash(i, k, 6) %% 25 = 0)
              UNION ALL SELECT 1, 1, NULL, NULL, 'no timestamp', NULL FROM range(17))
              ORDER BY hash(interval_time, number)\
              """
                  .formatted(ROWS + 50))
          .run(
              """
              CREATE TABLE bqx_ml_v3_features_v2.mkt_all_null AS
              SELECT minute(i) AS "Interval_Time", 'EURUSD' AS "PAIR", NULL::DOUBLE AS number, NULL::VARCHAR AS words,
                NULL::BOOLEAN AS flag, NULL::DECIMAL(38, 9) AS wide
              FROM range(%d) r(i)\
              """
                  .formatted(ROWS))
          .run(
              """
              CREATE TABLE bqx_ml_v3_features_v2.var_other_types AS
              SELECT minute(i)::TIMESTAMPTZ AS interval_time,
                CASE WHEN i %% 5 > 0 THEN hash(i)::FLOAT END AS small_number,
                CASE WHEN i %% 6 > 0 THEN (i - 1000)::SMALLINT END AS short,
                CASE WHEN i %% 7 > 0 THEN (hash(i) >> 32)::UINTEGER END AS unsigned,
                CASE WHEN i %% 8 > 0 THEN (hash(i) %% 1000000)::BIGINT - 500000 END AS long,
                CASE WHEN i %% 9 > 0 THEN (hash(i) / 7.0 - 1e18)::DECIMAL(38, 9) END AS wide,
                CASE WHEN i %% 10 > 0 THEN (i / 7.0 - 100)::DECIMAL(9, 4) END AS narrow,
                CASE WHEN i %% 11 > 0 THEN encode(repeat('é', i %% 9)) END AS bytes,
                CASE WHEN i %% 12 > 0 THEN DATE '1969-12-01' + i::INTEGER END AS day,
                CASE WHEN i %% 13 > 0 THEN minute(i - 40000000) END AS past,
                CASE WHEN i %% 14 > 0 THEN (minute(i) + to_microseconds(i))::TIMESTAMPTZ END AS seen
              FROM range(100, %d, 2) r(i)\
              """
                  .formatted(ROWS))
          .run(
              """
              CREATE TABLE bqx_ml_v3_features_v2.csi_nothing_in_range AS
              SELECT minute(i) - INTERVAL 30 DAY AS interval_time, i AS number FROM range(100) r(i)\
              """);
    }
  }

  static Stream<Arguments> everyLayoutAndPolicy() {
    return Stream.of("aligned", "sharded")
        .flatMap(layout -> Stream.of("first", "last").map(policy -> Arguments.of(layout, policy)));
  }

  @ParameterizedTest
  @MethodSource("everyLayoutAndPolicy")
  void everyMethodComesToWhatDuckDbComesTo(String layout, String policy) throws Exception {
    Workplace place = new Workplace(directory, warehouse);
    assertDone(place.extract("--layout=" + layout, "--onDuplicate=" + policy));

    try (Duck duck = Duck.inMemory().attach(warehouse)) {
      Expectation expected = Expectation.of(duck).withDuplicates(policy);
      for (String table : TABLES) {
        String files = values(place.directory().resolve("checkpoint_" + table + "-0*.parquet"));
        duck.assertSame(
            files,
            layout.equals("aligned")
                ? expected.aligned(table)
                : oneNan(table, expected.sharded(table)));
      }

      duck.run("CREATE TEMP TABLE training AS " + expected.training(TABLES));
      for (MergeMethod method : MergeMethods.of(layout)) {
        assertDone(place.merge("--mergeMethod=" + method));

        duck.assertTraining(
            place.trainingFile(),
            layout.equals("aligned") ? "FROM training" : oneNan("agg_eurusd", "FROM training"),
            Workplace.ROW_GROUP_ROWS);
      }

      assertCounts(place.readManifest(), duck, expected);
    }
  }

  /** ParquetIO's sink writes every NaN as the one that Java calls canonical. */
  private static String oneNan(String table, String sql) {
    return table.equals("agg_eurusd")
        ? """
          SELECT * REPLACE (
            CASE WHEN isnan(agg__number) THEN 'nan' ELSE agg__number END AS agg__number)
          FROM (%s)\
          """
            .formatted(sql)
        : sql;
  }

  /** What was left out, of which nothing is left out in silence. */
  private static void assertCounts(JsonNode manifest, Duck duck, Expectation expected)
      throws Exception {
    String spine = "(" + expected.spine() + ")";
    assertThat(manifest.get("spine").get("rows").asLong())
        .isEqualTo(duck.number("SELECT count(*) FROM " + spine));
    String inRange =
        "%1$s BETWEEN (SELECT min(interval_time) FROM %2$s) AND (SELECT max(interval_time) FROM %2$s)"
            .formatted("interval_time", spine);
    String inSpine = "interval_time::TIMESTAMPTZ IN (SELECT interval_time FROM " + spine + ")";
    for (JsonNode entry : manifest.get("checkpoints")) {
      if (entry.get("category").asText().equals("TARGETS")) {
        continue;
      }

      String from = " FROM " + Expectation.source(entry.get("table").asText()) + " WHERE ";
      assertThat(entry.get("rowsRead").asLong())
          .isEqualTo(duck.number("SELECT count(*)" + from + inRange));
      assertThat(entry.get("rowsWithoutTimestamp").asLong())
          .isEqualTo(duck.number("SELECT count(*)" + from + "interval_time IS NULL"));
      assertThat(entry.get("rowsOutside").asLong())
          .isEqualTo(duck.number("SELECT count(*)" + from + inRange + " AND NOT " + inSpine));
      assertThat(entry.get("duplicates").asLong())
          .isEqualTo(
              duck.number("SELECT count(*) - count(DISTINCT interval_time)" + from + inSpine));
      assertThat(entry.get("rowsMissing").asLong())
          .isEqualTo(
              manifest.get("spine").get("rows").asLong()
                  - duck.number("SELECT count(DISTINCT interval_time)" + from + inSpine));
    }
  }
}
