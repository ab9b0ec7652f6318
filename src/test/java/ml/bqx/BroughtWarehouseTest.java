package ml.bqx;

import static ml.bqx.BroughtWarehouse.X;
import static ml.bqx.Duck.values;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Warehouses that are not made as the sample is: each is read, or refused with the reason. */
class BroughtWarehouseTest {
  private static final String ODD =
      """
      CREATE TABLE f.agg_eurusd AS SELECT minute(i) AS interval_time, i::DOUBLE AS x,
        (18446744073709551615 - i)::UBIGINT AS u, -170141183460469231731687303715884105727 + i AS h,
        i::BIGNUM AS n, ['low', 'high'][1 + i % 2]::ENUM('low', 'high') AS e,
        uuid() AS id, [i] AS l, {'a': i} AS s, TIME '12:00:00' AS c,
        (i / 7.0)::DECIMAL(38, 10) AS d, encode('b') AS b
      FROM range(60) r(i)\
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMPTZ", "DATETIME"})
  void keysCanBeTimestampsOfAnyUnit(String type) throws Exception {
    Workplace place =
        brought(
            """
            CREATE TABLE f.agg_eurusd AS SELECT
              minute(i)::%1$s AS "Interval_Time", 'eurusd' AS "Pair", i::DOUBLE AS x,
              minute(-i)::%1$s AS seen
            FROM range(-5, 70) r(i)\
            """
                .formatted(type));

    assertDone(extract(place, "--rowGroupRows=8", "--shardRows=16"));

    try (Duck duck = Duck.inMemory()) {
      duck.run("CREATE MACRO minute(i) AS TIMESTAMP '2024-01-01' + to_minutes(i)")
          .assertSame(
              values(place.directory().resolve("checkpoint_agg_eurusd-*.parquet")),
              """
              SELECT minute(i)::TIMESTAMPTZ AS interval_time, i::DOUBLE AS agg__x,
                minute(-i)::TIMESTAMPTZ AS agg__seen FROM range(60) r(i)\
              """);
    }

    assertMergedAndVerified(place);
  }

  @Test
  void timesBetweenTwoMicrosecondsAreRefused() throws Exception {
    Workplace place =
        brought(
            """
            CREATE TABLE f.agg_eurusd AS SELECT i::DOUBLE AS x,
              make_timestamp_ns(1704067200000000000 + i * 60000000000 + i // 58) AS interval_time
            FROM range(60) r(i)\
            """);

    assertThat(extract(place).error())
        .endsWith(
            "Cannot read column f.agg_eurusd.interval_time: it has times between two microseconds (2); make a view that rounds them, to TIMESTAMP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATE", "VARCHAR", "TIME"})
  void whatIsNoTimestampIsNoKey(String type) throws Exception {
    assertRefused(
        brought(
            "CREATE TABLE f.agg_eurusd AS SELECT minute(i)::%s AS interval_time, i FROM range(60) r(i)"
                .formatted(type)),
        "Cannot join table f.agg_eurusd: its key column interval_time is a %s, not a TIMESTAMP; make a view that converts it"
            .formatted(type));
  }

  @Test
  void columnsOfUnsupportedTypesAreAllNamed() throws Exception {
    assertRefused(
        brought(ODD),
        unsupported("u", "UBIGINT"),
        unsupported("h", "HUGEINT"),
        unsupported("n", "BIGNUM"),
        unsupported("id", "UUID"),
        unsupported("l", "BIGINT[]"),
        unsupported("s", "STRUCT(a BIGINT)"),
        unsupported("c", "TIME"));
  }

  @Test
  void columnsOfUnsupportedTypesAreLeftOutWhenAskedFor() throws Exception {
    Workplace place = brought(ODD);

    Outcome outcome = extract(place, "--onUnsupportedType=skip");

    assertDone(outcome);
    assertThat(outcome.summary("features")).isEqualTo("4");
    assertThat(outcome.summary("columns rounded to doubles")).isEqualTo("0");
    assertThat(outcome.err())
        .contains(
            "7 columns of unsupported types (f.agg_eurusd.c, f.agg_eurusd.h, f.agg_eurusd.id, f.agg_eurusd.l, f.agg_eurusd.n, f.agg_eurusd.s, f.agg_eurusd.u)");
    assertThat(skipped(place, "columns of unsupported types")).isEqualTo(7);
    assertThat(place.readManifest().has("columnsAsDouble")).isFalse();
    assertMergedAndVerified(place);
  }

  @Test
  void numbersOfUnsupportedTypesBecomeDoublesWhenAskedFor() throws Exception {
    Workplace place = brought(ODD);

    Outcome outcome = extract(place, "--onUnsupportedType=double");

    assertDone(outcome);
    assertThat(outcome.summary("features")).isEqualTo("7");
    assertThat(outcome.summary("columns rounded to doubles")).isEqualTo("3");
    assertThat(outcome.err())
        .contains(
            "4 columns of unsupported types (f.agg_eurusd.c, f.agg_eurusd.id, f.agg_eurusd.l, f.agg_eurusd.s)",
            "read as doubles: 3 columns (f.agg_eurusd.h, f.agg_eurusd.n, f.agg_eurusd.u)");
    assertThat(skipped(place, "columns of unsupported types")).isEqualTo(4);
    assertThat(place.readManifest().get("columnsAsDouble").asInt()).isEqualTo(3);
    try (Duck duck = Duck.inMemory()) {
      duck.assertSame(
          values(place.directory().resolve("checkpoint_agg_eurusd.parquet")),
          """
          SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_minutes(i) AS interval_time,
            i::DOUBLE AS agg__x, 18446744073709551616::DOUBLE AS agg__u,
            -170141183460469231731687303715884105728::DOUBLE AS agg__h, i::DOUBLE AS agg__n,
            ['low', 'high'][1 + i % 2] AS agg__e, (i / 7.0)::DECIMAL(38, 10) AS agg__d,
            encode('b') AS agg__b
          FROM range(60) r(i)\
          """);
    }

    assertMergedAndVerified(place);
  }

  @Test
  void aTableLeftWithoutColumnsIsCounted() throws Exception {
    Workplace place =
        brought(
            "CREATE TABLE f.agg_eurusd AS " + X,
            "CREATE TABLE f.var_odd AS SELECT minute(i) AS interval_time, [i] AS l FROM range(60) r(i)");

    Outcome outcome = extract(place, "--onUnsupportedType=skip");

    assertDone(outcome);
    assertThat(outcome.err()).contains("1 without columns of supported types (var_odd)");
    assertThat(skipped(place, "without columns of supported types")).isEqualTo(1);
    assertMergedAndVerified(place);
  }

  @Test
  void targetsNeedASupportedColumn() throws Exception {
    assertRefused(
        brought(
            "CREATE TABLE f.agg_eurusd AS " + X,
            "ALTER TABLE t.targets_eurusd ALTER y TYPE DOUBLE[] USING [y]"),
        List.of("--onUnsupportedType=double"),
        "Cannot use table t.targets_eurusd: all of its columns are of unsupported types (y DOUBLE[])");
  }

  @Test
  void shardsByDateAreNoGroupsOfTheirOwn() throws Exception {
    String half = "CREATE TABLE f.agg_eurusd_2024010%d AS " + X + " WHERE i %% 2 = %d";
    String[] shards = {half.formatted(1, 0), half.formatted(2, 1)};
    String message =
        "Cannot use agg_eurusd_20240101, agg_eurusd_20240102 each as a table of its own: they are shards of one table by date; make a view f.agg_eurusd of all their rows (UNION ALL), which is read instead of them";
    assertRefused(brought(shards), message);

    try (Duck duck = Duck.of(directory.resolve("brought.duckdb"))) {
      duck.run(
          "CREATE VIEW f.agg_eurusd AS FROM f.agg_eurusd_20240101 UNION ALL FROM f.agg_eurusd_20240102");
    }

    Workplace place = new Workplace(directory, directory.resolve("brought.duckdb"));
    Outcome outcome = extract(place);
    assertDone(outcome);
    assertThat(outcome.summary("features")).isEqualTo("1");
    assertThat(outcome.summary("rows filled with nulls")).isEqualTo("0 in 0 checkpoints");
    assertThat(skipped(place, "shards by date of other tables")).isEqualTo(2);
    assertMergedAndVerified(place);
  }

  @Test
  void oneTableOfADayIsAGroup() throws Exception {
    Workplace place = brought("CREATE TABLE f.agg_eurusd_20240101 AS " + X);

    assertDone(extract(place));
    assertThat(place.readManifest().findValuesAsText("group"))
        .containsExactly("targets", "agg_20240101");
  }

  /** What a view reads may be elsewhere, where nobody sees it change. */
  @Test
  void viewsAreReadAgainInEveryRun() throws Exception {
    Path csv = directory.resolve("x.csv");
    String write = "COPY (" + X.replace("i::DOUBLE", "i * %d") + ") TO '" + csv + "'";
    Workplace place =
        brought(
            write.formatted(1),
            "CREATE VIEW f.agg_eurusd AS FROM read_csv('%s', types = {'x': 'DOUBLE'})"
                .formatted(csv),
            "CREATE TABLE f.mkt_x AS " + X);
    assertDone(extract(place));
    try (Duck duck = Duck.inMemory()) {
      duck.run("CREATE MACRO minute(i) AS TIMESTAMP '2024-01-01' + to_minutes(i)")
          .run(write.formatted(3));
    }

    Outcome outcome = extract(place);

    assertDone(outcome);
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("1");
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("2");
    assertMergedAndVerified(place);
  }

  @Test
  void aViewWhoseTableIsGoneIsNamed() throws Exception {
    Workplace place =
        brought(
            "CREATE TABLE f.x AS " + X, "CREATE VIEW f.agg_eurusd AS FROM f.x", "DROP TABLE f.x");

    assertThat(extract(place).error())
        .endsWith(
            "Cannot read table f.agg_eurusd: Catalog Error: Table with name x does not exist!");
  }

  @Test
  void generatedColumnsAreReadLikeOthers() throws Exception {
    Workplace place =
        brought(
            "CREATE TABLE f.agg_eurusd (interval_time TIMESTAMP, x DOUBLE, twice DOUBLE AS (2 * x))",
            "INSERT INTO f.agg_eurusd " + X);

    assertDone(extract(place));
    assertThat(place.readManifest().findValuesAsText("name")).contains("agg__x", "agg__twice");
    assertMergedAndVerified(place);
  }

  @Test
  void namesThatCannotBeFeaturesAreNamed() throws Exception {
    String longName = "agg_" + "x".repeat(180) + "_eurusd";
    assertRefused(
        brought(
            "CREATE TABLE f.\"agg \"\"a\"\"_eurusd\" AS " + X,
            "CREATE TABLE f.\"größe_eurusd\" AS " + X,
            "CREATE TABLE f.%s AS %s".formatted(longName, X),
            "CREATE TABLE f.agg_eurusd AS " + X.replace("AS x", "AS \"x [%]\"")),
        "Cannot use column f.agg_eurusd.x [%]: its name is not letters, digits and underscores; make a view that renames it",
        "Cannot use table f.agg \"a\"_eurusd: its name is not letters, digits and underscores; make a view with another name",
        "Cannot use table f.%s: its name has 191 characters, and a file's name has room for 180 of them; make a view with a shorter name"
            .formatted(longName),
        "Cannot use table f.größe_eurusd: its name is not letters, digits and underscores; make a view with another name");
  }

  @Test
  void aNameThatJustFitsIsExtracted() throws Exception {
    String name = "agg_" + "x".repeat(169) + "_eurusd";
    assertThat(name).hasSize(180);
    Workplace place = brought("CREATE TABLE f.%s AS %s".formatted(name, X));

    assertDone(extract(place, "--rowGroupRows=8", "--shardRows=8"));
    assertMergedAndVerified(place);
  }

  @Test
  void tablesInOtherSchemasAreNotTakenButTheirSchemasNamed() throws Exception {
    Workplace place =
        brought("CREATE TABLE agg_eurusd AS " + X, "CREATE TABLE f.agg_eurusd AS " + X);

    assertThat(place.extract("--analyticsDataset=t").error())
        .isEqualTo(
            "error: Cannot find tables in schema bqx_ml_v3_features_v2: there are some in f, main, t; name the schemas of features and targets with --featuresDataset and --analyticsDataset (%s)"
                .formatted(place.warehouse()));
    assertDone(place.extract("--analyticsDataset=t", "--featuresDataset=main"));
    assertThat(place.readManifest().findValuesAsText("dataset")).containsExactly("t", "main");
  }

  private static String unsupported(String column, String type) {
    return "Cannot use column f.agg_eurusd.%s: unsupported feature type (%s); leave out such columns with --onUnsupportedType=skip"
        .formatted(column, type);
  }

  private Workplace brought(String... statements) throws Exception {
    return new Workplace(directory, BroughtWarehouse.make(directory, statements));
  }

  private static Outcome extract(Workplace place, String... more) {
    return BroughtWarehouse.extract(place, more);
  }

  private static void assertRefused(Workplace place, String... problems) {
    assertRefused(place, List.of(), problems);
  }

  private static void assertRefused(Workplace place, List<String> more, String... problems) {
    Outcome outcome = extract(place, more.toArray(String[]::new));

    List<String> lines = new ArrayList<>();
    outcome.error().lines().map(String::strip).forEach(lines::add);
    assertThat(outcome.code()).isEqualTo(1);
    lines.set(0, lines.get(0).replaceFirst("error: ", ""));
    assertThat(lines).containsExactly(problems);
    assertThat(Workplace.filesBelow(place.directory())).isEmpty();
  }

  private static int skipped(Workplace place, String reason) throws Exception {
    JsonNode skipped = place.readManifest().get("skippedTables");
    return skipped.path(reason).asInt();
  }

  private static void assertMergedAndVerified(Workplace place) {
    assertDone(place.merge("--mergeMethod=stream"));
    assertDone(BroughtWarehouse.verify(place));
  }
}
