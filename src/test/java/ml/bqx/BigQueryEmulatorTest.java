package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import ml.bqx.catalog.Pair;
import ml.bqx.doubles.EmulatedWarehouse;
import ml.bqx.doubles.Emulators;
import ml.bqx.options.MergeMethod;
import ml.bqx.sample.SampleWarehouse;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From BigQuery to a training file on Cloud Storage, with the mains as they are and every byte over
 * a socket: the emulators' SQL says what must come out.
 */
@Tag("emulators")
class BigQueryEmulatorTest {
  private static final int MINUTES = 1_800;

  /** Of every category some; the sample adds tables that must not be picked up. */
  private static final String TABLES =
      "{agg_*,regime_*,cyc_*,mkt_*,corr_ibkr_*_e*,tri_agg_bqx_aud_*,csi_agg_*,var_agg_*}";

  @TempDir static Path scratch;

  private static Duck duck;
  private static EmulatedWarehouse warehouse;
  private static List<String> tables;
  private static String bucket;
  private static Outcome extraction;

  @BeforeAll
  static void fillAndExtract() throws Exception {
    Path file = scratch.resolve("warehouse.duckdb");
    Samples.of(file, Pair.of(Workplace.PAIR), MINUTES).withTables(TABLES).create();
    try (Duck writer = Duck.of(file)) {
      addAllTypes(writer);
    }

    duck = Duck.inMemory().attach(file);
    tables =
        duck.texts(
            """
            SELECT table_name FROM duckdb_tables()
            WHERE database_name = 'warehouse' AND schema_name = '%s'
              AND regexp_matches(table_name, '(^|_)eurusd(_|$)|^(tri|mkt|var|csi)_')
              AND NOT regexp_matches(table_name, '^tmp_|_summary$')
            """
                .formatted(SampleWarehouse.FEATURES));
    warehouse = EmulatedWarehouse.of(file, scratch);
    bucket = Emulators.newBucket();
    extraction = extract(bucket);
  }

  /**
   * Each type but BIGNUMERIC, which the emulator lacks: nulls, gaps, and the values at its ends.
   */
  private static void addAllTypes(Duck writer) throws Exception {
    writer.run(
        """
        CREATE TABLE %s.types_eurusd AS
        SELECT interval_time,
          CASE i %% 7 WHEN 0 THEN NULL WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' WHEN 3 THEN -0.0
            WHEN 4 THEN 5e-324 ELSE i / 3 END::DOUBLE AS float64,
          CASE i %% 5 WHEN 0 THEN NULL WHEN 1 THEN 9223372036854775807
            WHEN 2 THEN -9223372036854775808 ELSE i END::BIGINT AS int64,
          CASE i %% 3 WHEN 0 THEN NULL ELSE i %% 3 = 1 END AS bool,
          CASE i %% 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'Zürich ' || i || ' 🦉' END AS string,
          CASE i %% 4 WHEN 0 THEN NULL WHEN 1 THEN ''::BLOB
            ELSE unhex('00ff80' || lpad(hex(i), 8, '0')) END AS bytes,
          CASE i %% 4 WHEN 0 THEN NULL
            WHEN 1 THEN '99999999999999999999999999999.999999999'::DECIMAL(38, 9)
            WHEN 2 THEN '-99999999999999999999999999999.999999999'::DECIMAL(38, 9)
            ELSE (i * 0.001)::DECIMAL(38, 9) END AS "numeric",
          CASE i %% 4 WHEN 0 THEN NULL WHEN 1 THEN '0001-01-01 00:00:00+00'
            WHEN 2 THEN '9999-12-31 23:59:59.999999+00'
            ELSE interval_time + INTERVAL 1 MICROSECOND END::TIMESTAMPTZ AS "timestamp",
          CASE i %% 4 WHEN 0 THEN NULL WHEN 1 THEN '0001-01-01' WHEN 2 THEN '9999-12-31'
            ELSE '1970-01-01'::DATE - i::INTEGER END::DATE AS date
        FROM (SELECT interval_time::TIMESTAMPTZ AS interval_time, row_number() OVER () AS i
          FROM %s.targets_eurusd)
        WHERE i %% 11 <> 0
        """
            .formatted(SampleWarehouse.FEATURES, SampleWarehouse.ANALYTICS));
  }

  @AfterAll
  static void detach() throws Exception {
    if (duck != null) {
      duck.close();
    }
  }

  private static Outcome extract(String bucket, String... more) {
    List<String> args = new ArrayList<>(warehouse.args());
    args.add("--checkpoints=" + bucket + "/checkpoints");
    return run(ExtractPipeline::run, args, more);
  }

  private static Outcome run(ToIntFunction<String[]> command, List<String> args, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    List<String> defaults = new ArrayList<>(Emulators.args());
    defaults.addAll(args);
    defaults.add("--pair=eurusd");
    defaults.add("--rowGroupRows=" + ROW_GROUP_ROWS);
    for (String option : defaults) {
      String start = option.substring(0, option.indexOf('=') + 1);
      if (all.stream().noneMatch(arg -> arg.startsWith(start))) {
        all.add(option);
      }
    }

    return Outcome.of(command, all.toArray(String[]::new));
  }

