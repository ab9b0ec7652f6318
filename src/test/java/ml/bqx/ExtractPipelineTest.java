package ml.bqx;

import static ml.bqx.Duck.parquet;
import static ml.bqx.Duck.values;
import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SampleSets.class)
class ExtractPipelineTest {
  private static final List<String> SHARDS =
      List.of("-00000-of-00003", "-00001-of-00003", "-00002-of-00003");

  private static SampleSets.Sets sets;
  private static Duck duck;
  private static Expectation expected;

  @TempDir Path directory;

  @BeforeAll
  static void attach(SampleSets.Sets shared) throws Exception {
    sets = shared;
    duck = Duck.inMemory().attach(sets.warehouse());
    expected = Expectation.of(duck);
  }

  @AfterAll
  static void detach() throws Exception {
    duck.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"aligned", "sharded"})
  void itWritesTheseFilesAndNoOthers(String layout) {
    List<String> files = new ArrayList<>(List.of("_manifest.json", "_statistics.parquet"));
    for (String table : allTables()) {
      files.add("_commits/" + name(table) + ".json");
      SHARDS.forEach(shard -> files.add("checkpoint_" + name(table) + shard + ".parquet"));
    }

    assertThat(filesBelow(set(layout).directory())).containsExactlyInAnyOrderElementsOf(files);
    assertThat(filesBelow(set(layout).root())).hasSameSizeAs(files);
  }

  @Test
  void rowGroupsOfAnAlignedCheckpointAreExact() throws Exception {
    for (String table : allTables()) {
      assertThat(
              duck.texts(
                  """
                  SELECT file_name[-22:] || ' ' || row_group_id || ' ' || row_group_num_rows
                  FROM parquet_metadata('%s')
                  GROUP BY ALL ORDER BY ALL\
                  """
                      .formatted(files(sets.aligned(), table))))
          .as(table)
          .containsExactly(
              "00000-of-00003.parquet 0 512",
              "00000-of-00003.parquet 1 512",
              "00001-of-00003.parquet 0 512",
              "00001-of-00003.parquet 1 512",
              "00002-of-00003.parquet 0 452");
    }
  }

  @Test
  void anAlignedCheckpointIsTheLeftJoinOfTheSpineWithItsTable() throws Exception {
    for (String table : allTables()) {
      Path files = files(sets.aligned(), table);

      duck.assertSame(values(files), expected.aligned(table));
      assertThat(duck.rowsOutOfOrder(parquet(files), "filename, file_row_number"))
          .as("rows of %s that are not after the row before", table)
          .isZero();
    }
  }

  @Test
  void aShardedCheckpointHasTheRowsOfItsTableThatAreInTheSpine() throws Exception {
    for (String table : allTables()) {
      duck.assertSame(values(files(sets.sharded(), table)), expected.sharded(table));
    }
  }

  @Test
  void theSummaryTellsWhatWasDone() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());

    Outcome outcome = place.extract("--groups=*regime*");

    assertThat(outcome.out()).startsWith("extracted eurusd\n");
    assertThat(outcome.summary("rows"))
        .isEqualTo("2,500, from 2024-01-01T00:00:00Z to 2024-01-02T17:39:00Z");
    assertThat(outcome.summary("features")).isEqualTo("27");
    assertThat(outcome.summary("targets")).isEqualTo("7");
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("6");
    assertThat(outcome.summary("checkpoints kept")).isEqualTo("0");
    assertThat(outcome.summary("rows filled with nulls")).matches("2\\d\\d in 1 checkpoints");
    assertThat(outcome.summary("rows dropped"))
        .isEqualTo("0 not in the spine, 0 without timestamp, 0 duplicates, 105 incomplete targets");
    assertThat(outcome.summary("files")).isEqualTo("18");
    assertThat(outcome.summary("path")).isEqualTo(place.directory().toString());
    assertThat(outcome.err())
        .contains("eurusd: 5 feature groups with 27 features, 7 targets; left out:")
        .contains("extract: 6 of 6 checkpoints (100 %)");
    assertThat(place.readManifest().get("checkpoints").findValuesAsText("group"))
        .containsExactly(
            "targets", "mkt_regime", "regime_45", "regime_90", "regime_bqx_45", "regime_bqx_90");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "2024-01-01, 2024-01-01, 1440, 2024-01-01T00:00:00Z, 2024-01-01T23:59:00Z",
        "2024-01-02, -, 1060, 2024-01-02T00:00:00Z, 2024-01-02T17:39:00Z",
        "-, 2024-01-02, 2500, 2024-01-01T00:00:00Z, 2024-01-02T17:39:00Z",
      })
  void theDateRangeCutsTheSpine(String start, String end, int rows, String first, String last)
      throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    List<String> args = new ArrayList<>(List.of("--groups={mkt_sentiment,csi_*}"));
    if (start != null) {
      args.add("--startDate=" + start);
    }

    if (end != null) {
      args.add("--endDate=" + end);
    }

    assertDone(place.extract(args.toArray(String[]::new)));

    JsonNode spine = place.readManifest().get("spine");
    assertThat(spine.get("rows").asInt()).isEqualTo(rows);
    assertThat(spine.get("first").asText()).isEqualTo(first);
    assertThat(spine.get("last").asText()).isEqualTo(last);
    Expectation cut =
        expected.withRows("interval_time BETWEEN '%s' AND '%s'".formatted(first, last));
    for (String table : List.of(Expectation.TARGETS, "mkt_sentiment", "csi_agg_aud")) {
      duck.assertSame(values(files(place, table)), cut.aligned(table));
    }
  }

  @Test
  void theLimitTakesTheFirstRows() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());

    assertDone(place.extract("--limit=700", "--groups=mkt_sentiment"));

    assertThat(filesBelow(place.directory()))
        .containsExactly(
            "_commits/mkt_sentiment.json",
            "_commits/targets.json",
            "_manifest.json",
            "_statistics.parquet",
            "checkpoint_mkt_sentiment.parquet",
            "checkpoint_targets.parquet");
    duck.assertSame(
        values(place.directory().resolve("checkpoint_mkt_sentiment.parquet")),
        expected.withLimit(700).aligned("mkt_sentiment"));
  }

  @ParameterizedTest
  @CsvSource({"zstd, aligned, ZSTD", "none, aligned, UNCOMPRESSED", "zstd, sharded, ZSTD"})
  void compressionIsAsAskedFor(String compression, String layout, String codec) throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());

    assertDone(
        place.extract("--groups=regime_45", "--compression=" + compression, "--layout=" + layout));

    assertThat(
            duck.texts(
                "SELECT DISTINCT compression FROM parquet_metadata('%s')"
                    .formatted(files(place, "regime_eurusd_45"))))
        .containsExactly(codec);
    duck.assertSame(values(files(place, "regime_eurusd_45")), expected.aligned("regime_eurusd_45"));
  }

  @Test
  void theUsersLocaleShowsNowhere() {
    Workplace place = new Workplace(directory, sets.warehouse());
    Locale before = Locale.getDefault();
    try {
      // Has digits of its own.
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));

      Outcome outcome = place.extract("--groups=cyc_bqx");

      assertDone(outcome);
      assertThat(outcome.summary("rows")).startsWith("2,500, from");
    } finally {
      Locale.setDefault(before);
    }

    assertThat(filesBelow(place.directory()))
        .contains("checkpoint_cyc_bqx_eurusd-00002-of-00003.parquet");
  }

  @Test
  void theMainMethodReturnsWhenAllIsWell() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    try (Console console = new Console()) {
      ExtractPipeline.main(place.extractArgs("--groups=cyc_bqx", "--shardRows=4096"));

      assertThat(console.out()).startsWith("extracted eurusd\n");
    }

    duck.assertSame(
        values(place.directory().resolve("checkpoint_cyc_bqx_eurusd.parquet")),
        expected.aligned("cyc_bqx_eurusd"));
  }

  private static Workplace set(String layout) {
    return layout.equals("aligned") ? sets.aligned() : sets.sharded();
  }

  /** The targets first, as in the manifest. */
  private static List<String> allTables() {
    List<String> tables = new ArrayList<>(List.of(Expectation.TARGETS));
    tables.addAll(SampleSets.FEATURE_TABLES);

    return tables;
  }

  private static String name(String table) {
    return table.equals(Expectation.TARGETS) ? "targets" : table;
  }

  private static Path files(Workplace place, String table) {
    return place.directory().resolve("checkpoint_" + name(table) + "-0*.parquet");
  }
}
