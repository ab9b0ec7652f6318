package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row blocks that are too large for one part of a merge by Beam. */
class WidePartsTest {
  /** So many that 64 MB are 42 columns of doubles. */
  private static final int MINUTES = 199_700;

  private static final String ONE_BLOCK = "--rowGroupRows=1048576";

  @TempDir Path directory;

  /**
   * @param columns of each of two tables: with 20, their columns, the key and the target are one
   *     part, and the pair is alone in the next
   */
  @ParameterizedTest
  @ValueSource(ints = {20, 25})
  void areJoinedToOneRowGroup(int columns) throws Exception {
    Path warehouse = warehouse(columns);
    for (String layout : List.of("aligned", "sharded")) {
      Workplace place = new Workplace(directory.resolve(layout), warehouse);
      assertDone(
          place.extract(
              "--layout=" + layout,
              "--featuresDataset=f",
              "--analyticsDataset=t",
              "--shardRows=1048576",
              ONE_BLOCK));
      Path expected = directory.resolve("expected.parquet");
      assertDone(place.merge("--mergeMethod=stream", "--pairColumn", ONE_BLOCK));
      Files.copy(place.trainingFile(), expected);

      Outcome beam = place.merge("--mergeMethod=beam", "--pairColumn", ONE_BLOCK);

      assertDone(beam);
      assertThat(beam.summary("row groups")).isEqualTo("1");
      assertThat(Workplace.differences(expected, place.trainingFile())).as(layout).isEmpty();
      Files.delete(expected);
    }
  }

  private Path warehouse(int count) throws Exception {
    Path file = directory.resolve("w.duckdb");
    String key = "TIMESTAMP '2024-01-01' + to_minutes(i) AS interval_time";
    String columns =
        IntStream.range(0, count)
            .mapToObj(column -> "(i %% %d)::DOUBLE AS x%d".formatted(column + 7, column))
            .collect(Collectors.joining(", "));
    try (Duck duck = Duck.of(file)) {
      duck.run("CREATE SCHEMA f").run("CREATE SCHEMA t");
      duck.run(
          "CREATE TABLE t.targets_eurusd AS SELECT %s, i::DOUBLE AS y FROM range(%d) r(i)"
              .formatted(key, MINUTES));
      for (String table : List.of("agg_eurusd", "mkt_regime")) {
        duck.run(
            "CREATE TABLE f.%s AS SELECT %s, %s FROM range(%d) r(i) WHERE i %% 10 <> 3"
                .formatted(table, key, columns, MINUTES));
      }
    }

    return file;
  }
}
