package ml.bqx;

import java.io.IOException;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.ErrorReport;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.Storage;
import ml.bqx.verify.TrainingComparison;

/**
 * Compares two training files value by value: {@code java -cp target/bqx-ml.jar
 * ml.bqx.CompareTrainingFiles FILE FILE}. The exit code is 0 when they hold the same table and the
 * same key-values in their footers. {@code make compare} runs it.
 */
public final class CompareTrainingFiles {
  private CompareTrainingFiles() {}

  /** Compares the two files. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    try {
      if (args.length != 2) {
        throw new InvalidInputException("Cannot compare: expected two training files");
      }

      compare(args[0], args[1]);
      return 0;
    } catch (IOException | RuntimeException e) {
      new ErrorReport(args).print(e);
      return 1;
    }
  }

  private static void compare(String expected, String actual) throws IOException {
    TrainingComparison comparison = TrainingComparison.of(Storage.local(), expected, actual);
    if (!comparison.differences().isEmpty()) {
      throw new InvalidInputException(
          "%s differs from %s".formatted(actual, expected), comparison.differences());
    }

    System.out.printf("equal: %,d rows, %,d columns%n", comparison.rows(), comparison.columns());
  }
}
