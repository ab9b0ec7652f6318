package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.quality.report.WidePage;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleDefect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The report as a person sees it: make test-report. */
@Tag("browser")
class ReportInBrowserTest {
  private static final int MINUTES = 5_000;

  /** Of every kind of table some; the full layout is as wide as a report gets. */
  private static final String TABLES = "{agg_*,regime_*,mkt_*,corr_ibkr_*_ewa,mom_*}";

  /** What each defect is found as. */
  private static final Map<SampleDefect, String> WORDS =
      Map.of(
          SampleDefect.GAP_DAY, "has a gap",
          SampleDefect.SHRUNK_TABLE, "begins late or ends early",
          SampleDefect.CONSTANT_SINCE, "became constant",
          SampleDefect.LEVEL_SHIFT, "jumps",
          SampleDefect.CHANGED_UNIT, "changes its scale",
          SampleDefect.NAN_VALUES, "has NaN or infinite values",
          SampleDefect.DUPLICATE_FEATURE, "is a duplicate",
          SampleDefect.SHIFTED_TARGET, "knows the future",
          SampleDefect.EMPTY_TABLE, "has no values");

  /** Milliseconds until a person can use the page. */
  private static final long MOST_TIME = 2_000;

  private static final long MOST_BYTES = 6_000_000;

  @TempDir static Path root;

  private static Browser browser;
  private static Workplace clean;
  private static Workplace defective;
  private static Sample sample;

