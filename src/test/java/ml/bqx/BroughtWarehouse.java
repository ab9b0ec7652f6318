package ml.bqx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Small DuckDB files as people bring them: features in schema {@code f}, in schema {@code t} the
 * targets of 60 minutes.
 */
final class BroughtWarehouse {
  /** A minute and its number; {@code minute} is a macro. */
  static final String X = "SELECT minute(i) AS interval_time, i::DOUBLE AS x FROM range(60) r(i)";

  private BroughtWarehouse() {}

  /** Makes a file, and then executes the statements. */
  static Path make(Path directory, String... statements) throws Exception {
    Path file = directory.resolve("brought.duckdb");
    try (Duck duck = Duck.of(file)) {
      duck.run("CREATE SCHEMA f")
          .run("CREATE SCHEMA t")
          .run("CREATE MACRO minute(i) AS TIMESTAMP '2024-01-01' + to_minutes(i)")
          .run("CREATE TABLE t.targets_eurusd AS " + X.replace("AS x", "AS y"));
      for (String statement : statements) {
        duck.run(statement);
      }
    }

    return file;
  }

  /** Extracts such a file. */
  static Outcome extract(Workplace place, String... more) {
    return place.extract(with(more));
  }

  /** Verifies a training file with such a file. */
  static Outcome verify(Workplace place) {
    return Outcome.of(
        VerifyTraining::run,
        with(
            "--pair=" + Workplace.PAIR,
            "--warehouse=duckdb:" + place.warehouse(),
            "--output=" + place.output()));
  }

  private static String[] with(String... more) {
    List<String> all = new ArrayList<>(List.of("--featuresDataset=f", "--analyticsDataset=t"));
    Collections.addAll(all, more);
    return all.toArray(String[]::new);
  }
}
