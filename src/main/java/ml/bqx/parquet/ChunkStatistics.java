package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;

/**
 * Minimum, maximum and null count of a column chunk by the rules of the format's {@code
 * parquet.thrift}: floating point bounds are left out when a NaN is among the values and zeros are
 * widened to both signs; types whose order is not the physical one get no bounds.
 */
final class ChunkStatistics {
  /** Longer text would bloat the footer, and readers prune by it only rarely. */
  private static final int MAX_BOUND_BYTES = 64;

  private ChunkStatistics() {}

  static Statistics of(ColumnSchema column, ColumnVector vector, int nulls) {
    Statistics statistics = new Statistics().setNull_count(nulls);
    if (nulls == vector.size()) {
      return statistics;
    }

    if (column.physical() == Type.DOUBLE) {
      doubles((Longs) vector, statistics);
    } else if (column.physical() == Type.FLOAT) {
      floats((Ints) vector, statistics);
    } else if (vector instanceof Booleans booleans) {
      booleans(booleans, statistics);
    } else if (vector instanceof Binaries binaries) {
      text(column, binaries, statistics);
    } else if (!unsigned(column)) {
      integers(vector, statistics);
    }

    return statistics;
  }

  private static boolean unsigned(ColumnSchema column) {
    return column.element().isSetLogicalType()
        && column.element().getLogicalType().isSetINTEGER()
        && !column.element().getLogicalType().getINTEGER().isIsSigned();
  }

  private static void doubles(Longs vector, Statistics statistics) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long[] values = vector.values();
    boolean[] valid = vector.valid();
    for (int row = 0; row < values.length; row++) {
      if (valid == null || valid[row]) {
        double value = Double.longBitsToDouble(values[row]);
        if (Double.isNaN(value)) {
          return;
        }

        min = value < min ? value : min;
        max = value > max ? value : max;
      }
    }

    set(
        statistics,
        little(Double.doubleToRawLongBits(min == 0 ? -0.0 : min)),
        little(Double.doubleToRawLongBits(max == 0 ? 0.0 : max)));
  }

  private static void floats(Ints vector, Statistics statistics) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int row = 0; row < vector.size(); row++) {
      if (!vector.isNull(row)) {
        float value = Float.intBitsToFloat(vector.values()[row]);
        if (Float.isNaN(value)) {
          return;
        }

        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }

    set(
        statistics,
        little(Float.floatToRawIntBits(min == 0 ? -0.0f : min)),
        little(Float.floatToRawIntBits(max == 0 ? 0.0f : max)));
  }

  private static void integers(ColumnVector vector, Statistics statistics) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int row = 0; row < vector.size(); row++) {
      if (!vector.isNull(row)) {
        long value =
            vector instanceof Longs longs ? longs.values()[row] : ((Ints) vector).values()[row];
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }

    if (vector instanceof Longs) {
      set(statistics, little(min), little(max));
    } else {
      set(statistics, little((int) min), little((int) max));
    }
  }

  private static void booleans(Booleans vector, Statistics statistics) {
    boolean min = true;
    boolean max = false;
    for (int row = 0; row < vector.size(); row++) {
      if (!vector.isNull(row)) {
        min &= vector.values()[row];
        max |= vector.values()[row];
      }
    }

    set(statistics, new byte[] {(byte) (min ? 1 : 0)}, new byte[] {(byte) (max ? 1 : 0)});
  }

  /** Bytes without a logical type and text order by unsigned bytes; decimals and others do not. */
  private static void text(ColumnSchema column, Binaries vector, Statistics statistics) {
    boolean plain = !column.element().isSetLogicalType() && !column.element().isSetConverted_type();
    boolean utf8 = column.element().getConverted_type() == ConvertedType.UTF8;
    if (column.physical() != Type.BYTE_ARRAY || !(plain || utf8)) {
      return;
    }

    byte[] min = null;
    byte[] max = null;
    for (int row = 0; row < vector.size(); row++) {
      if (vector.isNull(row)) {
        continue;
      }

      if (vector.length(row) > MAX_BOUND_BYTES) {
        return;
      }

      if (min == null || compare(vector, row, min) < 0) {
        min = value(vector, row);
      }

      if (max == null || compare(vector, row, max) > 0) {
        max = value(vector, row);
      }
    }

    set(statistics, min, max);
  }

  private static int compare(Binaries vector, int row, byte[] other) {
    int from = vector.offsets()[row];
    return Arrays.compareUnsigned(
        vector.bytes(), from, from + vector.length(row), other, 0, other.length);
  }

  private static byte[] value(Binaries vector, int row) {
    return Arrays.copyOfRange(vector.bytes(), vector.offsets()[row], vector.offsets()[row + 1]);
  }

  private static void set(Statistics statistics, byte[] min, byte[] max) {
    statistics
        .setMin_value(min)
        .setMax_value(max)
        .setIs_min_value_exact(true)
        .setIs_max_value_exact(true);
  }

  private static byte[] little(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static byte[] little(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
