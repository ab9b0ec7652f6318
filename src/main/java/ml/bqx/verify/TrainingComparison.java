package ml.bqx.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Compares two training files: names, types and order of columns, row groups, key-values, and the
 * bits of every value, so that -0.0 differs from 0.0 and NaNs differ by payload. Page encodings may
 * differ.
 *
 * @param rows rows of the first file
 * @param columns columns of the first file, the key included
 * @param differences what differs, a line each; empty when the files are the same
 */
public record TrainingComparison(long rows, int columns, List<String> differences) {
  /** Compares two files. */
  public static TrainingComparison of(Storage storage, String expected, String actual)
      throws IOException {
    try (ParquetFile left = storage.open(expected);
        ParquetFile right = storage.open(actual)) {
      List<String> differences = footers(left.footer(), right.footer());
      if (differences.isEmpty()) {
        differences = values(storage, expected, actual, left.footer().columns().size());
      }

      return new TrainingComparison(
          left.footer().rows(), left.footer().columns().size(), differences);
    }
  }

  private static List<String> footers(ParquetFooter left, ParquetFooter right) {
    List<String> differences = new ArrayList<>();
    compare("columns", left.columns().size(), right.columns().size(), differences);
    for (int i = 0; i < Math.min(left.columns().size(), right.columns().size()); i++) {
      compare(
          "column " + i,
          inWords(left.columns().get(i)),
          inWords(right.columns().get(i)),
          differences);
    }

    compare("rows of the row groups", rowGroups(left), rowGroups(right), differences);
    Map<String, String> keyValues = left.keyValues();
    compare("key-value names", keyValues.keySet(), right.keyValues().keySet(), differences);
    keyValues.forEach((key, value) -> compare(key, value, right.keyValues().get(key), differences));
    return differences;
  }

  private static void compare(
      String what, Object left, @Nullable Object right, List<String> differences) {
    if (!Objects.equals(left, right)) {
      differences.add("%s: %s, not %s".formatted(what, right, left));
    }
  }

  private static String inWords(ColumnSchema column) {
    return "%s %s %s"
        .formatted(column.name(), column.typeName(), column.element().getRepetition_type());
  }

  private static List<Long> rowGroups(ParquetFooter footer) {
    return IntStream.range(0, footer.rowGroups()).mapToObj(footer::rows).toList();
  }

  /** Every worker takes some of the columns and opens the files itself. */
  private static List<String> values(Storage storage, String expected, String actual, int columns)
      throws IOException {
    int workers = Runtime.getRuntime().availableProcessors();
    return ParallelCalls.of(
            workers,
            IntStream.range(0, workers).boxed().toList(),
            worker ->
                values(
                    storage,
                    expected,
                    actual,
                    (int) ((long) columns * worker / workers),
                    (int) ((long) columns * (worker + 1) / workers)))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> values(
      Storage storage, String expected, String actual, int from, int to) throws IOException {
    List<String> differences = new ArrayList<>();
    try (ParquetFile left = storage.open(expected);
        ParquetFile right = storage.open(actual)) {
      ChunkReader leftReader = left.reader();
      ChunkReader rightReader = right.reader();
      for (int column = from; column < to; column++) {
        ColumnVector expectedValues = leftReader.read(left.footer(), column);
        ColumnVector actualValues = rightReader.read(right.footer(), column);
        int[] rows = differing(expectedValues, actualValues);
        if (rows.length > 0) {
          differences.add(
              "%s: %,d values differ, the first in row %,d"
                  .formatted(left.footer().columns().get(column).name(), rows.length, rows[0]));
        }
      }
    }

    return differences;
  }

  private static int[] differing(ColumnVector left, ColumnVector right) {
    return IntStream.range(0, left.size()).filter(row -> !same(left, right, row)).toArray();
  }

  private static boolean same(ColumnVector left, ColumnVector right, int row) {
    if (left.isNull(row) || right.isNull(row)) {
      return left.isNull(row) == right.isNull(row);
    } else if (left instanceof Longs longs) {
      return longs.values()[row] == ((Longs) right).values()[row];
    } else if (left instanceof Ints ints) {
      return ints.values()[row] == ((Ints) right).values()[row];
    } else if (left instanceof Booleans booleans) {
      return booleans.values()[row] == ((Booleans) right).values()[row];
    }

    Binaries one = (Binaries) left;
    Binaries other = (Binaries) right;
    return Arrays.equals(
        one.bytes(),
        one.offsets()[row],
        one.offsets()[row + 1],
        other.bytes(),
        other.offsets()[row],
        other.offsets()[row + 1]);
  }
}
