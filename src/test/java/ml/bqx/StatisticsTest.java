package ml.bqx;

import static ml.bqx.Duck.quoted;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import ml.bqx.checkpoint.Json;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.PairStatistics;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics that an extraction makes, held against what DuckDB finds in the warehouse. */
@ExtendWith(SampleSets.class)
class StatisticsTest {
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
  void everyColumnHasTheStatisticsThatDuckDbFinds(String layout) throws Exception {
    Path file = statistics(layout.equals("aligned") ? sets.aligned() : sets.sharded());
    duck.run("CREATE OR REPLACE TEMP TABLE found AS FROM '%s'".formatted(file));
    int columns = 0;
    for (String table : tables()) {
      duck.run("CREATE OR REPLACE TEMP TABLE t AS " + expected.aligned(table));
      for (Map.Entry<String, String> column : expected.sourceColumns(table).entrySet()) {
        String name = Expectation.featureName(table, column.getKey());
        check(name, column.getValue());
        columns++;
      }
    }

    assertThat(duck.number("SELECT count(*) FROM found WHERE kind <> 'group'")).isEqualTo(columns);
  }

  private static void check(String name, String type) throws Exception {
    boolean number = !List.of("VARCHAR", "DATE", "TIMESTAMP WITH TIME ZONE").contains(type);
    String value = quoted(name);
    List<String> exact =
        new ArrayList<>(
            List.of(
                "count(*)",
                "count(*) - count(%s)".formatted(value),
                "epoch_us(min(interval_time) FILTER (%s IS NOT NULL))".formatted(value),
                "epoch_us(max(interval_time) FILTER (%s IS NOT NULL))".formatted(value),
                "coalesce(count(DISTINCT %s) = 1, false)".formatted(value)));
    String found = "rows, nulls, epoch_us(first_value), epoch_us(last_value), constant";
    if (number) {
      exact.add("min(%s)::DOUBLE".formatted(value));
      exact.add("max(%s)::DOUBLE".formatted(value));
      exact.add("count(*) FILTER (%s::DOUBLE = 0)".formatted(value));
      found += ", min, max, zeros";
    }

    String where = " FROM found WHERE \"column\" = '%s'".formatted(name);
    assertThat(duck.texts("SELECT concat_ws(' ', %s)%s".formatted(found, where)))
        .as(name)
        .isEqualTo(
            duck.texts("SELECT concat_ws(' ', %s) FROM t".formatted(String.join(", ", exact))));
    assertThat(duck.number("SELECT longest_nulls" + where))
        .as("longest run of nulls of " + name)
        .isEqualTo(longestRun(value + " IS NULL"));
    double distinct = duck.number("SELECT count(DISTINCT %s) FROM t".formatted(value));
    assertThat((double) duck.number("SELECT \"distinct\"" + where))
        .as("distinct values of " + name)
        .isCloseTo(distinct, within(4 * 0.017 * distinct));
    if (number) {
      checkMoments(name, value, where);
    }
  }

  private static void checkMoments(String name, String value, String where) throws Exception {
    String of = value + "::DOUBLE";
    for (String[] each :
        new String[][] {
          {"mean", "avg(%s)".formatted(of)},
          {"deviation", "stddev_samp(%s)".formatted(of)},
          {"p05", "quantile_disc(%s, 0.05)".formatted(of)},
          {"p50", "quantile_disc(%s, 0.5)".formatted(of)},
          {"p99", "quantile_disc(%s, 0.99)".formatted(of)}
        }) {
      String known = duck.texts("SELECT %s FROM t".formatted(each[1])).get(0);
      String found = duck.texts("SELECT " + each[0] + where).get(0);
      if (known == null) {
        assertThat(found).as(each[0] + " of " + name).isNull();
        continue;
      }

      if (each[0].startsWith("p")) {
        // All rows are sampled, so that a rank is off by one at most.
        double rank =
            duck.number("SELECT count(*) FROM t WHERE %s <= %s".formatted(of, found))
                - Math.floor(
                    duck.number("SELECT count(%s) FROM t".formatted(value))
                        * Integer.parseInt(each[0].substring(1))
                        / 100.0);
        double ties = duck.number("SELECT count(*) FROM t WHERE %s = %s".formatted(of, found));
        assertThat(rank).as(each[0] + " of " + name).isBetween(-1.0, 1 + ties);
      } else {
        double exact = Double.parseDouble(known);
        double scale = duck.number("SELECT ceil(max(abs(%s)) * 1e6) FROM t".formatted(of)) / 1e6;
        assertThat(Double.parseDouble(found))
            .as(each[0] + " of " + name)
            .isCloseTo(exact, within(1e-11 * scale + Math.abs(exact) * 1e-9));
      }
    }
  }

  private static long longestRun(String condition) throws Exception {
    return duck.number(
        """
        SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM (
          SELECT %1$s AS hit, row_number() OVER (ORDER BY interval_time)
            - row_number() OVER (PARTITION BY %1$s ORDER BY interval_time) AS run FROM t)
        WHERE hit GROUP BY run)\
        """
            .formatted(condition));
  }

