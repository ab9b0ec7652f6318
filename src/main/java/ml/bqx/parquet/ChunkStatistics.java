package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
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

  /**
   * The statistics of a chunk.
   *
   * @param values begin with {@code count} values, none of them null: all that are in the chunk, or
   *     the distinct ones
   */
  static Statistics of(ColumnSchema column, ColumnVector values, int count, int nulls) {
    Statistics statistics = new Statistics().setNull_count(nulls);
    if (count == 0) {
      return statistics;
    }

    if (column.physical() == Type.DOUBLE) {
      doubles(((Longs) values).values(), count, statistics);
    } else if (column.physical() == Type.FLOAT) {
      floats(((Ints) values).values(), count, statistics);
    } else if (values instanceof Booleans booleans) {
      booleans(booleans.values(), count, statistics);
    } else if (values instanceof Binaries binaries) {
      text(column, binaries, count, statistics);
    } else if (unsigned(column.element())) {
      return statistics;
    } else if (values instanceof Longs longs) {
      longs(longs.values(), count, statistics);
    } else {
      ints(((Ints) values).values(), count, statistics);
    }

    return statistics;
  }

  private static boolean unsigned(SchemaElement element) {
    LogicalType logical = element.getLogicalType();
    if (logical != null && logical.isSetINTEGER() && !logical.getINTEGER().isIsSigned()) {
      return true;
    }

    ConvertedType converted = element.getConverted_type();
    return converted == ConvertedType.UINT_8
        || converted == ConvertedType.UINT_16
        || converted == ConvertedType.UINT_32
        || converted == ConvertedType.UINT_64;
  }

  private static void doubles(long[] values, int count, Statistics statistics) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long ordered = ordered(values[i]);
      min = Math.min(min, ordered);
      max = Math.max(max, ordered);
    }

    double least = Double.longBitsToDouble(ordered(min));
    double greatest = Double.longBitsToDouble(ordered(max));
    // In that order a NaN is beyond both infinities, so any would be one of the two.
    if (!Double.isNaN(least) && !Double.isNaN(greatest)) {
      set(
          statistics,
          little(Double.doubleToRawLongBits(least == 0 ? -0.0 : least)),
          little(Double.doubleToRawLongBits(greatest == 0 ? 0.0 : greatest)));
    }
  }

  /** Maps IEEE 754 bits to integers in the order of the numbers, and back. */
  private static long ordered(long bits) {
    return bits ^ ((bits >> (Long.SIZE - 1)) >>> 1);
  }

  private static void floats(int[] values, int count, Statistics statistics) {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      int ordered = ordered(values[i]);
      min = Math.min(min, ordered);
      max = Math.max(max, ordered);
    }

    float least = Float.intBitsToFloat(ordered(min));
    float greatest = Float.intBitsToFloat(ordered(max));
    if (!Float.isNaN(least) && !Float.isNaN(greatest)) {
      set(
          statistics,
          little(Float.floatToRawIntBits(least == 0 ? -0.0f : least)),
          little(Float.floatToRawIntBits(greatest == 0 ? 0.0f : greatest)));
    }
  }

  private static int ordered(int bits) {
    return bits ^ ((bits >> (Integer.SIZE - 1)) >>> 1);
  }

  private static void longs(long[] values, int count, Statistics statistics) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }

    set(statistics, little(min), little(max));
  }

  private static void ints(int[] values, int count, Statistics statistics) {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }

    set(statistics, little(min), little(max));
  }

  private static void booleans(boolean[] values, int count, Statistics statistics) {
    boolean min = true;
    boolean max = false;
    for (int i = 0; i < count; i++) {
      min &= values[i];
      max |= values[i];
    }

    set(statistics, new byte[] {(byte) (min ? 1 : 0)}, new byte[] {(byte) (max ? 1 : 0)});
  }

  /** Bytes without a logical type and text order by unsigned bytes; decimals and others do not. */
  private static void text(ColumnSchema column, Binaries vector, int count, Statistics statistics) {
    SchemaElement element = column.element();
    boolean plain = !element.isSetLogicalType() && !element.isSetConverted_type();
    boolean utf8 =
        element.getConverted_type() == ConvertedType.UTF8
            || (element.isSetLogicalType() && element.getLogicalType().isSetSTRING());
    if (column.physical() != Type.BYTE_ARRAY || !(plain || utf8)) {
      return;
    }

    int min = 0;
    int max = 0;
    for (int i = 0; i < count; i++) {
      if (vector.length(i) > MAX_BOUND_BYTES) {
        return;
      }

      min = compare(vector, i, min) < 0 ? i : min;
      max = compare(vector, i, max) > 0 ? i : max;
    }

    set(statistics, value(vector, min), value(vector, max));
  }

  private static int compare(Binaries vector, int left, int right) {
    int[] offsets = vector.offsets();
    return Arrays.compareUnsigned(
        vector.bytes(),
        offsets[left],
        offsets[left + 1],
        vector.bytes(),
        offsets[right],
        offsets[right + 1]);
  }

  private static byte[] value(Binaries vector, int i) {
    return Arrays.copyOfRange(vector.bytes(), vector.offsets()[i], vector.offsets()[i + 1]);
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
