package ml.bqx.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Dataset;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Table;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleWarehouseTest {
  private static final Pair EURUSD = Pair.of("eurusd");

  @TempDir Path directory;

  @Test
  void everyPairHas666TablesOfBothSizes() {
    for (Pair pair : Pair.ALL) {
      List<KnownLayout.Shape> seed = KnownLayout.SEED.of(pair);
      List<KnownLayout.Shape> full = KnownLayout.FULL.of(pair);

      assertThat(seed).extracting(KnownLayout.Shape::table).hasSize(666).doesNotHaveDuplicates();
      assertThat(seed.stream().mapToInt(KnownLayout.Shape::features).sum()).isEqualTo(6_477);
      assertThat(full.stream().mapToInt(KnownLayout.Shape::features).sum()).isEqualTo(16_965);
    }

    assertThat(KnownLayout.SEED.of(Pair.of("usdjpy")))
        .extracting(KnownLayout.Shape::table)
        .contains("agg_usdjpy", "cov_agg_usdjpy_eurusd", "cov_agg_usdjpy_usdjpy", "mkt_vol");
  }

  @Test
  void theSameSeedGivesTheSameContentAndAnotherGivesOther() throws Exception {
    Samples config = config(200).withTables("{agg,regime,mkt,cov_agg}_*");

    Map<String, String> content = content(config.withSeed(7));

    assertThat(content).hasSizeGreaterThan(40);
    assertThat(content(config.withSeed(7))).isEqualTo(content);
    assertThat(content(config.withSeed(8)).entrySet())
        .doesNotContainAnyElementsOf(content.entrySet());
    assertThat(content(config.withSeed(7).withStart(Instant.parse("2023-01-01T00:00:00Z"))))
        .isNotEqualTo(content);
  }

  @Test
  void moreMinutesAreAppendedAndTheRestStaysAsItIs() throws Exception {
    Samples shorter = config(40).withTables("{agg,regime,mkt,cov_agg}_*");
    Samples longer = config(90).withTables("{agg,regime,mkt,cov_agg}_*");
    Map<String, String> whole = content(longer);
    Files.delete(longer.config().file());
    Map<String, String> before = content(shorter);

    assertThat(longer.create().kept()).isEqualTo(40);

    assertThat(hashes(longer, "true")).isEqualTo(whole);
    before.keySet().removeIf(table -> table.contains(".targets_"));
    assertThat(hashes(longer, "interval_time < TIMESTAMPTZ '2024-01-01 02:25:00+00'"))
        .containsAllEntriesOf(before);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(longer.config().file());
    }
  }

  @Test
  void whatIsNotTheBeginningOfTheSampleIsReplaced() throws Exception {
    Samples sample = config(30).withTables("agg_*");
    sample.create();

    assertThat(config(20).withTables("agg_*").create().kept()).isZero();
    assertThat(sample.withSeed(2).create().kept()).isZero();
    assertThat(config(40).withTables("agg_*").create().kept()).isZero();
    assertThat(config(50).withTables("agg_b*").create().kept()).isZero();
    assertThat(config(60).withTables("agg_b*").withDefects(SampleDefect.GAP_DAY).create().kept())
        .isZero();
    assertThat(config(70).withTables("agg_b*").create().kept()).isZero();
    assertThat(config(80).withTables("agg_b*").create().kept()).isEqualTo(70);
  }

  @Test
  void anotherPairIsAPairLikeAny() {
    Pair usdjpy = Pair.of("usdjpy");
    Samples config =
        Samples.of(directory.resolve("usdjpy.duckdb"), usdjpy, 50)
            .withTables("{regime,cov_agg,csi_agg}_*");
    Sample sample = config.create();

    Catalog catalog = catalog(sample.file(), usdjpy);

    assertThat(catalog.groups()).hasSize(sample.groups());
    assertThat(catalog.groups())
        .extracting(group -> group.name())
        .contains("cov_agg", "cov_agg_eurusd", "cov_agg_audcad", "regime_45", "csi_agg_aud");
    assertThat(catalog.featureCount()).isEqualTo(sample.features());
  }

  @Test
  void fullSizeMakesWiderTables() {
    Samples config = config(20).withTables("reg_eurusd").withSize(KnownLayout.FULL);

    Sample sample = config.create();

    assertThat(catalog(sample.file(), EURUSD).featureCount()).isEqualTo(232);
    Set<String> names = new HashSet<>();
    for (var column : catalog(sample.file(), EURUSD).groups().get(0).columns()) {
      assertThat(names.add(column.name())).isTrue();
      assertThat(column.name()).matches("close_[a-z0-9]+_[0-9]+(_lag[0-9])?");
    }
  }

  @Test
  void repeatedTimestampsHaveOtherValues() throws Exception {
    Sample sample = defective(SampleDefect.REPEATED_TIMESTAMPS);
    String table = sample.defects().get(SampleDefect.REPEATED_TIMESTAMPS);

    assertThat(count(sample, "SELECT count(*) - count(DISTINCT interval_time) FROM f." + table))
        .isEqualTo((200 + SamplePlan.UNKNOWN_ROWS + 19) / 20);
    assertThat(
            count(
                sample,
                "SELECT count(*) FROM (SELECT interval_time FROM f.%s GROUP BY ALL".formatted(table)
                    + " HAVING count(DISTINCT close_mean_45) > 1)"))
        .isGreaterThan(10);
    assertThat(catalog(sample.file(), EURUSD).groups()).hasSize(sample.groups());
  }

  @Test
  void clashingNamesAreFoundByTheCatalog() throws Exception {
    Sample sample = defective(SampleDefect.CLASHING_NAMES);

    assertThat(sample.defects()).containsEntry(SampleDefect.CLASHING_NAMES, "eurusd_agg");
    assertThatThrownBy(() -> catalog(sample.file(), EURUSD))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot use two groups named agg: %1$s.agg_eurusd and %1$s.eurusd_agg have the same"
                + " name without the pair",
            SampleWarehouse.FEATURES);
  }

  @Test
  void anEmptyTableHasColumnsButNoRows() throws Exception {
    Sample sample = defective(SampleDefect.EMPTY_TABLE);

    assertThat(
            count(
                sample, "SELECT count(*) FROM f." + sample.defects().get(SampleDefect.EMPTY_TABLE)))
        .isZero();
    assertThat(catalog(sample.file(), EURUSD).featureCount()).isEqualTo(sample.features());
  }

  @Test
  void severalDefectsEachHaveATableOfTheirOwn() throws Exception {
    Sample sample = defective(SampleDefect.MISSING_KEY, SampleDefect.ODD_TYPE);

    assertThat(sample.defects())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                SampleDefect.MISSING_KEY, "agg_eurusd",
                SampleDefect.ODD_TYPE, "agg_bqx_eurusd"));
    assertThatThrownBy(() -> catalog(sample.file(), EURUSD))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot join table %1$s.agg_eurusd: it has no key column interval_time; make a view that has one\n"
                + "Cannot use column %1$s.agg_bqx_eurusd.weights: unsupported feature type"
                + " (DOUBLE[]); leave out such columns with --onUnsupportedType=skip",
            SampleWarehouse.FEATURES);
  }

  @Test
  void theFileIsReplacedAtOnceAndNothingElseIsLeft() throws Exception {
    Path file = Files.writeString(directory.resolve("sample.duckdb"), "something else");
    Files.writeString(directory.resolve("sample.duckdb.partial"), "left by a killed run");

    Sample sample = config(5).withTables("mkt_*").create();

    assertThat(sample.file()).isEqualTo(file);
    assertThat(sample.bytes()).isEqualTo(Files.size(file)).isGreaterThan(100_000);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whatCannotBeMadeIsAnError() {
    Path file = directory.resolve("none").resolve("sample.duckdb");

    assertThatThrownBy(() -> Samples.of(file, EURUSD, 5).create())
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith("Cannot create the sample warehouse " + file + ": ");
    assertThatThrownBy(() -> config(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot create a sample of 0 minutes (expected 1 or more)");
    assertThatThrownBy(
            () -> config(5).withTables("agg_eurusd").withDefects(SampleDefect.values()).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot build 13 defects into 1 tables: each needs its own table (agg_eurusd)");
  }

  private Sample defective(SampleDefect... defects) {
    return config(200).withTables("agg*_eurusd").withDefects(defects).create();
  }

  private Samples config(int minutes) {
    return Samples.of(directory.resolve("sample.duckdb"), EURUSD, minutes);
  }

  private static Catalog catalog(Path file, Pair pair) {
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file)) {
      return Catalog.of(
          pair,
          new Dataset(SampleWarehouse.FEATURES, warehouse.tables(SampleWarehouse.FEATURES)),
          new Dataset(SampleWarehouse.ANALYTICS, warehouse.tables(SampleWarehouse.ANALYTICS)),
          Catalog.ALL_GROUPS);
    }
  }

  /** A number from the sample; {@code f.} stands for the dataset of features. */
  private static long count(Sample sample, String sql) throws SQLException {
    try (DuckDBConnection connection = DuckDb.openReadOnly(sample.file(), 1, "1GB")) {
      return DuckDb.number(connection, sql.replace("f.", SampleWarehouse.FEATURES + "."));
    }
  }

  /** A hash of each table's rows, in their order. */
  private static Map<String, String> content(Samples config) throws SQLException {
    config.create();
    return hashes(config, "true");
  }

  /** As {@link #content} of those rows of the warehouse that meet a condition. */
  private static Map<String, String> hashes(Samples config, String condition) throws SQLException {
    Map<String, String> hashes = new TreeMap<>();
    List<String> tables;
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(config.config().file())) {
      tables =
          List.of(SampleWarehouse.FEATURES, SampleWarehouse.ANALYTICS).stream()
              .flatMap(dataset -> warehouse.tables(dataset).stream())
              .map(Table::qualifiedName)
              .collect(Collectors.toList());
    }

    try (DuckDBConnection connection = DuckDb.openReadOnly(config.config().file(), 1, "1GB")) {
      for (String table : tables) {
        long hash =
            DuckDb.number(
                connection,
                "SELECT bit_xor(hash(rowid, t) >> 1)::BIGINT FROM %s t WHERE %s"
                    .formatted(table, condition));
        hashes.put(table, Long.toHexString(hash));
      }
    }

    return hashes;
  }
}
