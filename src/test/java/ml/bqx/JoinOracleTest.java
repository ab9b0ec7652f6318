package ml.bqx;

import static ml.bqx.Workplace.assertDone;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.options.MergeMethod;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** The join of any set of Parquet files, held against DuckDB's own left join of the same files. */
class JoinOracleTest {
  /** Each merges with every method, which takes a second or so. */
  private static final int TRIES = 20;

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void everyMethodComesToDuckDbsLeftJoin(@ForAll("foreignSets") RandomSet set) throws Exception {
    Path root = Files.createTempDirectory("bqx-join");
    Workplace place = new Workplace(root, root.resolve("no warehouse"));
    try (Duck duck = Duck.inMemory()) {
      set.write(duck, Files.createDirectories(place.directory()));
      duck.run("CREATE TABLE oracle AS " + set.leftJoin(place.directory()));
      for (MergeMethod method : MergeMethods.ofAnySet()) {
        assertDone(
            place.merge(
                "--mergeMethod=" + method,
                "--onDuplicate=" + set.onDuplicate(),
                "--timeZone=UTC",
                "--rowGroupRows=" + set.rowGroupRows()));

        duck.assertTraining(place.trainingFile(), "FROM oracle", set.rowGroupRows());
      }
    } finally {
      MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Provide
  Arbitrary<RandomSet> foreignSets() {
    // One row, a few, and so many that DuckDB writes several row groups and pages.
    Arbitrary<Integer> rows =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(1, Arbitraries.just(1)),
            net.jqwik.api.Tuple.of(5, Arbitraries.integers().between(2, 300)),
            net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(4_000, 7_000)));
    Arbitrary<List<RandomSet.Group>> groups = groups().list().ofMinSize(1).ofMaxSize(5);

    return rows.flatMap(
        count ->
            Combinators.combine(
                    Arbitraries.longs().between(1, Integer.MAX_VALUE),
                    // At most some twenty row blocks.
                    Arbitraries.integers().between(1 + count / 20, 2 * count),
                    Arbitraries.of("first", "last"),
                    targets(),
                    groups)
                .as(
                    (seed, rowGroupRows, onDuplicate, targets, features) ->
                        new RandomSet(seed, count, rowGroupRows, onDuplicate, targets, features)));
  }

  private static Arbitrary<RandomSet.Group> targets() {
    return Combinators.combine(
            file(), Arbitraries.of("DOUBLE", "BIGINT", "FLOAT").list().ofMinSize(1).ofMaxSize(3))
        .as((file, columns) -> new RandomSet.Group("targets", false, file, columns));
  }

  private static Arbitrary<RandomSet.Group> groups() {
    return Combinators.combine(
            Arbitraries.of(
                "agg_eurusd",
                "checkpoint_agg_bqx_eurusd",
                "mkt_vol",
                "checkpoint_tri_eur_usd_jpy",
                "lag_eurusd_45",
                "checkpoint_cov_audcad_eurusd"),
            Arbitraries.of(true, false),
            file(),
            Arbitraries.of(RandomSet.TYPES).list().ofMinSize(1).ofMaxSize(8))
        .as(RandomSet.Group::new);
  }

  private static Arbitrary<RandomSet.Shape> file() {
    Arbitrary<Integer> percent =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
            net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 60)));

    return Combinators.combine(
            Arbitraries.of("TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP_MS", "TIMESTAMP_NS"),
            Arbitraries.integers().between(0, 100),
            percent,
            percent,
            percent,
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of(
                "COMPRESSION snappy",
                "COMPRESSION zstd, PARQUET_VERSION V2",
                "COMPRESSION gzip",
                "COMPRESSION lz4_raw",
                "COMPRESSION uncompressed, PARQUET_VERSION V2"))
        .as(RandomSet.Shape::new);
  }
}
