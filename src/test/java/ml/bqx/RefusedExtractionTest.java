package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Pair;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An extraction that cannot be done ends with one clear error and commits nothing that is wrong.
 */
@ExtendWith(SampleSets.class)
class RefusedExtractionTest {
  private static final String FEATURES = "bqx_ml_v3_features_v2";

  private static SampleSets.Sets sets;

  @TempDir Path directory;

  @BeforeAll
  static void share(SampleSets.Sets shared) {
    sets = shared;
  }

  @Test
  void aPairThatDoesNotExist() {
    assertRefused(
        untouched().extract("--pair=eurusx"),
        """
        error: --pair=eurusx: Cannot use pair eurusx: did you mean eurusd?
               --help explains all options\
        """);
  }

  @Test
  void aPairThatTheWarehouseDoesNotHave() {
    assertRefused(
        untouched().extract("--pair=gbpjpy"),
        """
        error: Cannot find the targets of gbpjpy: no table bqx_ml_v3_analytics_v2.targets_gbpjpy (there is targets_audcad, targets_eurusd)\
        """);
  }

  @Test
  void aWarehouseThatDoesNotExist() {
    Path nowhere = directory.resolve("nowhere.duckdb");

    assertRefused(
        new Workplace(directory, nowhere).extract(),
        "error: Cannot open the warehouse: no such file (" + nowhere + ")");
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void aWarehouseThatIsSomethingElse() throws Exception {
    Path text = Files.writeString(directory.resolve("prices.csv"), "time,price\n".repeat(999));

    Outcome outcome = new Workplace(directory, text).extract();

    assertRefused(outcome);
    assertThat(outcome.error())
        .startsWith("error: Cannot open the warehouse: ")
        .endsWith("(" + text + ")")
        .hasLineCount(1);
  }

  @Test
  void noTargetsTable() throws Exception {
    assertRefused(
        changed("DROP TABLE bqx_ml_v3_analytics_v2.targets_eurusd").extract(),
        "error: Cannot find the targets of eurusd: no table bqx_ml_v3_analytics_v2.targets_eurusd"
            + " (there is targets_audcad)");
  }

  @Test
  void noTargetRowInTheDateRange() {
    assertRefused(
        untouched().extract("--startDate=2030-01-01"),
        "error: Cannot make a spine: table bqx_ml_v3_analytics_v2.targets_eurusd has 0 rows in the"
            + " date range, none with all 7 targets");
  }

  @Test
  void noGroupThatTheGlobMatches() {
    assertRefused(
        untouched().extract("--groups=nothing_*"),
        "error: Cannot find feature groups of eurusd in bqx_ml_v3_features_v2: the glob matches"
            + " none (nothing_*)");
  }

  @Test
  void aCheckpointsDirectoryThatCannotBeMade() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");

    Outcome outcome = untouched().extract("--checkpoints=" + file.resolve("below"));

    assertRefused(outcome);
    assertThat(outcome.error())
        .startsWith("error: Cannot write to " + file.resolve("below/eurusd") + ": ")
        .hasLineCount(1);
    assertThat(file).hasContent("in the way");
  }

  @Test
  void optionsAreToldAllAtOnce() {
    assertRefused(
        Outcome.of(
            ExtractPipeline::run,
            "--pair=usdeur",
            "--warehouse=postgres:x",
            "--startDate=2024-02-30",
            "--limit=-1",
            "--layout=diagonal",
            "--rowGroupRows=0",
            "--grups=x"),
        """
        error: --layout=diagonal: not one of aligned, sharded
               --grups: no such option; did you mean --groups?
               --pair=usdeur: Cannot use pair usdeur: did you mean eurusd?
               --warehouse=postgres:x: not a warehouse (expected bigquery or duckdb:FILE)
               --startDate=2024-02-30: not a date (expected yyyy-mm-dd)
               --checkpoints is required (expected a directory or gs://bucket/folder)
               --limit=-1: cannot be negative
               --rowGroupRows=0: out of range (expected 1 to 1048576)
               --help explains all options\
        """);
  }

