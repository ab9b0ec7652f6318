package ml.bqx;

import static ml.bqx.Workplace.ROW_GROUP_ROWS;
import static ml.bqx.Workplace.assertDone;
import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Training files with some of the columns and rows that the checkpoints offer. */
@ExtendWith(SampleSets.class)
class ChosenColumnsTest {
  private static SampleSets.Sets sets;
  private static Path whole;

  @TempDir Path directory;

  @BeforeAll
  static void mergeAll(SampleSets.Sets shared, @TempDir Path output) {
    sets = shared;
    assertDone(sets.aligned().merge("--output=" + output, "--mergeMethod=stream"));
    whole = output.resolve("training_eurusd.parquet");
  }

  static Stream<Arguments> everyLayoutWithEveryMethod() {
    return MergePipelineTest.everyLayoutWithEveryMethod();
  }

  @ParameterizedTest
  @MethodSource("everyLayoutWithEveryMethod")
  void chosenColumnsAreThoseOfTheWholeFile(String layout, MergeMethod method) throws Exception {
    List<String> names = columns(whole);
    List<String> features = names.subList(8, names.size());
    List<String> chosen =
        List.of(
            features.get(features.size() - 1),
            features.get(0),
            features.get(features.size() / 2),
            features.get(1));
    Path list = Files.write(directory.resolve("features.txt"), chosen);

    assertDone(
        merge(
            layout,
            "--mergeMethod=" + method,
            "--features=@" + list,
            "--targets=" + names.get(3) + "," + names.get(2),
            "--columnOrder=list",
            "--expectedFeatures=4",
            "--expectedTargets=2"));

    List<String> expected = new ArrayList<>(List.of("interval_time", names.get(3), names.get(2)));
    expected.addAll(chosen);
    assertThat(columns(file())).isEqualTo(expected);
    assertSameValues(expected, "true");
    assertVerifies();
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#ofAnySet")
  void chosenDaysAreThoseOfTheWholeFile(MergeMethod method) throws Exception {
    String day = day();
    Outcome outcome =
        merge("aligned", "--mergeMethod=" + method, "--startDate=" + day, "--features=agg_*,cyc_*");

    assertDone(outcome);
    String condition = "interval_time >= TIMESTAMPTZ '%s 00:00:00+00'".formatted(day);
    assertSameValues(columns(file()), condition);
    assertThat(outcome.summary("rows dropped"))
        .isEqualTo("0 not in the spine, 0 without timestamp, 0 duplicates, 0 incomplete targets");
    assertVerifies();
  }

  @Test
  void columnsStandInTheOrderOfTheContractUnlessAListDecides() throws Exception {
    assertDone(merge("aligned", "--mergeMethod=stream", "--features=regime_*,agg_*"));

    List<String> all = columns(whole);
    assertThat(columns(file()))
        .isEqualTo(
            all.stream()
                .filter(name -> !name.contains("__") || name.matches("(regime|agg)_.*"))
                .toList());
  }

  @Test
  void groupsWithoutChosenColumnsAreNotOpened() throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory.resolve("set"));
    Path other = place.directory().resolve("checkpoint_mkt_regime-00000-of-00003.parquet");
    byte[] damaged = new byte[(int) Files.size(other)];
    Files.write(other, damaged);

    assertDone(place.merge("--mergeMethod=stream", "--features=agg_*"));
    Outcome refused = place.merge("--mergeMethod=stream");

