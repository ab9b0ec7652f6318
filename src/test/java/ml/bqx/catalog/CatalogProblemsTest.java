package ml.bqx.catalog;

import static ml.bqx.catalog.Tables.analytics;
import static ml.bqx.catalog.Tables.column;
import static ml.bqx.catalog.Tables.features;
import static ml.bqx.catalog.Tables.table;
import static ml.bqx.catalog.Tables.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.Test;

class CatalogProblemsTest {
  private static final Pair EURUSD = Pair.of("eurusd");
  private static final Dataset TARGETS = analytics(targets("eurusd"));

  @Test
  void missingTargetsAreNamedWithThoseThatAreThere() {
    assertProblem(
        features(table("agg_eurusd", "a")),
        analytics(targets("gbpusd"), table("audit", "a"), targets("usdjpy")),
        "Cannot find the targets of eurusd: no table analytics.targets_eurusd"
            + " (there is targets_gbpusd, targets_usdjpy)");
    assertProblem(
        features(table("agg_eurusd", "a")),
        analytics(),
        "Cannot find the targets of eurusd: no table analytics.targets_eurusd"
            + " (and no similar name among 0)");
  }

  @Test
  void manySimilarTargetsAreCounted() {
    Table[] others =
        Pair.ALL.stream()
            .filter(pair -> !pair.equals(EURUSD))
            .map(pair -> targets(pair.name()))
            .toArray(Table[]::new);

    assertProblem(
        features(table("agg_eurusd", "a")),
        analytics(others),
        "Cannot find the targets of eurusd: no table analytics.targets_eurusd (there is"
            + " targets_audcad, targets_audchf, targets_audjpy, targets_audnzd, targets_audusd"
            + " and 22 more)");
  }

  @Test
  void aTableWithoutTheKeyColumnCannotBeJoined() {
    assertProblem(
        features(new Table("features", "agg_eurusd", List.of(column("a")), null)),
        TARGETS,
        "Cannot join table features.agg_eurusd: it has no key column interval_time; make a view that has one");
  }

  @Test
  void theKeyColumnMustBeATimestamp() {
    Column key = new Column("interval_time", "BIGINT", ColumnType.of(ColumnType.Kind.INT64));
    assertProblem(
        features(new Table("features", "agg_eurusd", List.of(key, column("a")), null)),
        TARGETS,
        "Cannot join table features.agg_eurusd: its key column interval_time is a BIGINT,"
            + " not a TIMESTAMP; make a view that converts it");
    assertProblem(
        features(
            new Table(
                "features",
                "agg_eurusd",
                List.of(new Column("INTERVAL_TIME", "TIME", null), column("a")),
                null)),
        TARGETS,
        "Cannot join table features.agg_eurusd: its key column INTERVAL_TIME is a TIME,"
            + " not a TIMESTAMP; make a view that converts it");
  }

  @Test
  void aDatetimeIsNoTimestampAndHasARemedy() {
    Column key = new Column("interval_time", "DATETIME", null);
    assertProblem(
        features(new Table("features", "agg_eurusd", List.of(key, column("a")), null)),
        TARGETS,
        "Cannot join table features.agg_eurusd: its key column interval_time is a DATETIME, not a"
            + " TIMESTAMP; a DATETIME has no time zone: make a view with"
            + " TIMESTAMP(interval_time, 'UTC')");
  }

  @Test
  void keysAndPairsThatDifferInCaseOnlyAreBothNamed() {
    Column pair = new Column("pair", "VARCHAR", ColumnType.of(ColumnType.Kind.STRING));
    Column other = new Column("Pair", "VARCHAR", ColumnType.of(ColumnType.Kind.STRING));
    Column key = new Column("Interval_Time", "TIMESTAMP", Tables.KEY.type());
    assertProblem(
        features(
            new Table(
                "features",
                "agg_eurusd",
                List.of(Tables.KEY, pair, key, column("a"), other),
                null)),
        TARGETS,
        "Cannot use table features.agg_eurusd: its columns interval_time and Interval_Time have"
            + " the same name but for upper and lower case",
        "Cannot use table features.agg_eurusd: its columns pair and Pair have the same name but"
            + " for upper and lower case");
  }

  @Test
  void targetsInShardsByDateAreNamed() {
    assertProblem(
        features(table("agg_eurusd", "a")),
        analytics(targets("eurusd_20240101"), targets("eurusd_20240102")),
        "Cannot use targets_eurusd_20240101, targets_eurusd_20240102 each as a table of its own:"
            + " they are shards of one table by date; make a view analytics.targets_eurusd of all"
            + " their rows (UNION ALL), which is read instead of them");
  }

  @Test
  void eightDigitsThatAreNoDateMakeNoShard() {
    Catalog catalog =
        Catalog.of(
            EURUSD,
            features(table("agg_eurusd_20241301", "a"), table("agg_eurusd_20241302", "a")),
            TARGETS,
            "*");

    assertThat(catalog.groups())
        .extracting(FeatureGroup::name)
        .containsExactly("agg_20241301", "agg_20241302");
  }

