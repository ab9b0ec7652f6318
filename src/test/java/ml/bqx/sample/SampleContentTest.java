package ml.bqx.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.Dataset;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Skipped;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole layout, made once: it looks like the real thing. */
class SampleContentTest {
  private static final int MINUTES = 1_000;
  private static final int ROWS = MINUTES + SamplePlan.UNKNOWN_ROWS;
  private static final AtomicInteger PROGRESS = new AtomicInteger();

  @TempDir static Path directory;

  private static Sample sample;
  private static DuckDbWarehouse warehouse;
  private static Catalog catalog;

  @BeforeAll
  static void make() {
    sample =
        new SampleWarehouse(
                Samples.of(directory.resolve("sample.duckdb"), Pair.of("eurusd"), MINUTES).config())
            .create(tables -> PROGRESS.incrementAndGet());
    warehouse = DuckDbWarehouse.open(sample.file());
    catalog =
        Catalog.of(
            Pair.of("eurusd"),
            new Dataset(SampleWarehouse.FEATURES, warehouse.tables(SampleWarehouse.FEATURES)),
            new Dataset(SampleWarehouse.ANALYTICS, warehouse.tables(SampleWarehouse.ANALYTICS)),
            Catalog.ALL_GROUPS);
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  @Test
  void theCatalogPicksAllOfTheLayoutAndNoStrays() {
    assertThat(catalog.groups()).hasSize(666);
    assertThat(catalog.featureCount()).isEqualTo(6_477);
    assertThat(catalog.targetCount()).isEqualTo(7);
    assertThat(catalog.skipped())
        .extracting(Skipped::reason)
        .containsExactly(
            Skipped.Reason.TEMPORARY, Skipped.Reason.SUMMARY, Skipped.Reason.OTHER_PAIR);
    assertThat(sample.groups()).isEqualTo(666);
    assertThat(sample.features()).isEqualTo(6_477);
    assertThat(sample.targets()).isEqualTo(7);
    assertThat(sample.tables()).isEqualTo(PROGRESS.get()).isGreaterThan(667);
  }

  @Test
  void theSpineHasTheMinutesAskedFor() {
    ColumnBatch targets = read(catalog.targets());

    long complete = 0;
    for (int row = 0; row < targets.rows(); row++) {
      int at = row;
      boolean known = targets.columns().stream().noneMatch(column -> column.isNull(at));
      complete += known ? 1 : 0;
      assertThat(targets.timestamps()[row]).isEqualTo(targets.timestamps()[0] + row * 60_000_000L);
      assertThat(known).isEqualTo(row < MINUTES);
    }

    assertThat(complete).isEqualTo(MINUTES);
  }

  @Test
  void someKindsOfTableLackAboutATenthOfTheRows() {
    for (FeatureGroup group : catalog.groups()) {
      int rows = warehouse.read(group.table(), List.of(), TimeRange.ALL).rows();
      if (group.name().matches("(tri|cov|corr|mkt)(_.*)?")) {
        assertThat(rows / (double) ROWS).as(group.name()).isBetween(0.85, 0.95);
      } else {
        assertThat(rows).as(group.name()).isEqualTo(ROWS);
      }
    }
  }

  @Test
  void theTypesOfFeaturesAreAllThere() {
    Set<Kind> kinds = new HashSet<>();
    for (FeatureGroup group : catalog.groups()) {
      group.columns().forEach(column -> kinds.add(column.type().kind()));
    }

    assertThat(kinds)
        .containsExactlyInAnyOrder(
            Kind.FLOAT64,
            Kind.INT64,
            Kind.BOOL,
            Kind.STRING,
            Kind.NUMERIC,
            Kind.DATE,
            Kind.TIMESTAMP);
    assertThat(group("regime_45").columns())
        .extracting(column -> column.type().kind())
        .startsWith(Kind.INT64, Kind.STRING, Kind.BOOL);
    assertThat(catalog.groups())
        .filteredOn(group -> group.table().columns().size() > group.columns().size() + 1)
        .hasSizeBetween(20, 150)
        .allSatisfy(group -> assertThat(group.category()).isEqualTo(Category.PAIR));
  }

  @Test
  void featuresAreNullWhileTheyLookBackAndNowAndThen() {
    ColumnBatch batch = read(group("agg"));
    List<String> names = group("agg").columns().stream().map(column -> column.name()).toList();
    ColumnVector mean = batch.columns().get(names.indexOf("close_mean_90"));
    ColumnVector.Longs std =
        (ColumnVector.Longs) batch.columns().get(names.indexOf("close_std_45"));

    for (int row = 0; row < 90; row++) {
      assertThat(mean.isNull(row)).isTrue();
    }

    assertThat(mean.nullCount() - 90).isBetween(1, 20);
    Set<Long> values = new HashSet<>();
    for (int row = 45; row < ROWS; row++) {
      if (!std.isNull(row)) {
        assertThat(Double.longBitsToDouble(std.values()[row])).isBetween(1e-6, 1e-2);
        values.add(std.values()[row]);
      }
    }

    assertThat(values).hasSizeGreaterThan(ROWS - 70);
  }

  @Test
  void pricesAndWhatIsMadeOfThemHaveFiveDecimalsAndRepeat() {
    for (String feature :
        List.of("close_max_45", "close_min_45", "close_lag_45", "close_range_45")) {
      FeatureGroup group = group("agg");
      List<String> names = group.columns().stream().map(column -> column.name()).toList();
      ColumnVector.Longs column =
          (ColumnVector.Longs) read(group).columns().get(names.indexOf(feature));

      Set<Long> values = new HashSet<>();
      int known = 0;
      for (int row = 0; row < ROWS; row++) {
        if (!column.isNull(row)) {
          double points = Double.longBitsToDouble(column.values()[row]) * 1e5;
          assertThat(points).isCloseTo(Math.rint(points), within(1e-6));
          values.add(column.values()[row]);
          known++;
        }
      }

      assertThat(known).as(feature).isBetween(ROWS - 100, ROWS - 45);
      assertThat(values).as(feature).hasSizeLessThan(ROWS * 9 / 10);
    }
  }

  private static FeatureGroup group(String name) {
    return catalog.groups().stream()
        .filter(group -> group.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ColumnBatch read(FeatureGroup group) {
    return warehouse.read(group.table(), group.columns(), TimeRange.ALL);
  }
}
