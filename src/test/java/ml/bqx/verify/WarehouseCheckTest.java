package ml.bqx.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Dataset;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.sample.SampleWarehouse;
import ml.bqx.sample.Samples;
import ml.bqx.verify.WarehouseComparison.Difference;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training files here are made by DuckDB, and then spoilt in one way each. */
class WarehouseCheckTest {
  private static final int MINUTES = 400;
  private static final Instant START = Instant.parse("1969-12-31T22:00:00Z");

  @TempDir static Path directory;

  private static Path warehouse;
  private static Catalog catalog;

  @BeforeAll
  static void makeSample() {
    warehouse = directory.resolve("sample.duckdb");
    Samples.of(warehouse, Pair.of("eurusd"), MINUTES)
        .withStart(START)
        .withTables("{agg,mkt,regime}_*")
        .create();
    try (DuckDbWarehouse open = DuckDbWarehouse.open(warehouse)) {
      catalog =
          Catalog.of(
              Pair.of("eurusd"),
              new Dataset(SampleWarehouse.FEATURES, open.tables(SampleWarehouse.FEATURES)),
              new Dataset(SampleWarehouse.ANALYTICS, open.tables(SampleWarehouse.ANALYTICS)),
              Catalog.ALL_GROUPS);
    }
  }

  @Test
  void aRightFileIsTheSame() throws Exception {
    List<Long> done = new ArrayList<>();

    WarehouseComparison comparison =
        WarehouseCheck.compare(
            warehouse, catalog, TimeRange.ALL, file("SELECT * FROM training"), done::add);

    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.same()).isTrue();
    assertThat(comparison.rows()).isEqualTo(MINUTES);
    assertThat(comparison.columns()).isEqualTo(1 + catalog.targetCount() + catalog.featureCount());
    assertThat(done).hasSize(catalog.all().size()).endsWith((long) catalog.all().size());
  }

  @Test
  void aPartOfTheTimeIsComparedWithItsPart() throws Exception {
    long from = START.plusSeconds(100 * 60).getEpochSecond() * 1_000_000;
    TimeRange range = new TimeRange(from, from + 50 * 60_000_000L);

    String part =
        file(
            "SELECT * FROM training WHERE epoch_us(interval_time) BETWEEN %d AND %d - 1"
                .formatted(range.from(), range.to()));
    WarehouseComparison comparison =
        WarehouseCheck.compare(warehouse, catalog, range, part, done -> {});

    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.rows()).isEqualTo(50);
  }

  @Test
  void anotherTypeOfTimestampIsTheSame() throws Exception {
    assertThat(
            compare("SELECT * REPLACE (interval_time::TIMESTAMP AS interval_time) FROM training"))
        .isEmpty();
  }

  @Test
  void aValueThatDiffersIsFound() throws Exception {
    assertThat(
            compare(
                "SELECT * REPLACE (CASE WHEN minute = 77 THEN agg_bqx__bqx_mean_45 + 1e-15"
                    + " ELSE agg_bqx__bqx_mean_45 END AS agg_bqx__bqx_mean_45) FROM training"))
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.column()).isEqualTo("agg_bqx__bqx_mean_45");
              assertThat(difference.table())
                  .isEqualTo(SampleWarehouse.FEATURES + ".agg_bqx_eurusd");
              assertThat(difference.what()).startsWith("other values (3");
            });
  }

  @Test
  void twoValuesThatChangedPlacesAreFound() throws Exception {
    assertThat(
            compare(
                "SELECT * REPLACE (CASE minute WHEN 100 THEN (SELECT target_bqx45_h15 FROM training"
                    + " WHERE minute = 101) WHEN 101 THEN (SELECT target_bqx45_h15 FROM training"
                    + " WHERE minute = 100) ELSE target_bqx45_h15 END AS target_bqx45_h15)"
                    + " FROM training"))
        .containsExactly(
            new Difference(
                SampleWarehouse.ANALYTICS + ".targets_eurusd",
                "target_bqx45_h15",
                "other values (400)"));
  }

  @Test
  void aValueThatIsMissingIsCounted() throws Exception {
    assertThat(
            compare(
                "SELECT * REPLACE (CASE WHEN minute <> 200 THEN regime_45__regime_label END"
                    + " AS regime_45__regime_label) FROM training"))
        .singleElement()
        .satisfies(
            difference -> assertThat(difference.what()).isEqualTo("354 values instead of 355"));
  }

  @Test
  void columnsAreComparedByNameTypeAndOrder() throws Exception {
    assertThat(
            compare(
                "SELECT * EXCLUDE (agg__close_mean_45) REPLACE (agg__close_std_45::FLOAT::VARCHAR"
                    + " AS agg__close_std_45), 1 AS extra FROM training"))
        .containsExactly(
            new Difference(
                SampleWarehouse.FEATURES + ".agg_eurusd", "agg__close_mean_45", "is missing"),
            new Difference(
                SampleWarehouse.FEATURES + ".agg_eurusd",
                "agg__close_std_45",
                "is a VARCHAR, not a FLOAT64"),
            new Difference("training file", "extra", "is not in any feature group"));
    assertThat(
            compare(
                "SELECT interval_time, target_bqx45_h30, * EXCLUDE (interval_time,"
                    + " target_bqx45_h30) FROM training"))
        .containsExactly(
            new Difference(
                "training file", "target_bqx45_h30", "is where target_bqx45_h15 should be"));
  }

  @Test
  void rowsMustBeThoseOfTheSpineInOrder() throws Exception {
    assertThat(compare("SELECT * FROM training WHERE minute <> 5"))
        .contains(time("1 rows of the spine are missing"))
        .hasSizeGreaterThan(1);
    assertThat(compare("SELECT * FROM training UNION ALL SELECT * FROM training WHERE minute = 7"))
        .contains(time("1 timestamps are not later than the previous row's"));
    assertThat(compare("SELECT * FROM training ORDER BY minute DESC"))
        .containsExactly(time("399 timestamps are not later than the previous row's"));
    assertThat(
            compare(
                "SELECT * REPLACE (interval_time + INTERVAL 1 SECOND AS interval_time)"
                    + " FROM training"))
        .contains(time("400 rows of the spine are missing"), time("400 rows are not in the spine"));
    assertThat(
            compare(
                "SELECT * REPLACE (CASE WHEN minute > 0 THEN interval_time END AS interval_time)"
                    + " FROM training"))
        .contains(time("1 timestamps are null"), time("1 rows of the spine are missing"));
    assertThat(compare("SELECT * EXCLUDE (interval_time) FROM training"))
        .containsExactly(time("is missing"));
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    String none = directory.resolve("none.parquet").toString();

    assertThatThrownBy(
            () -> WarehouseCheck.compare(warehouse, catalog, TimeRange.ALL, none, done -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Cannot compare the training file with the warehouse: IO Error: No files found")
        .hasMessageEndingWith("(" + none + ")");
  }

  @Test
  void aDifferenceReadsWell() {
    assertThat(new Difference("f.agg_eurusd", "agg__a", "is missing"))
        .hasToString("agg__a (f.agg_eurusd): is missing");
    assertThat(new Difference("training file", "", "is empty"))
        .hasToString("training file: is empty");
  }

  private static Difference time(String what) {
    return new Difference("training file", "interval_time", what);
  }

  private static List<Difference> compare(String query) throws SQLException {
    return WarehouseCheck.compare(warehouse, catalog, TimeRange.ALL, file(query), done -> {})
        .differences();
  }

  /**
   * Writes a query's rows as a training file. The query reads a right one as {@code training}, in
   * which {@code minute} counts rows from 0; that column is left out again.
   */
  private static String file(String query) throws SQLException {
    String file = directory.resolve("training.parquet").toString();
    try (DuckDBConnection connection = DuckDb.openReadOnly(warehouse, 1, "1GB")) {
      DuckDb.execute(connection, "SET TimeZone = 'UTC'");
      DuckDb.execute(connection, "CREATE TEMP TABLE training AS " + training());
      DuckDb.execute(
          connection,
          "COPY (SELECT * EXCLUDE (minute) FROM (%s)) TO '%s' (FORMAT parquet)"
              .formatted(query, file));
    }

    return file;
  }

  private static String training() {
    StringBuilder columns = new StringBuilder("targets.interval_time");
    StringBuilder joins = new StringBuilder();
    catalog.targets().columns().forEach(column -> columns.append(", targets." + column.name()));
    for (var group : catalog.groups()) {
      group
          .columns()
          .forEach(
              column ->
                  columns.append(
                      ", %s.%s AS %s"
                          .formatted(group.name(), column.name(), group.featureName(column))));
      joins.append(
          " LEFT JOIN %s AS %s ON %2$s.interval_time = targets.interval_time"
              .formatted(group.table().qualifiedName(), group.name()));
    }

    return """
        SELECT %s, row_number() OVER (ORDER BY targets.interval_time) - 1 AS minute
        FROM %s AS targets%s WHERE target_bqx45_h105 IS NOT NULL ORDER BY minute
        """
        .formatted(columns, catalog.targets().table().qualifiedName(), joins);
  }
}