  @Test
  void twoGroupsOfOneNameAreBothNamed() {
    assertProblem(
        features(table("agg_bqx_eurusd", "a"), table("AGG_bqx_eurusd_eurusd", "b")),
        TARGETS,
        "Cannot use two groups named agg_bqx: features.AGG_bqx_eurusd_eurusd and"
            + " features.agg_bqx_eurusd have the same name without the pair");
  }

  @Test
  void twoFeaturesOfOneNameAreBothNamed() {
    assertProblem(
        features(table("agg_eurusd", "x__Y"), table("agg__x_eurusd", "y")),
        TARGETS,
        "Cannot use two columns named agg__x__y: features.agg_eurusd.x__Y and"
            + " features.agg__x_eurusd.y");
  }

  @Test
  void aFeatureMustNotBeCalledLikeATarget() {
    Table targets =
        new Table("analytics", "targets_eurusd", List.of(Tables.KEY, column("agg__a")), null);
    assertProblem(
        features(table("agg_eurusd", "a")),
        analytics(targets),
        "Cannot use two columns named agg__a: analytics.targets_eurusd.agg__a and"
            + " features.agg_eurusd.a");
  }

  @Test
  void aTableWithoutFeaturesIsAnError() {
    assertProblem(
        features(table("agg_eurusd")),
        TARGETS,
        "Cannot use table features.agg_eurusd: it has no columns besides interval_time and pair");
  }

  @Test
  void aTypeThatCannotBeAFeatureIsNamed() {
    Table odd =
        new Table(
            "features",
            "agg_eurusd",
            List.of(Tables.KEY, column("a"), new Column("weights", "DOUBLE[]", null)),
            null);
    assertProblem(
        features(odd),
        TARGETS,
        "Cannot use column features.agg_eurusd.weights: unsupported feature type (DOUBLE[]); leave out such columns with --onUnsupportedType=skip");
  }

  @Test
  void namesMustBeIdentifiers() {
    assertProblem(
        features(table("agg-x_eurusd", "a b"), table("eurusd", "a"), table("45_eurusd", "a")),
        TARGETS,
        "Cannot name the group of table features.eurusd: its name without the pair is not a valid name ()",
        "Cannot use table features.45_eurusd: its name is not letters, digits and underscores; make a view with another name",
        "Cannot use table features.agg-x_eurusd: its name is not letters, digits and underscores; make a view with another name",
        "Cannot use column features.agg-x_eurusd.a b: its name is not letters, digits and"
            + " underscores; make a view that renames it");
  }

  @Test
  void noGroupsAtAllIsAnError() {
    assertProblem(
        features(),
        TARGETS,
        "Cannot find feature groups of eurusd in features: none of its 0 tables belongs to the pair");
    assertProblem(
        features(table("agg_gbpusd", "a"), table("tmp_x", "a")),
        TARGETS,
        "Cannot find feature groups of eurusd in features: none of its 2 tables belongs to the pair"
            + " (1 temporary, 1 of other pairs)");
  }

  @Test
  void aGlobThatMatchesNothingIsAnError() {
    assertThatThrownBy(
            () -> Catalog.of(EURUSD, features(table("agg_eurusd", "a")), TARGETS, "nope*"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot find feature groups of eurusd in features: the glob matches none (nope*)");
    assertThatThrownBy(() -> Catalog.of(EURUSD, features(), TARGETS, "a["))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read the glob of groups: ")
        .hasMessageEndingWith(" (a[)");
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertProblem(
        features(
            new Table("features", "agg_eurusd", List.of(column("a")), null),
            new Table(
                "features",
                "reg_eurusd",
                List.of(Tables.KEY, new Column("s", "STRUCT(a INTEGER)", null)),
                null)),
        analytics(),
        "Cannot find the targets of eurusd: no table analytics.targets_eurusd"
            + " (and no similar name among 0)",
        "Cannot join table features.agg_eurusd: it has no key column interval_time; make a view that has one",
        "Cannot use column features.reg_eurusd.s: unsupported feature type"
            + " (STRUCT(a INTEGER)); leave out such columns with --onUnsupportedType=skip");
  }

  @Test
  void beyondAScreenfulProblemsAreCounted() {
    List<Table> keyless = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      keyless.add(new Table("features", "agg" + i + "_eurusd", List.of(column("a")), null));
    }

    assertThatThrownBy(() -> Catalog.of(EURUSD, new Dataset("features", keyless), TARGETS, "*"))
        .satisfies(
            e -> assertThat(e.getMessage().lines()).hasSize(21).last().isEqualTo("and 40 more"));
  }

  private static void assertProblem(Dataset features, Dataset analytics, String... lines) {
    assertThatThrownBy(() -> Catalog.of(EURUSD, features, analytics, "*"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(String.join("\n", lines));
  }
}