  private static Path merged(String from, MergeMethod method) throws Exception {
    Outcome outcome =
        run(
            MergePipeline::run,
            List.of("--checkpoints=" + from + "/checkpoints", "--output=" + from + "/training"),
            "--mergeMethod=" + method);
    assertDone(outcome);
    Path file = newFile();
    Emulators.download(from + "/training/training_eurusd.parquet", file);
    return file;
  }

  /** DuckDB remembers what it read under a name. */
  private static Path newFile() {
    return scratch.resolve(Emulators.unique("file-") + ".parquet");
  }

  private static String joined(List<String> tables, String rows) {
    Path file = newFile();
    warehouse.join(tables, rows, file);
    return Duck.values(file);
  }

  @Test
  void fortyTablesOfAllCategoriesAreExtractedAndNoOthers() {
    assertDone(extraction);
    assertThat(tables).hasSizeGreaterThanOrEqualTo(40);
    assertThat(tables).anyMatch(table -> table.startsWith("tri_"));
    assertThat(tables).anyMatch(table -> table.startsWith("mkt_"));
    assertThat(tables).anyMatch(table -> table.startsWith("csi_"));
    assertThat(tables).anyMatch(table -> table.startsWith("var_"));
    assertThat(tables).anyMatch(table -> table.contains("eurusd"));
    assertThat(extraction.summary("checkpoints extracted")).isEqualTo("" + (tables.size() + 1));
    assertThat(Emulators.objects(bucket))
        .contains("checkpoints/eurusd/_manifest.json", "checkpoints/eurusd/_statistics.parquet")
        .noneMatch(name -> name.contains("_temporary"))
        .filteredOn(name -> name.endsWith(".parquet") && name.contains("/checkpoint_"))
        .hasSize(tables.size() + 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = MergeMethod.class,
      names = {"BEAM", "STREAM", "COMPOSE"})
  void theTrainingFileIsWhatBigQueryAnswersForTheLeftJoin(MergeMethod method) throws Exception {
    assertDone(extraction);

    duck.assertTraining(merged(bucket, method), joined(tables, "TRUE"), ROW_GROUP_ROWS);
  }

  @Test
  void onlyTheRowsOfTheDatesAreRead() throws Exception {
    String other = Emulators.newBucket();

    assertDone(extract(other, "--groups=types", "--startDate=2024-01-01", "--endDate=2024-01-01"));

    String before = "s.interval_time < TIMESTAMP '2024-01-02 00:00:00+00:00'";
    duck.assertTraining(
        merged(other, MergeMethod.STREAM), joined(List.of("types_eurusd"), before), ROW_GROUP_ROWS);
  }

  @Test
  void aSecondExtractionReadsNothing() {
    String other = Emulators.newBucket();
    assertDone(extract(other, "--groups={types,mkt_*}"));
    assertThat(extract(other, "--groups={types,mkt_*}").summary("checkpoints extracted"))
        .isEqualTo("0");
  }

  @Test
  void aViewIsRefusedByName() {
    Emulators.query(
        "CREATE VIEW `%1$s`.view_eurusd AS SELECT interval_time, bool FROM `%1$s`.types_eurusd"
            .formatted(warehouse.features()));
    try {
      assertThat(extract(Emulators.newBucket(), "--groups=view").error())
          .isEqualTo(
              "error: Cannot read table %s.view_eurusd: it is a VIEW, which Storage Read cannot read; --materializeViews runs a query for it"
                  .formatted(warehouse.features()));
    } finally {
      Emulators.query("DROP VIEW `%s`.view_eurusd".formatted(warehouse.features()));
    }
  }

  @Test
  void columnsThatCannotBeFeaturesAreNamed() {
    Emulators.query(
        "CREATE TABLE `%1$s`.odd_eurusd AS SELECT interval_time, [1, 2] AS numbers, bool,"
                .formatted(warehouse.features())
            + " STRUCT(1 AS a) AS part FROM `%s`.types_eurusd".formatted(warehouse.features()));
    try {
      String other = Emulators.newBucket();
      assertThat(extract(other, "--groups=odd").error())
          .contains(
              "%s.odd_eurusd.numbers: unsupported feature type (ARRAY<INT64>); leave out such columns with --onUnsupportedType=skip"
                  .formatted(warehouse.features()),
              "%s.odd_eurusd.part: unsupported feature type (STRUCT<a INT64>); leave out such columns with --onUnsupportedType=skip"
                  .formatted(warehouse.features()));
      assertThat(Emulators.objects(other)).isEmpty();
    } finally {
      Emulators.query("DROP TABLE `%s`.odd_eurusd".formatted(warehouse.features()));
    }
  }

  @Test
  void validatingTellsWhatWouldBeReadAndChangesNothing() {
    String empty = Emulators.newBucket();

    Outcome outcome = extract(empty, "--validateOnly");

    assertDone(outcome);
    assertThat(outcome.out()).contains("types_eurusd");
    assertThat(Emulators.objects(empty)).isEmpty();
  }

  @Test
  void aBucketThatDoesNotExistIsNamed() {
    assertThat(extract("gs://nobody-has-it").error())
        .isEqualTo(
            "error: Cannot write to gs://nobody-has-it/checkpoints/eurusd: there is no bucket"
                + " nobody-has-it");
  }

  @Test
  void aDatasetThatDoesNotExistIsNamed() {
    assertThat(extract(Emulators.newBucket(), "--featuresDataset=nowhere").error())
        .startsWith("error: ")
        .contains("nowhere");
  }
}