  @Test
  void everyGroupHasItsGapsAndItsCoverage() throws Exception {
    duck.run(
        "CREATE OR REPLACE TEMP TABLE found AS FROM '%s'".formatted(statistics(sets.aligned())));
    for (String table : SampleSets.FEATURE_TABLES) {
      duck.run(
          "CREATE OR REPLACE TEMP TABLE t AS SELECT interval_time, i IS NULL AS missing FROM (%s)"
                  .formatted(expected.spine())
              + " LEFT JOIN (SELECT interval_time, 1 AS i FROM %s) USING (interval_time)"
                  .formatted(Expectation.source(table)));
      String where =
          " FROM found WHERE kind = 'group' AND \"group\" = '%s'"
              .formatted(Expectation.group(table));

      assertThat(duck.number("SELECT rows_missing" + where))
          .isEqualTo(duck.number("SELECT count(*) FROM t WHERE missing"));
      assertThat(duck.number("SELECT gaps" + where))
          .isEqualTo(
              duck.number(
                  "SELECT count(*) FROM (SELECT missing, lag(missing, 1, false) OVER (ORDER BY"
                      + " interval_time) AS before FROM t) WHERE missing AND NOT before"));
      assertThat(
              duck.number(
                  "SELECT coalesce(list_max(list_transform(longest_gaps::JSON[], lambda gap:"
                      + " (gap->>'rows')::BIGINT)), 0)"
                      + where))
          .isEqualTo(longestRun("missing"));
      assertThat(duck.number("SELECT list_sum(coverage::INT[])" + where))
          .isEqualTo(duck.number("SELECT count(*) FROM t WHERE NOT missing"));
    }
  }

  @Test
  void theManifestNamesTheFile() throws Exception {
    Path file = statistics(sets.aligned());
    CRC32C crc = new CRC32C();
    crc.update(Files.readAllBytes(file));

    assertThat(sets.aligned().readManifest().at("/statistics/crc32c").asText())
        .isEqualTo("%08x".formatted(crc.getValue()));
    assertThat(sets.aligned().readManifest().at("/statistics/bytes").asLong())
        .isEqualTo(Files.size(file));
  }

  @Test
  void aRunThatFindsPartsMissingReadsTheirCheckpoints() throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    List<ColumnStatistics> before = read(place).columns();
    Files.delete(statistics(place));
    withObservation(place, "mkt_regime", Optional.empty());
    withObservation(place, "agg_bqx_eurusd", Optional.of("{\"group\" : \"of another version\"}"));

    Outcome outcome = place.extract();

    assertDone(outcome);
    assertThat(outcome.err())
        .contains("2 of 16 checkpoints have no statistics yet, and are read for them");
    assertThat(outcome.summary("checkpoints extracted")).isEqualTo("0");

    assertThat(read(place).columns()).as("to the last digit").isEqualTo(before);
    assertThat(place.readManifest().get("statistics")).isNotNull();
  }

  /** Replaces what the commit record of a table has of its values. */
  private static void withObservation(Workplace place, String table, Optional<String> kept)
      throws IOException {
    Path record = place.directory().resolve("_commits/%s.json".formatted(table));
    ObjectNode fields = (ObjectNode) new ObjectMapper().readTree(record.toFile());
    fields.remove(List.of("checksum", "observation"));
    kept.ifPresent(value -> fields.put("observation", value));
    Files.write(record, Json.record(fields));
  }

  @Test
  void onlyWhatIsExtractedAgainHasOtherStatistics() throws Exception {
    Workplace place = sets.copy(sets.sharded(), directory);
    PairStatistics before = read(place);
    Files.delete(place.directory().resolve("_commits/mkt_regime.json"));

    assertDone(place.extract("--layout=sharded"));

    assertThat(read(place)).isEqualTo(before);
    assertDone(place.extract("--layout=sharded", "--limit=700"));
    assertThat(read(place).columns()).extracting(ColumnStatistics::rows).containsOnly(700L);
  }

  @Test
  void damagedStatisticsAreMadeAgainAndNotBelieved() throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    List<ColumnStatistics> before = read(place).columns();
    byte[] content = Files.readAllBytes(statistics(place));
    content[content.length / 3] ^= 4;
    Files.write(statistics(place), content);

    assertSame(of(place).columns(), before);
  }

  @Test
  void aTrainingFileHasTheStatisticsOfItsCheckpoints() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    assertDone(
        place.merge("--mergeMethod=stream", "--checkpoints=" + sets.aligned().checkpoints()));

    PairStatistics statistics =
        PairStatistics.ofTrainingFile(Storage.local(), place.trainingFile().toString());

    assertSame(statistics.columns(), read(sets.aligned()).columns());
    assertThat(statistics.groups())
        .extracting(GroupStatistics::group)
        .isEqualTo(read(sets.aligned()).groups().stream().map(GroupStatistics::group).toList());
  }

  /** Moments are sums of doubles, whose last digits depend on how the rows are split. */
  private static void assertSame(List<ColumnStatistics> actual, List<ColumnStatistics> expected) {
    assertThat(actual)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("mean", "deviation", "segments")
        .isEqualTo(expected);
  }

  private static List<String> tables() {
    List<String> tables = new ArrayList<>(List.of(Expectation.TARGETS));
    tables.addAll(SampleSets.FEATURE_TABLES);

    return tables;
  }

  private static Path statistics(Workplace place) {
    return place.directory().resolve("_statistics.parquet");
  }

  private static PairStatistics read(Workplace place) throws IOException {
    return PairStatistics.read(Storage.local(), statistics(place).toString());
  }

  private static PairStatistics of(Workplace place) throws IOException {
    String set = place.directory().toString();

    return PairStatistics.of(
        Storage.local(), set, Manifest.read(Storage.local(), set).orElseThrow());
  }
}
