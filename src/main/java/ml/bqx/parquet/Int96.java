package ml.bqx.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Longs;

/**
 * Timestamps as Impala, Hive and, by default, Spark store them: the nanoseconds of a day in eight
 * bytes, then the day by the Julian calendar's count in four, both little-endian. They are moments
 * in UTC.
 */
public final class Int96 {
  /** Bytes of a value. */
  static final int BYTES = 12;

  /** The Julian day number of 1970-01-01. */
  private static final long EPOCH_DAY = 2_440_588;

  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int NANOS_PER_MICRO = 1_000;

  /** Days whose microseconds, with room for the time of day, fit 64 bits: about 273,000 years. */
  private static final long MAX_DAYS = 100_000_000;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Int96() {}

  /**
   * The values as microseconds since 1970.
   *
   * @param file and {@code column} are for messages
   * @throws InvalidParquetException naming the row when microseconds cannot hold one exactly
   */
  public static Longs micros(Binaries raw, String file, String column)
      throws InvalidParquetException {
    long[] values = new long[raw.size()];
    for (int row = 0; row < values.length; row++) {
      if (!raw.isNull(row)) {
        int offset = raw.offsets()[row];
        long nanos = (long) LONG.get(raw.bytes(), offset);
        long day = (int) INT.get(raw.bytes(), offset + Long.BYTES) - EPOCH_DAY;
        if (nanos % NANOS_PER_MICRO != 0 || Math.abs(day) > MAX_DAYS) {
          throw ParquetFooter.broken(
              file,
              "%s in row %,d is day %,d since 1970 and %d ns, which microseconds in 64 bits cannot hold exactly; round or correct it when writing the file"
                  .formatted(column, row, day, nanos));
        }

        values[row] = day * MICROS_PER_DAY + nanos / NANOS_PER_MICRO;
      }
    }

    return new Longs(values, raw.valid());
  }
}
