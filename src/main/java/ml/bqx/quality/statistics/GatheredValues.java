package ml.bqx.quality.statistics;

import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.RowGather;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of a run of spine rows without the nulls among them: for each its row, bits by which
 * equal values are equal, and for numbers the number. The arrays are reused from run to run.
 */
final class GatheredValues {
  /** The bits of infinity, which NaNs have too. */
  private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

  private ValueType type = ValueType.DOUBLE;
  private final int[] sources;
  private final int[] rows;
  private final long[] bits;
  private final double[] numbers;
  private int count;

  /**
   * Rows whose sources the arrays hold, when no value of these is null: most columns' are equal.
   */
  private int @Nullable [] matched;

  private int matchedFrom;
  private int matchedTo;
  private int longestGap;
  private int finite;
  private long zeros;
  private long nan;
  private long infinite;

  /**
   * Room for values.
   *
   * @param capacity rows of the longest run
   */
  GatheredValues(int capacity) {
    this.sources = new int[capacity];
    this.rows = new int[capacity];
    this.bits = new long[capacity];
    this.numbers = new double[capacity];
  }

  /**
   * Takes the values of the rows {@code [from .. to)} of a part of the spine.
   *
   * @param values what they are
   * @param match for each row its row in the source, or {@link RowGather#NO_ROW}
   */
  void gather(ValueType values, ColumnVector source, int[] match, int from, int to) {
    type = values;
    present(source, match, from, to);
    finite = 0;
    zeros = 0;
    nan = 0;
    infinite = 0;
    bits(source);
    if (type.isNumber() && type.kind() != ValueType.Kind.DOUBLE) {
      keepFinite();
    }
  }

  private void present(ColumnVector source, int[] match, int from, int to) {
    boolean[] valid = source.valid();
    if (valid == null && match == matched && from == matchedFrom && to == matchedTo) {
      return;
    }

    matched = valid == null ? match : null;
    matchedFrom = from;
    matchedTo = to;
    count = 0;
    for (int row = from; row < to; row++) {
      int at = match[row];
      sources[count] = at;
      rows[count] = row;
      // Counted and not tested: a test is often guessed wrong.
      count += at >= 0 && (valid == null || valid[at]) ? 1 : 0;
    }

    int step = 1;
    for (int i = 1; i < count; i++) {
      step = Math.max(step, rows[i] - rows[i - 1]);
    }

    longestGap = step - 1;
  }

  private void bits(ColumnVector source) {
    if (source instanceof Longs longs) {
      if (type.kind() == ValueType.Kind.DOUBLE) {
        doubles(longs.values());
      } else {
        longs(longs.values());
      }
    } else if (source instanceof Ints ints) {
      ints(ints.values());
    } else if (source instanceof Booleans booleans) {
      for (int i = 0; i < count; i++) {
        bits[i] = booleans.values()[sources[i]] ? 1 : 0;
        numbers[i] = bits[i];
      }
    } else {
      binaries((Binaries) source);
    }
  }

  /** In one pass when all are finite, as nearly always. */
  private void doubles(long[] values) {
    int special = 0;
    int zero = 0;
    for (int i = 0; i < count; i++) {
      double unsigned = Double.longBitsToDouble(values[sources[i]]) + 0.0;
      long raw = Double.doubleToRawLongBits(unsigned);
      numbers[i] = unsigned;
      bits[i] = raw;
      zero += raw == 0 ? 1 : 0;
      special += (raw & INFINITE) == INFINITE ? 1 : 0;
    }

    finite = count;
    zeros = zero;
    if (special > 0) {
      finite = 0;
      zeros = 0;
      for (int i = 0; i < count; i++) {
        put(i, numbers[i]);
      }

      keepFinite();
    }
  }

  /** Zeros of both signs are one value, and so are all NaNs. */
  private void put(int i, double value) {
    double unsigned = value + 0.0;
    numbers[i] = unsigned;
    bits[i] = Double.doubleToLongBits(unsigned);
  }

  private void longs(long[] values) {
    for (int i = 0; i < count; i++) {
      bits[i] = values[sources[i]];
      numbers[i] = bits[i];
    }
  }

  private void ints(int[] values) {
    for (int i = 0; i < count; i++) {
      int value = values[sources[i]];
      if (type.kind() == ValueType.Kind.FLOAT) {
        put(i, Float.intBitsToFloat(value));
      } else {
        bits[i] = value;
        numbers[i] = value;
      }
    }
  }

  private void binaries(Binaries values) {
    for (int i = 0; i < count; i++) {
      int from = values.offsets()[sources[i]];
      int to = values.offsets()[sources[i] + 1];
      bits[i] = Hash.of(values.bytes(), from, to);
      if (type.isNumber()) {
        numbers[i] = type.number(values.bytes(), from, to);
      }
    }
  }

  /** Counts special values, and moves the finite ones to the front. */
  private void keepFinite() {
    for (int i = 0; i < count; i++) {
      double value = numbers[i];
      boolean isFinite = Math.abs(value) <= Double.MAX_VALUE;
      zeros += value == 0 ? 1 : 0;
      numbers[finite] = value;
      finite += isFinite ? 1 : 0;
      if (!isFinite) {
        nan += Double.isNaN(value) ? 1 : 0;
        infinite += Double.isNaN(value) ? 0 : 1;
      }
    }
  }

  /** Values that are not null. */
  int count() {
    return count;
  }

  /** The row of the source that has the value. */
  int source(int i) {
    return sources[i];
  }

  /** The row of the part of the spine. */
  int row(int i) {
    return rows[i];
  }

  /**
   * The first value, from value {@code i} on, whose row is not before this one.
   *
   * @param row of the part of the spine
   */
  int at(int row, int i) {
    if (i >= count || rows[i] >= row) {
      return i;
    }

    // Rows ascend, so that it is not behind this one, and not far before it where few are missing.
    int at = Math.min(count, i + row - rows[i]);
    while (rows[at - 1] >= row) {
      at--;
    }

    return at;
  }

  /** The most rows without a value between two that have one. */
  int longestGap() {
    return longestGap;
  }

  /** For each value its bits; callers must not modify them. */
  long[] bits() {
    return bits;
  }

  /** The finite numbers, {@link #finite} of them; callers must not modify them. */
  double[] numbers() {
    return numbers;
  }

  int finite() {
    return finite;
  }

  /** The number of value {@code i}, or NaN when it is not finite. */
  double number(int i) {
    double number = finite == count ? numbers[i] : Double.longBitsToDouble(bits[i]);
    return Double.isInfinite(number) ? Double.NaN : number;
  }

  long zeros() {
    return zeros;
  }

  long nan() {
    return nan;
  }

  long infinite() {
    return infinite;
  }
}
