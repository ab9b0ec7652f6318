package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.options.MergeMethod;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleDefect;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Data beyond a limit is not published, by any method. */
class GatesTest {
  private static final int MINUTES = 3_000;

  private static final String TABLES = "{agg_*,mkt_*}";

  private static final SampleDefect[] DEFECTS = {
    SampleDefect.SHRUNK_TABLE,
    SampleDefect.CONSTANT_SINCE,
    SampleDefect.NAN_VALUES,
    SampleDefect.DUPLICATE_FEATURE,
    SampleDefect.SHIFTED_TARGET,
    SampleDefect.CHANGED_UNIT
  };

  @TempDir static Path root;

  private static Workplace clean;
  private static Workplace defective;
  private static Sample sample;

  @TempDir Path directory;

  @BeforeAll
  static void extract() {
    PlantedSamples planted = PlantedSamples.extract(root, MINUTES, TABLES, List.of(DEFECTS));
    clean = planted.clean();
    defective = planted.defective();
    sample = planted.sample();
  }

  static List<MergeMethod> methods() {
    return MergeMethods.here();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodPublishesWhatPassesTheExampleAndNothingElse(MergeMethod method)
      throws IOException {
    Path gates = example();

    Outcome passed = merge(clean, "--gates=" + gates, "--mergeMethod=" + method);

    assertDone(passed);
    assertThat(passed.summary("gates")).isEqualTo("passed (%s)".formatted(gates));
    assertThat(output().resolve("training_eurusd.parquet")).exists();

    Workplace.filesBelow(output()).forEach(file -> output().resolve(file).toFile().delete());
    Outcome failed = merge(defective, "--gates=" + gates, "--mergeMethod=" + method);

    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.error()).startsWith("error: Cannot publish ").contains(gates.toString());
    assertThat(Workplace.filesBelow(output())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nullShare: 0.3, SHRUNK_TABLE, 'nullShare at most 0.3, but '",
    "coverage: 0.7, SHRUNK_TABLE, 'coverage at least 0.7, but 1 groups have fewer rows: '",
    "constants: 0, CONSTANT_SINCE, 'constants at most 0, but 1 columns are constant: '",
    "duplicates: 0, DUPLICATE_FEATURE, 'duplicates at most 0, but 1 features are duplicates: '",
    "leaks: 0, SHIFTED_TARGET, 'leaks at most 0, but 1 features know the future: '",
    "nan: 5, NAN_VALUES, 'nan at most 5, but 1 columns have more NaN or infinite values: '",
    "drift: 0.25, CHANGED_UNIT, 'drift at most 0.25, but '",
  })
  void eachLimitNamesWhatIsBeyondIt(String limit, SampleDefect defect, String message)
      throws IOException {
    Outcome outcome = merge(defective, "--gates=" + gates(limit), "--mergeMethod=stream");

    assertThat(outcome.code()).isEqualTo(1);
    String group = Expectation.group(sample.defects().get(defect));
    assertThat(outcome.error().lines())
        .filteredOn(line -> line.contains(message))
        .anyMatch(line -> line.contains(group));
    assertThat(Workplace.filesBelow(output())).isEmpty();
    assertDone(merge(clean, "--gates=" + gates(limit), "--mergeMethod=stream"));
  }

  @Test
  void theLimitOfACategoryGoesBeforeThatOfAll() throws IOException {
    String group = Expectation.group(sample.defects().get(SampleDefect.NAN_VALUES));
    String category = group.replaceFirst("_.*", "");
    Path gates = gates("nan: 0\n  %s:\n    nan: 1000".formatted(category));

    assertDone(merge(defective, "--gates=" + gates, "--mergeMethod=stream"));
  }

