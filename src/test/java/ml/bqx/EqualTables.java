package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several methods merge the same sets and come to the same tables: columns, types, order, names,
 * nulls, row groups, key-values, every bit of every value, and the same counts in the summary. What
 * the table must be, DuckDB tells with a left join of its own.
 */
@ExtendWith(SampleSets.class)
abstract class EqualTables {
  private static final List<String> COUNTS =
      List.of(
          "rows", "features", "targets", "checkpoints", "rows filled with nulls", "rows dropped");

  @TempDir Path directory;

  /** The methods; what the first one makes, the others must make. */
  abstract List<MergeMethod> methods();

  /** Options that these methods need. */
  abstract List<String> options();

  @ParameterizedTest
  @EnumSource(NamedSets.class)
  void areMadeOfForeignSets(NamedSets set) throws Exception {
    Workplace place = new Workplace(directory, directory.resolve("no warehouse"));
    try (Duck duck = Duck.inMemory()) {
      set.write(duck, place.directory());

      assertEqual(methods(), place, NamedSets.OPTIONS);

      duck.assertTraining(reference(), "FROM oracle", NamedSets.ROW_GROUP_ROWS);
    }
  }

  @Test
  void areMadeOfAnAlignedSet(SampleSets.Sets sets) throws Exception {
    List<MergeMethod> methods = new ArrayList<>(methods());
    methods.add(MergeMethod.COMPOSE);

    assertEqual(methods, sets.copy(sets.aligned(), directory), List.of());
  }

  @Test
  void areMadeOfAShardedSet(SampleSets.Sets sets) throws Exception {
    assertEqual(methods(), sets.copy(sets.sharded(), directory), List.of());
  }

  @Test
  void areMadeOfTheSmallestFloats(SampleSets.Sets sets) throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());
    assertDone(place.extract("--compression=best", "--floatType=float32"));

    assertEqual(methods(), place, List.of("--compression=best"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--features=agg_*,mkt_*,*__regime_label --columnOrder=list --targets=*_h15",
        "--numericOnly --excludeFeatures=tri_*",
        "--encode --floatType=float32 --pairColumn",
        "--startDate=2024-01-02 --endDate=2024-01-02",
        "--split=train:0.6,test:0.4 --splitFiles"
      })
  void areMadeOfAChoice(String options, SampleSets.Sets sets) throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);

    assertEqual(methods(), place, List.of(options.split(" ", -1)));

    List<String> parts =
        options.contains("--splitFiles")
            ? List.of("training_eurusd_test.parquet", "training_eurusd_train.parquet")
            : List.of();
    assertThat(Workplace.filesBelow(place.output()))
        .filteredOn(file -> file.matches(".*_(train|test)\\.parquet"))
        .isEqualTo(parts);
  }

  /** What the first method made. */
  private Path reference() {
    return directory.resolve("reference.parquet");
  }

  /** What a file has otherwise than the reference, in words. */
  List<String> differences(Path reference, Path file) throws Exception {
    return Workplace.differences(reference, file);
  }

  private void assertEqual(List<MergeMethod> methods, Workplace place, List<String> more)
      throws Exception {
    Outcome expected = null;
    for (MergeMethod method : methods) {
      List<String> args = new ArrayList<>(more);
      args.addAll(options());
      args.add("--mergeMethod=" + method);
      Outcome outcome = place.merge(args.toArray(String[]::new));
      assertDone(outcome);
      if (expected == null) {
        expected = outcome;
        Files.copy(place.trainingFile(), reference());
      }

      assertThat(differences(reference(), place.trainingFile()))
          .as("what %s makes otherwise than %s", method, methods.get(0))
          .isEmpty();
      for (String count : COUNTS) {
        assertThat(outcome.summary(count))
            .as("%s of %s", count, method)
            .isEqualTo(expected.summary(count))
            .isNotEmpty();
      }
    }
  }
}
