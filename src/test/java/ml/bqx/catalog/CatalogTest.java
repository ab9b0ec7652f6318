package ml.bqx.catalog;

import static ml.bqx.catalog.Tables.analytics;
import static ml.bqx.catalog.Tables.features;
import static ml.bqx.catalog.Tables.table;
import static ml.bqx.catalog.Tables.targets;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
  private static final Pair EURUSD = Pair.of("eurusd");

  @Test
  void theRealLayoutIsPickedAndNothingElse() {
    List<Table> tables = new ArrayList<>(Tables.layout());
    for (String distractor :
        List.of("tmp_agg_eurusd", "mkt_vol_summary", "agg_gbpusd", "reg_usdjpy", "calendar")) {
      tables.add(table(distractor, "f0"));
    }

    Catalog catalog =
        Catalog.of(EURUSD, new Dataset("features", tables), analytics(targets("eurusd")), "*");

    assertThat(catalog.groups()).hasSize(666);
    assertThat(catalog.featureCount()).isEqualTo(6_477);
    assertThat(catalog.targetCount()).isEqualTo(1);
    assertThat(catalog.groups()).extracting(FeatureGroup::name).isSorted().doesNotHaveDuplicates();
    assertThat(catalog.skippedInWords())
        .isEqualTo("1 temporary, 1 summary, 2 of other pairs, 1 unclassified (calendar)");
    assertThat(categories(catalog))
        .isEqualTo(
            Map.of(
                Category.PAIR, 255L,
                Category.TRIANGULATION, 194L,
                Category.MARKET, 10L,
                Category.VARIANCE, 63L,
                Category.CURRENCY_STRENGTH, 144L));
  }

  /** The layout of every pair in one dataset, as a warehouse of all 28 pairs has it. */
  @ParameterizedTest
  @ValueSource(strings = {"audcad", "chfjpy", "eurusd", "gbpusd", "usdjpy"})
  void aPairIsPickedOutOfTheTablesOfAll(String name) {
    Pair pair = Pair.of(name);
    List<Table> all = tablesOfAllPairs();
    assertThat(all).hasSizeGreaterThan(4_000);

    Catalog catalog = Catalog.of(pair, new Dataset("features", all), analytics(targets(name)), "*");

    List<String> expected =
        all.stream()
            .map(Table::name)
            .filter(
                table ->
                    table.matches("(tri|mkt|var|csi)_.*")
                        || List.of(table.split("_", -1)).contains(name))
            .toList();
    assertThat(catalog.groups())
        .extracting(group -> group.table().name())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(catalog.skipped())
        .singleElement()
        .satisfies(
            skipped -> {
              assertThat(skipped.reason()).isEqualTo(Skipped.Reason.OTHER_PAIR);
              assertThat(skipped.tables()).hasSize(all.size() - expected.size());
            });
  }

  @Test
  void keyAndPairColumnsAreNotFeatures() {
    Table table =
        new Table(
            "features",
            "agg_eurusd",
            List.of(
                Tables.column("z"),
                Tables.KEY,
                new Column("pair", "VARCHAR", ColumnType.of(ColumnType.Kind.STRING)),
                Tables.column("a")),
            null);

    Catalog catalog = Catalog.of(EURUSD, features(table), analytics(targets("eurusd")), "*");

    FeatureGroup group = catalog.groups().get(0);
    assertThat(group.columns()).extracting(group::featureName).containsExactly("agg__z", "agg__a");
    assertThat(catalog.targets().columns())
        .extracting(catalog.targets()::featureName)
        .containsExactly("target_h15");
  }

  @Test
  void theGlobTakesAPartAndSaysWhatItLeaves() {
    Catalog catalog =
        Catalog.of(
            EURUSD,
            features(table("agg_eurusd", "a"), table("reg_eurusd", "a"), table("mkt_vol", "a")),
            analytics(targets("eurusd")),
            "{agg,mkt_*}");

    assertThat(catalog.groups()).extracting(FeatureGroup::name).containsExactly("agg", "mkt_vol");
    assertThat(catalog.skippedInWords()).isEqualTo("1 not matched by the glob");
  }

  @Test
  void tablesOfTargetsAmongTheFeaturesAreNoFeatures() {
    Table targets = targets("eurusd");
    Catalog catalog =
        Catalog.of(EURUSD, features(table("agg_eurusd", "a"), targets), analytics(targets), "*");

    assertThat(catalog.groups()).extracting(FeatureGroup::name).containsExactly("agg");
    assertThat(catalog.skippedInWords()).isEqualTo("1 targets");
  }

  private static Map<Category, Long> categories(Catalog catalog) {
    return catalog.groups().stream()
        .collect(Collectors.groupingBy(FeatureGroup::category, Collectors.counting()));
  }

  private static List<Table> tablesOfAllPairs() {
    Map<Set<String>, Table> tables = new HashMap<>();
    for (Pair each : Pair.ALL) {
      for (Table table : Tables.layout()) {
        String swapped = swapped(table.name(), each.name());
        // A table of two pairs serves both: no warehouse has it once more with its words swapped.
        tables.putIfAbsent(
            Set.copyOf(List.of(swapped.split("_", -1))),
            new Table("features", swapped, table.columns(), null));
      }
    }

    return List.copyOf(tables.values());
  }

  /** Exchanging the two names keeps names unique where both are in one. */
  private static String swapped(String table, String pair) {
    return table.replace("eurusd", "@").replace(pair, "eurusd").replace("@", pair);
  }
}
