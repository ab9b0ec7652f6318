package ml.bqx.parquet;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of one column in primitive arrays, one slot a row, with a validity mask.
 *
 * <p>Vectors are named by the width of their slots and not by what the bits mean: a FLOAT is an
 * {@link Ints} and a DOUBLE a {@link Longs} of raw IEEE 754 bits, so that NaN payloads and signed
 * zeros survive and one loop serves both. The slot of a null row holds zero bits (or no bytes).
 *
 * <p>The arrays are shared, not copied: the vector owns them from then on.
 */
public sealed interface ColumnVector {

  /** Number of rows. */
  int size();

  /** One entry a row, true where the row has a value; null when no row is null. */
  boolean @Nullable [] valid();

  /** Whether the row (0-based) has no value. */
  default boolean isNull(int row) {
    boolean[] mask = valid();
    return mask != null && !mask[row];
  }

  /** Number of rows without a value. */
  default int nullCount() {
    boolean[] mask = valid();
    if (mask == null) {
      return 0;
    }

    int nulls = 0;
    for (boolean present : mask) {
      nulls += present ? 0 : 1;
    }

    return nulls;
  }

  /** BOOLEAN values. */
  record Booleans(boolean[] values, boolean @Nullable [] valid) implements ColumnVector {
    @Override
    public int size() {
      return values.length;
    }
  }

  /** INT32 values, or the raw bits of FLOAT values. */
  record Ints(int[] values, boolean @Nullable [] valid) implements ColumnVector {
    @Override
    public int size() {
      return values.length;
    }
  }

  /** INT64 values, or the raw bits of DOUBLE values. */
  record Longs(long[] values, boolean @Nullable [] valid) implements ColumnVector {
    @Override
    public int size() {
      return values.length;
    }
  }

  /**
   * BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY values; row {@code i} is {@code bytes[offsets[i]]} up to,
   * but without, {@code bytes[offsets[i + 1]]}.
   */
  record Binaries(byte[] bytes, int[] offsets, boolean @Nullable [] valid) implements ColumnVector {
    @Override
    public int size() {
      return offsets.length - 1;
    }

    /** Bytes in one row; 0 for a null. */
    public int length(int row) {
      return offsets[row + 1] - offsets[row];
    }
  }
}