  /** The defects that no extraction takes, as the program that makes the sample tells them. */
  @ParameterizedTest
  @EnumSource(
      value = SampleDefect.class,
      names = {"REPEATED_TIMESTAMPS", "CLASHING_NAMES", "MISSING_KEY", "ODD_TYPE"})
  void aDefectOfTheSample(SampleDefect defect) {
    Sample sample =
        Samples.of(directory.resolve("w.duckdb"), Pair.of(Workplace.PAIR), 40)
            .withTables("mom_*")
            .withDefects(defect)
            .create();
    String table = FEATURES + "." + sample.defects().get(defect);
    Workplace place = new Workplace(directory, sample.file());

    Outcome outcome = place.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(place.manifest()).doesNotExist();
    switch (defect) {
      case REPEATED_TIMESTAMPS ->
          assertThat(outcome.error())
              .isEqualTo(
                  """
                  error: Cannot complete the extraction: 1 of 4 checkpoints are missing; the others are kept, run again after fixing this
                         Cannot extract table %s: 2 rows repeat the timestamp of another row, the first at 2024-01-01T00:00:00Z; remove them, or keep the first or last row of each timestamp with --onDuplicate=first or --onDuplicate=last\
                  """
                      .formatted(table));
      case MISSING_KEY ->
          assertThat(outcome.error())
              .isEqualTo(
                  "error: Cannot join table %s: it has no key column interval_time; make a view that has one"
                      .formatted(table));
      case CLASHING_NAMES ->
          assertThat(outcome.error())
              .isEqualTo(
                  "error: Cannot use two groups named mom: %2$s and %1$s.mom_eurusd have the same name without the pair"
                      .formatted(FEATURES, table));
      case ODD_TYPE ->
          assertThat(outcome.error())
              .isEqualTo(
                  "error: Cannot use column %s.weights: unsupported feature type (DOUBLE[]); leave out such columns with --onUnsupportedType=skip"
                      .formatted(table));
      default -> throw new AssertionError(defect);
    }
  }

  @Test
  void aCheckpointThatIsTooSmall() {
    Workplace place = untouched();

    Outcome outcome = place.extract("--groups={cyc_bqx,agg_idx}", "--minCheckpointBytes=20000");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .matches(
            "(?s)error: Cannot complete the extraction: 1 of 3 checkpoints are missing; .*\n *"
                + "Cannot commit table bqx_ml_v3_features_v2.cyc_bqx_eurusd: its checkpoint has"
                + " [\\d,]+ bytes, --minCheckpointBytes=20000 requires more");
    assertThat(filesBelow(place.directory()))
        .noneMatch(file -> file.contains("cyc_bqx") || file.contains("_manifest"));
  }

  @Test
  void allGroupsThatFailAreListedAndAllOthersCommitted() throws Exception {
    Workplace place =
        changed(
            "INSERT INTO %1$s.mkt_regime SELECT * FROM %1$s.mkt_regime LIMIT 12"
                .formatted(FEATURES),
            "UPDATE %s.regime_eurusd_90 SET interval_time = 'infinity' WHERE rowid = 7"
                .formatted(FEATURES),
            "INSERT INTO %1$s.csi_agg_aud SELECT * FROM %1$s.csi_agg_aud".formatted(FEATURES));

    Outcome outcome = place.extract();

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .isEqualTo(
            """
            error: Cannot complete the extraction: 3 of 16 checkpoints are missing; the others are kept, run again after fixing this
                   Cannot extract table %1$s.csi_agg_aud: 1,024 rows repeat the timestamp of another row, the first at 2024-01-01T00:00:00Z; remove them, or keep the first or last row of each timestamp with --onDuplicate=first or --onDuplicate=last
                   Cannot extract table %1$s.mkt_regime: 12 rows repeat the timestamp of another row, the first at 2024-01-01T00:00:00Z; remove them, or keep the first or last row of each timestamp with --onDuplicate=first or --onDuplicate=last
                   Cannot read column %1$s.regime_eurusd_90.interval_time: it has infinite times (1)\
            """
                .formatted(FEATURES));
    List<String> kept = new ArrayList<>(SampleSets.FEATURE_TABLES);
    kept.removeAll(List.of("mkt_regime", "regime_eurusd_90", "csi_agg_aud"));
    kept.add("targets");
    assertThat(filesBelow(place.directory().resolve("_commits")))
        .containsExactlyInAnyOrderElementsOf(kept.stream().map(name -> name + ".json").toList());
    assertThat(filesBelow(place.directory())).hasSize(4 * kept.size());

    assertDone(place.extract("--onDuplicate=first", "--groups={mkt_regime,csi_agg_aud}"));
    assertThat(Files.readString(place.manifest()))
        .contains("\"duplicates\" : 12,", "\"duplicates\" : 2500,");
  }

  private Workplace untouched() {
    return new Workplace(directory, sets.warehouse());
  }

  /** A copy of the sample, changed by SQL. */
  private Workplace changed(String... statements) throws Exception {
    Path copy = Files.copy(sets.warehouse(), directory.resolve("changed.duckdb"));
    try (Duck duck = Duck.of(copy)) {
      for (String statement : statements) {
        duck.run(statement);
      }
    }

    return new Workplace(directory, copy);
  }

  private void assertRefused(Outcome outcome, String error) {
    assertThat(outcome.error()).isEqualTo(error);
    assertRefused(outcome);
  }

  private void assertRefused(Outcome outcome) {
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(filesBelow(directory.resolve("checkpoints"))).isEmpty();
  }
}
