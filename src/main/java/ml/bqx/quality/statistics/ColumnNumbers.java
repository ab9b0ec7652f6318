package ml.bqx.quality.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;

/** Values of a column as numbers, for those who look at the values themselves. */
public final class ColumnNumbers {
  private ColumnNumbers() {}

  /** Whether the values of a column are numbers, one a row. */
  public static boolean areIn(ColumnSchema schema) {
    return schema.isFlat() && ValueType.of(schema).isNumber();
  }

  /**
   * The numbers of the rows {@code [from .. to)}; NaN stands for a null and for what is not finite.
   *
   * @param schema of a column of numbers
   */
  public static double[] of(ColumnSchema schema, ColumnVector values, int from, int to) {
    int rows = to - from;
    int[] match = IntStream.range(from, to).toArray();
    GatheredValues gathered = new GatheredValues(rows);
    gathered.gather(ValueType.of(schema), values, match, 0, rows);
    double[] numbers = new double[rows];
    Arrays.fill(numbers, Double.NaN);
    for (int i = 0; i < gathered.count(); i++) {
      numbers[gathered.row(i)] = gathered.number(i);
    }

    return numbers;
  }
}