    assertThat(refused.error()).contains("checkpoint_mkt_regime-00000-of-00003.parquet");
  }

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#here")
  void aDamagedChunkOfAChosenColumnIsNoticed(MergeMethod method) throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory.resolve("set"));
    Path file = place.directory().resolve("checkpoint_mkt_regime-00001-of-00003.parquet");
    byte[] bytes = Files.readAllBytes(file);
    String column = columns(file).get(1);
    long at;
    try (Duck duck = Duck.inMemory()) {
      at =
          Long.parseLong(
              duck.texts(
                      "SELECT data_page_offset::VARCHAR FROM parquet_metadata('%s') WHERE path_in_schema = '%s' AND row_group_id = 0"
                          .formatted(file, column))
                  .get(0));
    }

    bytes[(int) at + 40] ^= 1;
    Files.write(file, bytes);

    Outcome outcome = place.merge("--mergeMethod=" + method, "--features=" + column);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error()).contains(file.toString());
    place.assertNothingMerged();
  }

  @Test
  void aSetOfAJsonFileIsChosenByItsName() throws Exception {
    List<String> names = columns(whole);
    Path list = directory.resolve("features.json");
    Files.writeString(
        list,
        "{\"small\": [\"%s\"], \"large\": [\"agg_*\"]}".formatted(names.get(names.size() - 1)));

    assertDone(merge("aligned", "--mergeMethod=stream", "--features=@" + list + "#small"));
    Outcome unnamed = merge("aligned", "--mergeMethod=stream", "--features=@" + list);

    assertThat(columns(file())).hasSize(9).endsWith(names.get(names.size() - 1));
    assertThat(unnamed.error())
        .isEqualTo(
            "error: Cannot use --features=@%s: expected an array of names; the file has the sets large, small, choose one with @FILE.json#SET"
                .formatted(list));
  }

  @Test
  void unknownNamesAreRefusedWithTheNearestOnes() throws Exception {
    String known = columns(whole).get(8);
    Path list = Files.write(directory.resolve("empty.txt"), List.of("# nothing", ""));

    Outcome unknown = merge("aligned", "--features=" + known + "x,nothing_like_this_at_all,zzz_*");
    Outcome empty = merge("aligned", "--features=@" + list);
    Outcome missing = merge("aligned", "--features=@" + directory.resolve("none.txt"));
    Outcome excluded = merge("aligned", "--features=agg_*", "--excludeFeatures=*");
    Outcome target = merge("aligned", "--targets=agg_*");
    Outcome days = merge("aligned", "--mergeMethod=stream", "--startDate=2200-01-01");

    assertThat(unknown.error())
        .startsWith(
            "error: Cannot merge: --features names 3 that the checkpoints do not have: %sx (did you mean %s"
                .formatted(known, known))
        .contains("nothing_like_this_at_all, zzz_* (no name fits this glob)");
    assertThat(empty.error()).contains("it names nothing");
    assertThat(missing.error()).contains("there is no file");
    assertThat(excluded.error())
        .isEqualTo(
            "error: Cannot merge: --excludeFeatures leaves out all features that --features takes");
    assertThat(target.error()).contains("--targets names 1 that the checkpoints do not have");
    assertThat(days.error()).contains("no row is left by --startDate=2200-01-01");
    assertThat(filesBelow(directory)).containsExactly("empty.txt");
  }

  @Test
  void composeNamesTheMethodThatChoosesRows() {
    Outcome outcome = merge("aligned", "--mergeMethod=compose", "--startDate=2000-01-01");

    assertThat(outcome.error())
        .isEqualTo(
            "error: Cannot compose: --startDate and --endDate choose rows, and compose copies all"
                + " of them; merge with --mergeMethod=stream");
    assertThat(filesBelow(directory)).isEmpty();
  }

  @Test
  void theFooterAndTheCardTellWhatWasChosen() throws Exception {
    assertDone(merge("aligned", "--mergeMethod=compose", "--features=agg_*"));

    try (Duck duck = Duck.inMemory()) {
      String choice =
          duck.texts(
                  "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = 'bqx.choice'"
                      .formatted(file()))
              .get(0);
      assertThat(choice)
          .isEqualTo(
              "{\"targetsOffered\":7,\"featuresOffered\":%d,\"columnOrder\":\"contract\"}"
                  .formatted(sets.sample.features()));
    }

    JsonNode card = new ObjectMapper().readTree(directory.resolve("training_eurusd.json").toFile());
    assertThat(card.get("options").get("features").asText()).isEqualTo("agg_*");
    assertThat(card.get("columns")).hasSize(columns(file()).size());
  }

  @Test
  void aColumnThatIsMissingAlthoughChosenIsADifference() throws Exception {
    assertDone(merge("aligned", "--mergeMethod=stream", "--features=agg_*"));
    Path copy = directory.resolve("lost");
    Files.createDirectories(copy);
    try (Duck duck = Duck.inMemory()) {
      List<String> names = columns(file());
      duck.run(
          "COPY (SELECT * EXCLUDE (\"%s\") FROM '%s') TO '%s' (FORMAT parquet, KV_METADATA {%s})"
              .formatted(
                  names.get(names.size() - 1),
                  file(),
                  copy.resolve("training_eurusd.parquet"),
                  duck
                      .texts(
                          "SELECT format('\"{}\": ''{}''', decode(key), decode(value)) FROM parquet_kv_metadata('%s')"
                              .formatted(file()))
                      .stream()
                      .collect(Collectors.joining(", "))));
    }

    Outcome outcome = verify(copy);

    assertThat(outcome.error()).contains("its footer says 7 targets and");
  }

  private static String day() throws Exception {
    try (Duck duck = Duck.inMemory()) {
      return duck.texts(
              "SELECT strftime(max(interval_time AT TIME ZONE 'UTC'), '%%Y-%%m-%%d') FROM '%s'"
                  .formatted(whole))
          .get(0);
    }
  }

  private void assertSameValues(List<String> names, String condition) throws Exception {
    String selected =
        names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
    try (Duck duck = Duck.inMemory()) {
      String expected = "FROM (SELECT %s FROM '%s' WHERE %s)".formatted(selected, whole, condition);
      duck.assertTraining(file(), expected, ROW_GROUP_ROWS);
    }
  }

  private void assertVerifies() {
    Outcome outcome = verify(directory);
    assertDone(outcome);
    assertDone(Outcome.of(CheckFiles::run, "--file=" + file()));
  }

  private static Outcome verify(Path output) {
    return Outcome.of(
        VerifyTraining::run,
        "--pair=eurusd",
        "--warehouse=duckdb:" + sets.warehouse(),
        "--output=" + output);
  }

  private static List<String> columns(Path file) throws Exception {
    try (Duck duck = Duck.inMemory()) {
      return duck.texts("SELECT column_name FROM (DESCRIBE SELECT * FROM '%s')".formatted(file));
    }
  }

  private Outcome merge(String layout, String... more) {
    Workplace place = layout.equals("aligned") ? sets.aligned() : sets.sharded();
    String[] args =
        Stream.concat(Stream.of("--output=" + directory), Stream.of(more)).toArray(String[]::new);
    return place.merge(args);
  }

  private Path file() {
    return directory.resolve("training_eurusd.parquet");
  }
}
