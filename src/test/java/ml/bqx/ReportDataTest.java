package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleDefect;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report finds each defect that was planted, and nothing in the data without them. */
class ReportDataTest {
  /** So many that chance is not taken for a change. */
  private static final int MINUTES = 5_000;

  private static final String TABLES = "{agg_*,regime_*,mkt_*,corr_ibkr_*_ewa,mom_*}";

  /** What each defect is found as. */
  private static final Map<SampleDefect, String> EXPECTED =
      Map.of(
          SampleDefect.GAP_DAY, "GAP",
          SampleDefect.SHRUNK_TABLE, "ENDS",
          SampleDefect.CONSTANT_SINCE, "CONSTANT_SINCE",
          SampleDefect.LEVEL_SHIFT, "SHIFT",
          SampleDefect.CHANGED_UNIT, "SCALE",
          SampleDefect.NAN_VALUES, "NOT_FINITE",
          SampleDefect.DUPLICATE_FEATURE, "DUPLICATE",
          SampleDefect.SHIFTED_TARGET, "LEAK",
          SampleDefect.EMPTY_TABLE, "NO_VALUES");

  @TempDir static Path root;

  private static Workplace clean;
  private static Workplace defective;
  private static Sample sample;

  @BeforeAll
  static void extract() {
    PlantedSamples planted = PlantedSamples.extract(root, MINUTES, TABLES, EXPECTED.keySet());
    clean = planted.clean();
    defective = planted.defective();
    sample = planted.sample();
  }

  @Test
  void nothingIsFoundInTheCleanSample() throws Exception {
    Outcome outcome = report(clean);

    assertDone(outcome);
    assertThat(json(clean).get("findings")).isEmpty();
    assertThat(outcome.out()).containsPattern("findings +0\n");
  }

  @Test
  void eachPlantedDefectIsFound() throws Exception {
    assertDone(report(defective));

    Map<String, String> found = new TreeMap<>();
    for (JsonNode finding : json(defective).get("findings")) {
      String group = finding.get("subject").asText().replaceFirst("__.*", "");
      if (!finding.get("check").asText().equals("NULLS")) {
        found.merge(group, finding.get("check").asText(), (one, other) -> one + " " + other);
      }
    }

    Map<String, String> planted = new TreeMap<>();
    sample
        .defects()
        .forEach((defect, table) -> planted.put(Expectation.group(table), EXPECTED.get(defect)));
    assertThat(found).isEqualTo(planted);
  }

  @Test
  void aLeakIsToldWithItsLag() throws Exception {
    assertDone(report(defective));

    assertThat(json(defective).at("/findings/0/check").asText()).isEqualTo("LEAK");
    assertThat(json(defective).at("/findings/0/evidence").asText())
        .startsWith("correlation 1.0000 with target_bqx45_h15 of 7 rows before")
        .endsWith("which is known 8 rows later");
  }

  @Test
  void thePageIsWholeAndSmallAndNeedsNoNetwork() throws Exception {
    assertDone(report(defective));
    Path page = defective.output().resolve("report_eurusd.html");
    String html = Files.readString(page);

    assertThat(Files.size(page)).isLessThan(2_000_000);
    assertThat(html).doesNotContain("/*DATA*/", "/*ECHARTS*/", "/*STYLE*/", "/*SCRIPTS*/");
    assertThat(html.split("<script>", 2)[0]).doesNotContain("<link", "<img", "http:", "https:");
    assertThat(html).doesNotContain("<script src", "<link ");
    sample.defects().values().forEach(table -> assertThat(html).contains(Expectation.group(table)));
  }

