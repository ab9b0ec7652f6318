package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import ml.bqx.bigquery.BeamBigQuery;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Dataset;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Table;
import ml.bqx.cli.Arguments;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.config.ExtractConfig;
import ml.bqx.doubles.FakeBigQuery;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.ExtractOptions;
import ml.bqx.warehouse.bigquery.BigQueryWarehouse;
import org.junit.jupiter.api.Test;

/** Finding the 667 tables of each pair among the thousands of a dataset of all pairs. */
class BigQueryDiscoveryTest {
  private static final String FEATURES = "bqx_ml_v3_features_v2";
  private static final String ANALYTICS = "bqx_ml_v3_analytics_v2";

  /** Tables about one pair and another, for every two of the 28. */
  private static final int CROSS_TABLES = 9;

  /**
   * Tables about one pair alone: with {@link #CROSS_TABLES} times 27 they are 255, as it is known.
   */
  private static final int OWN_TABLES = 12;

  @Test
  void everyPairGetsItsOwn666TablesOutOfThousands() throws Exception {
    Map<Pair, Set<String>> expected = new LinkedHashMap<>();
    Set<String> tables = new TreeSet<>(List.of("tmp_agg_eurusd", "mkt_vol_summary", "calendar"));
    for (Pair pair : Pair.ALL) {
      expected.put(pair, new LinkedHashSet<>(sharedTables()));
      expected.get(pair).addAll(tablesOf(pair));
      tables.addAll(expected.get(pair));
    }

    assertThat(tables).hasSizeBetween(4_000, 4_200);
    try (FakeBigQuery bigQuery = FakeBigQuery.empty()) {
      bigQuery.list(FEATURES, columnsOf(tables));
      bigQuery.list(
          ANALYTICS, columnsOf(Pair.ALL.stream().map(pair -> "targets_" + pair).toList()));
      BigQueryWarehouse warehouse = open(bigQuery);
      List<Table> found = warehouse.tables(FEATURES);
      List<Table> targets = warehouse.tables(ANALYTICS);

      assertThat(found).extracting(Table::name).containsExactlyElementsOf(tables);
      expected.forEach(
          (pair, names) -> {
            Catalog catalog =
                Catalog.of(
                    pair, new Dataset(FEATURES, found), new Dataset(ANALYTICS, targets), "*");
            assertThat(catalog.groups())
                .extracting(group -> group.table().name())
                .hasSize(666)
                .containsExactlyInAnyOrderElementsOf(names);
            assertThat(catalog.targets().table().name()).isEqualTo("targets_" + pair);
          });
      // A query for each dataset, whatever the number of tables.
      assertThat(bigQuery.queries()).isEqualTo(2);
    }
  }

  /** The tables that every pair shares: triangulation, market, variance and currency strength. */
  private static List<String> sharedTables() {
    List<String> shared =
        KnownLayout.SEED.of(Pair.of("eurusd")).stream()
            .map(KnownLayout.Shape::table)
            .filter(table -> table.matches("(tri|mkt|var|csi)_.*"))
            .toList();
    assertThat(shared).hasSize(411);
    return shared;
  }

  private static List<String> tablesOf(Pair pair) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < OWN_TABLES; i++) {
      names.add("own%d_%s".formatted(i, pair));
    }

    for (Pair other : Pair.ALL) {
      String both =
          pair.name().compareTo(other.name()) < 0 ? pair + "_" + other : other + "_" + pair;
      for (int i = 0; i < CROSS_TABLES && !other.equals(pair); i++) {
        names.add("cov%d_%s".formatted(i, both));
      }
    }

    return names;
  }

  private static List<List<String>> columnsOf(Iterable<String> tables) {
    List<List<String>> columns = new ArrayList<>();
    for (String table : tables) {
      columns.add(List.of(table, "interval_time", "TIMESTAMP"));
      columns.add(List.of(table, "pair", "STRING"));
      columns.add(List.of(table, "value", "FLOAT64"));
    }

    return columns;
  }

  private static BigQueryWarehouse open(FakeBigQuery bigQuery) {
    List<String> args = new ArrayList<>(List.of(bigQuery.args()));
    args.addAll(List.of("--pair=eurusd", "--checkpoints=unused"));
    ExtractOptions options = Arguments.parse(ExtractOptions.class, args.toArray(String[]::new));
    BigQueryConfig config = (BigQueryConfig) ExtractConfig.from(options).source();
    return new BigQueryWarehouse(
        BeamBigQuery.client(BeamOptions.of(options), config.readTimeout()), config);
  }
}
