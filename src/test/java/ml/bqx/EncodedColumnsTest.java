package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training files of numbers only, and with the pair as a column. */
@ExtendWith(SampleSets.class)
class EncodedColumnsTest {
  private static final String FEATURES = "--features={agg,regime,mkt,corr}_*";

  private static SampleSets.Sets sets;

  @TempDir Path directory;

  @BeforeAll
  static void share(SampleSets.Sets shared) {
    sets = shared;
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void allColumnsBecomeDoublesThatMeanTheSame(MergeMethod method) throws Exception {
    assertDone(merge("--mergeMethod=" + method, FEATURES, "--encode", "--pairColumn"));

    try (Duck duck = Duck.inMemory()) {
      Map<String, String> types = duck.columns("FROM '%s'".formatted(file()));
      assertThat(types.keySet()).startsWith("interval_time", "pair");
      types.remove("interval_time");
      assertThat(types.values()).containsOnly("DOUBLE");
      assertThat(
              duck.texts(
                  "SELECT DISTINCT \"regime_45__is_trending\"::VARCHAR AS v FROM '%s' WHERE v IS NOT NULL ORDER BY v"
                      .formatted(file())))
          .containsExactly("0.0", "1.0");
      assertThat(duck.texts("SELECT DISTINCT pair::VARCHAR FROM '%s'".formatted(file())))
          .containsExactly(place("eurusd") + ".0");
    }

    // DuckDB computes the same doubles from the warehouse by itself.
    assertDone(verify());
    assertDone(Outcome.of(CheckFiles::run, "--file=" + file()));
    JsonNode codes = card().get("codes").get("regime_45__regime_label");
    assertThat(codes).hasToString("[\"range\",\"trend_down\",\"trend_up\"]");
  }

  @Test
  void theOrderOfTheCodesIsThatOfTheFile() throws Exception {
    assertDone(merge("--mergeMethod=stream", "--features=regime_*", "--encode"));
    Path codes = directory.resolve("codes.json");
    JsonNode all = card().get("codes");
    Files.writeString(
        codes, all.toString().replace("[\"range\",\"trend_down\"", "[\"trend_down\",\"range\""));

    assertDone(
        merge("--mergeMethod=stream", "--features=regime_*", "--encode", "--codes=" + codes));
    assertDone(verify());

    assertThat(card().get("codes").get("regime_45__regime_label"))
        .hasToString("[\"trend_down\",\"range\",\"trend_up\"]");
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void otherColumnsThanNumbersCanBeLeftOut(MergeMethod method) throws Exception {
    Outcome outcome = merge("--mergeMethod=" + method, FEATURES, "--numericOnly");

    assertDone(outcome);
    assertThat(outcome.summary("left out")).contains("columns that are not numbers");
    try (Duck duck = Duck.inMemory()) {
      Map<String, String> types = duck.columns("FROM '%s'".formatted(file()));
      types.remove("interval_time");
      assertThat(types.values()).containsOnly("DOUBLE", "BIGINT");
    }

    assertThat(card().get("leftOut").get("columns that are not numbers").toString())
        .contains("regime_45__regime_label", "regime_45__is_trending");
    assertDone(verify());
  }

  @Test
  void thePairStaysATextWithoutEncoding() throws Exception {
    assertDone(merge("--mergeMethod=compose", "--features=agg_*", "--pairColumn"));

    try (Duck duck = Duck.inMemory()) {
      assertThat(duck.texts("SELECT DISTINCT pair FROM '%s'".formatted(file())))
          .containsExactly("eurusd");
    }

    assertThat(card().get("columns").get(1).get("role").asText()).isEqualTo("PAIR");
    assertDone(verify());
  }

  @Test
  void codesOfAnotherCardAreTaken() throws Exception {
    assertDone(merge("--mergeMethod=stream", "--features=regime_*", "--encode"));
    Path card = directory.resolve("first.json");
    Files.copy(directory.resolve("training_eurusd.json"), card);

    assertDone(merge("--mergeMethod=stream", "--features=regime_*", "--encode", "--codes=" + card));

    assertThat(card().get("codes"))
        .isEqualTo(new ObjectMapper().readTree(card.toFile()).get("codes"));
  }

  @Test
  void textsWithoutACodeAreRefused() throws Exception {
    Path codes = directory.resolve("codes.json");
    Files.writeString(codes, "{\"regime_45__regime_label\": [\"range\", \"other\"]}");
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"a\": [1]}");

    Outcome missing =
        merge("--mergeMethod=stream", "--features=regime_45__*", "--encode", "--codes=" + codes);
    Outcome noFile = merge("--encode", "--codes=" + directory.resolve("none.json"));
    Outcome noTexts = merge("--encode", "--codes=" + broken);
    Outcome alone = merge("--codes=" + codes);
    Outcome both = merge("--encode", "--numericOnly");

    assertThat(missing.error())
        .isEqualTo(
            "error: Cannot encode column regime_45__regime_label: --codes=%s has no code for 2 of its texts: trend_down, trend_up; add them at the end of its list"
                .formatted(codes));
    assertThat(noFile.error()).contains("no such file");
    assertThat(noTexts.error()).contains("a is not an array of different texts");
    assertThat(alone.error()).contains("needs --encode");
    assertThat(both.error()).contains("leaves out what --encode makes numbers");
    assertThat(filesBelow(directory)).containsExactly("broken.json", "codes.json");
  }

  private static int place(String pair) {
    return Pair.ALL.indexOf(Pair.of(pair));
  }

  private JsonNode card() throws Exception {
    return new ObjectMapper().readTree(directory.resolve("training_eurusd.json").toFile());
  }

  private Path file() {
    return directory.resolve("training_eurusd.parquet");
  }

  private Outcome verify() {
    return Outcome.of(
        VerifyTraining::run,
        "--pair=eurusd",
        "--warehouse=duckdb:" + sets.warehouse(),
        "--output=" + directory);
  }

  private Outcome merge(String... more) {
    return sets.aligned()
        .merge(
            Stream.concat(Stream.of("--output=" + directory), Stream.of(more))
                .toArray(String[]::new));
  }
}