  @Test
  void theJsonTellsOfRunSizesAndLineage() throws Exception {
    assertDone(clean.merge("--mergeMethod=stream"));
    assertDone(report(clean));
    JsonNode json = json(clean);

    assertThat(json.get("bytes").asLong()).isGreaterThan(100_000);
    assertThat(json.get("groups")).hasSameSizeAs(json.get("timings"));
    for (JsonNode group : json.get("groups")) {
      assertThat(group.get("source").asText()).startsWith("bqx_ml_v3_");
      assertThat(group.get("coverage")).hasSize(json.get("buckets").asInt());
      assertThat(group.get("bytes").asLong()).isPositive();
    }

    for (JsonNode timing : json.get("timings")) {
      assertThat(Instant.parse(timing.get("began").asText()))
          .isBefore(Instant.parse(timing.get("ended").asText()));
    }

    assertThat(json.get("columns")).allMatch(row -> row.size() == json.get("columnFields").size());
    assertThat(json.get("steps"))
        .extracting(step -> step.get("name").asText())
        .containsExactly("merge by stream", "report: statistics", "report: checks");
  }

  @Test
  void aTrainingFileGivesTheSameFindings() throws Exception {
    assertDone(report(defective));
    TreeSet<String> expected = findings(defective);
    assertDone(defective.merge("--mergeMethod=stream"));

    assertDone(Outcome.of(ReportData::run, "--pair=eurusd", "--output=" + defective.output()));

    assertThat(findings(defective)).isEqualTo(expected);
  }

  @Test
  void leaksAreLookedForAmongTheRowsToTrainOn() throws Exception {
    assertDone(report(defective));
    String leak =
        findings(defective).stream()
            .filter(found -> found.startsWith("LEAK "))
            .map(found -> found.substring("LEAK ".length()))
            .findFirst()
            .orElseThrow();
    Workplace late = new Workplace(root.resolve("late"), root.resolve("late.duckdb"));
    Files.copy(defective.warehouse(), late.warehouse());
    try (Duck duck = Duck.of(late.warehouse())) {
      duck.run(
          "UPDATE bqx_ml_v3_features_v2.%s SET %s = random() WHERE interval_time < '2024-01-02 00:10:00+00'"
              .formatted(
                  sample.defects().get(SampleDefect.SHIFTED_TARGET),
                  Duck.quoted(leak.replaceFirst(".*__", ""))));
    }

    assertDone(late.extract(PlantedSamples.SHARDS));
    assertDone(late.merge("--mergeMethod=stream"));
    assertDone(Outcome.of(ReportData::run, "--pair=eurusd", "--output=" + late.output()));
    assertThat(findings(late)).contains("LEAK " + leak);

    assertDone(late.merge("--mergeMethod=stream", "--split=train:0.28,valid:0.72"));
    assertDone(Outcome.of(ReportData::run, "--pair=eurusd", "--output=" + late.output()));
    assertThat(findings(late)).doesNotContain("LEAK " + leak);
  }

  @Test
  void theBaselineShowsWhatMoved() throws Exception {
    assertDone(report(defective, "--baseline=" + clean.directory()));

    String shifted = Expectation.group(sample.defects().get(SampleDefect.LEVEL_SHIFT));
    assertThat(json(defective).at("/difference/changed").toString()).contains(shifted);
    assertThat(findings(defective)).anyMatch(found -> found.startsWith("DRIFT " + shifted));
  }

  @Test
  void findingsCanBeAnError() {
    Outcome outcome = report(defective, "--failOnFindings=true");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error()).startsWith("error: The data of eurusd has ");
    assertThat(report(clean, "--failOnFindings=true").code()).isZero();
  }

  private static TreeSet<String> findings(Workplace place) throws Exception {
    TreeSet<String> findings = new TreeSet<>();
    for (JsonNode finding : json(place).get("findings")) {
      findings.add(finding.get("check").asText() + " " + finding.get("subject").asText());
    }

    return findings;
  }

  private static JsonNode json(Workplace place) throws Exception {
    return new ObjectMapper().readTree(place.output().resolve("report_eurusd.json").toFile());
  }

  private static Outcome report(Workplace place, String... more) {
    String[] args = Arrays.copyOf(more, more.length + 3);
    args[more.length] = "--pair=eurusd";
    args[more.length + 1] = "--checkpoints=" + place.checkpoints();
    args[more.length + 2] = "--output=" + place.output();

    return Outcome.of(ReportData::run, args);
  }
}