  @BeforeAll
  static void report() {
    PlantedSamples planted = PlantedSamples.extract(root, MINUTES, TABLES, WORDS.keySet());
    clean = planted.clean();
    defective = planted.defective();
    sample = planted.sample();
    assertDone(report(clean));
    assertDone(report(defective, "--baseline=" + clean.directory()));
    browser = Browser.start();
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1400, 900, light",
    "1400, 900, dark",
    "390, 800, light",
    "390, 800, dark",
    "2400, 1200, light"
  })
  void everyChartIsDrawnAndNothingIsWrong(int width, int height, String scheme) {
    browser.show(width, height, scheme);
    for (Workplace place : List.of(clean, defective)) {
      open(place);

      assertThat(browser.problems()).isEmpty();
      assertEveryChartIsDrawn();
      assertThat(browser.run("return document.documentElement.scrollWidth"))
          .as("nothing is wider than the window")
          .isEqualTo((long) width);
    }
  }

  private static void assertEveryChartIsDrawn() {
    List<WebElement> charts = browser.elements(".chart");
    assertThat(charts).hasSizeGreaterThan(10);
    for (WebElement chart : charts) {
      if (chart.isDisplayed()) {
        Object painted =
            browser.run(
                "const c = arguments[0].querySelector('canvas'); const p ="
                    + " c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
                    + " for (let i = 3; i < p.length; i += 4) n += p[i] > 0; return n",
                chart);
        assertThat((Long) painted).as(chart.getAttribute("aria-label")).isGreaterThan(1_000);
        assertThat(chart.getAttribute("aria-label")).isNotBlank();
      }
    }
  }

  @Test
  void theCleanSamplePassesEveryCheck() {
    open(clean);

    assertThat(browser.elements("#check-table td.bad")).isEmpty();
    assertThat(texts("#check-table td.soft")).containsExactly("– not checked");
    assertThat(texts("#worst-table caption")).containsExactly("Nothing was found");
    assertThat(browser.elements("#worst-table tbody tr")).isEmpty();
  }

  @Test
  void eachPlantedDefectIsListedWithItsReason() {
    open(defective);

    sample
        .defects()
        .forEach(
            (defect, table) -> {
              select("#finding-kind", "");
              search("#finding-search", Expectation.group(table));
              assertThat(texts("#worst-table tbody tr"))
                  .as(defect + " in " + table)
                  .anyMatch(row -> row.contains(WORDS.get(defect)) && row.contains(table));
            });
    assertThat(texts("#check-table tbody tr"))
        .filteredOn(row -> row.startsWith("✗"))
        .extracting(row -> row.replaceAll("(?s)✗ look (.*?):.*", "$1"))
        .containsAll(Set.copyOf(WORDS.values()));
  }

  @Test
  void theBaselineIsBesideTheSet() {
    open(defective);

    String shifted = Expectation.group(sample.defects().get(SampleDefect.LEVEL_SHIFT));
    search("#drift-search", shifted);
    assertThat(texts("#drift-table tbody tr")).isNotEmpty();
    assertThat(texts("#sides-table tbody tr")).contains("rows 5,000 5,000");
  }

  @Test
  void theHeatMapIsFilteredByCategoryAndSearch() {
    open(clean);
    Object all = rows();

    select("#category", "regime");
    assertThat(browser.element("#group-count").getText()).isEqualTo("4 rows");
    search("#group-search", "bqx");
    assertThat(browser.element("#group-count").getText()).isEqualTo("2 rows");
    assertThat(rows()).isEqualTo(2L);

    search("#group-search", "no such");
    assertThat(browser.element("#group-count").getText()).isEqualTo("nothing of that name");
    assertThat(browser.problems()).isEmpty();
    search("#group-search", "");
    select("#category", "");
    assertThat(rows()).isEqualTo(all);
  }

  private static Object rows() {
    return browser.run("return charts[0].shown.getOption().yAxis[0].data.length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"button", "keyboard"})
  void theHeatMapZoomsInTime(String how) {
    open(clean);
    WebElement chart = browser.element("#coverage-chart");
    assertThat(shownTime()).isEqualTo(100);

    if (how.equals("button")) {
      browser.element("#coverage-zoom button[aria-label='Zoom in time']").click();
    } else {
      chart.sendKeys("]");
    }

    assertThat(shownTime()).isEqualTo(50);
    chart.sendKeys(Keys.ARROW_RIGHT);
    assertThat(((Number) browser.run("return charts[0].shown.getOption().dataZoom[1].end")))
        .extracting(Number::intValue)
        .isEqualTo(100);
    assertThat(browser.problems()).isEmpty();
  }

  private static int shownTime() {
    return ((Number)
            browser.run(
                "const z = charts[0].shown.getOption().dataZoom[1]; return z.end - z.start"))
        .intValue();
  }

  @Test
  void lineageIsFoundByFeatureAndColumnsAreSorted() {
    open(clean);
    search("#lineage-search", "regime_bqx_45__regime_label");
    assertThat(texts("#group-table tbody tr"))
        .singleElement()
        .asString()
        .contains("bqx_ml_v3_features_v2.regime_bqx_eurusd_45");

    browser.elements("#column-table th button").get(2).click();
    assertThat(browser.element("#column-table th[aria-sort]").getText()).startsWith("nulls");
    assertThat(browser.element("#column-table th[aria-sort]").getAttribute("aria-sort"))
        .isEqualTo("descending");
    assertThat(texts("#column-table tbody tr:first-child td:nth-child(3)"))
        .containsExactly(
            browser
                .run("return percent(Math.max(...columns.map(column => column.share)))")
                .toString());
  }

  @Test
  void theWidestLayoutIsSmallAndQuick() throws IOException {
    ObjectNode report =
        (ObjectNode)
            new ObjectMapper().readTree(clean.output().resolve("report_eurusd.json").toFile());
    Path page = root.resolve("wide.html");
    Files.writeString(page, WidePage.of(report, KnownLayout.FULL, Pair.of(Workplace.PAIR)));
    browser.show(1400, 900, "light");
    open(page);

    assertThat(Files.size(page)).isLessThan(MOST_BYTES);
    assertThat(browser.problems()).isEmpty();
    assertThat(texts("#figures dd")).contains("16,965");
    assertEveryChartIsDrawn();
    select("#category", "*");
    assertThat(browser.element("#group-count").getText()).isEqualTo("667 rows");
  }

  private static void select(String selector, String value) {
    browser.element("%s option[value='%s']".formatted(selector, value)).click();
  }

  private static void search(String selector, String text) {
    WebElement field = browser.element(selector);
    field.clear();
    field.sendKeys(text.isEmpty() ? " " + Keys.BACK_SPACE : text);
  }

  private static List<String> texts(String selector) {
    return browser.elements(selector).stream()
        .map(WebElement::getText)
        .map(text -> text.replace('\n', ' '))
        .toList();
  }

  private static void open(Workplace place) {
    open(page(place));
  }

  /** Opens a page; a machine that does other things too gets a second and a third chance. */
  private static void open(Path page) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3 && least >= MOST_TIME; i++) {
      browser.open(page);
      least = Math.min(least, Long.parseLong(browser.element("body").getAttribute("data-ready")));
    }

    assertThat(least).as("milliseconds until the page can be used").isLessThan(MOST_TIME);
  }

  private static Path page(Workplace place) {
    return place.output().resolve("report_eurusd.html");
  }

  private static Outcome report(Workplace place, String... more) {
    String[] args = Arrays.copyOf(more, more.length + 3);
    args[more.length] = "--pair=eurusd";
    args[more.length + 1] = "--checkpoints=" + place.checkpoints();
    args[more.length + 2] = "--output=" + place.output();

    return Outcome.of(ReportData::run, args);
  }
}