  @Test
  void aWarningPublishesAndSaysSoInOutputLogAndCard() throws IOException {
    Outcome outcome =
        merge(
            defective,
            "--gates=" + gates("nan: 0\n    leaks: 0"),
            "--onGate=warn",
            "--mergeMethod=stream");

    assertDone(outcome);
    assertThat(outcome.summary("gates")).isEqualTo("2 FAILED, published by --onGate=warn");
    assertThat(outcome.err()).contains("Gate failed: ");
    JsonNode card = new ObjectMapper().readTree(output().resolve("training_eurusd.json").toFile());
    assertThat(card.get("failedGates")).hasSize(2);
    assertThat(card.at("/failedGates/0").asText()).isEqualTo(outcome.summary("failed gate 1"));
    assertThat(card.at("/options/onGate").asText()).isEqualTo("warn");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aSetWithoutManifestIsHeldByTheWrittenFile(MergeMethod method) throws IOException {
    Workplace foreign = new Workplace(directory.resolve("foreign"), defective.warehouse());
    Workplace.copy(defective.checkpoints(), foreign.checkpoints());
    for (String file : Workplace.filesBelow(foreign.directory())) {
      if (file.startsWith("_")) {
        Files.delete(foreign.directory().resolve(file));
      }
    }

    Files.delete(foreign.directory().resolve("_commits"));
    String gates = "--gates=" + gates("nan: 0\n    leaks: 0\n    coverage: 0.7");

    Outcome outcome = merge(foreign, gates, "--mergeMethod=" + method);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error().lines().skip(1)).as(outcome.error()).hasSize(3);
    assertThat(Workplace.filesBelow(output())).isEmpty();
  }

  @Test
  void onlyWhatIsTakenIsHeldAgainstGates() throws IOException {
    String column = Expectation.group(sample.defects().get(SampleDefect.NAN_VALUES)) + "__*";
    String gates = "--gates=" + gates("nan: 0");
    assertDone(merge(defective, gates, "--excludeFeatures=" + column, "--mergeMethod=stream"));

    // On the first day no table is shrunk yet, as the written file shows.
    assertDone(
        merge(
            defective,
            "--gates=" + gates("coverage: 0.7"),
            "--endDate=2024-01-01",
            "--pairColumn",
            "--mergeMethod=stream"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limits:;  all:;    nullShre: 0.1| line 3, limits.all.nullShre: no such key (did you mean nullShare?); there are constants, coverage, ",
        "limits:;  all:;    nan: many| line 3, limits.all.nan: many is not expected (expected a number, 0 or more)",
        "limits:;  all:;    coverage: 85| line 3, limits.all.coverage: 85 is not expected (expected a number, 0 to 1)",
        "limits:;  agg:;    drift: 0.1| line 3, limits.agg.drift: needs a baseline",
        "limits:;  mtk:;    nan: 0| line 2, limits.mtk: no such category in ",
        "limits:;  agg:;    nan: 0;  agg:;    nan: 1| line 4, limits.agg: is there twice",
        "limit:;  agg:;    nan: 0| line 1, limit: no such key (did you mean limits?)",
        "limits:;  agg: 3| line 2, limits.agg: expected keys with values",
        "limits:;  agg: {nan: 0| line 2: no YAML: ",
        "limits: {}| line 1, limits: nothing is limited",
        "baseline: x| line 1, limits: missing",
        "# nothing| line 1, limits: missing"
      })
  void aMistakeInTheFileIsToldWithLineAndKey(String text, String message) throws IOException {
    Path file = directory.resolve("gates.yaml");
    Files.writeString(file, text.replace(';', '\n'));

    Outcome outcome = merge(clean, "--gates=" + file, "--mergeMethod=stream");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error()).startsWith("error: Cannot use gates " + file + ":");
    assertThat(outcome.error().lines().skip(1).map(String::strip))
        .anyMatch(line -> line.startsWith(message.strip()));
    assertThat(Workplace.filesBelow(output())).isEmpty();
  }

  @Test
  void theFileMustBeThere() {
    assertThat(merge(clean, "--gates=" + directory.resolve("no.yaml")).error()).contains("no.yaml");
    assertThat(merge(clean, "--onGate=warn").error())
        .contains("--onGate")
        .contains("needs --gates");
  }

  /** The example of the page, which is also a file; its baseline is the clean set. */
  private Path example() throws IOException {
    String example = Files.readString(Path.of("examples/gates.yaml"));
    String page = Files.readString(Path.of("docs/quality.md"));
    assertThat(page).contains("```yaml\n" + example + "```\n");

    Path file = directory.resolve("gates.yaml");
    Files.writeString(
        file, example.replaceFirst("baseline: .*", "baseline: " + clean.checkpoints() + "/{pair}"));

    return file;
  }

  private Path gates(String limits) throws IOException {
    Path file = directory.resolve("gates.yaml");
    Files.writeString(
        file, "baseline: %s\nlimits:\n  all:\n    %s\n".formatted(clean.directory(), limits));

    return file;
  }

  private Path output() {
    return directory.resolve("output");
  }

  private Outcome merge(Workplace place, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--output=" + output());

    return place.merge(all.toArray(String[]::new));
  }
}
