package ml.bqx.parquet;

import java.util.Arrays;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Grows a {@link ColumnVector} row by row. Each physical type has its own builder, so that values
 * are never boxed; {@link #of} picks it.
 */
public abstract sealed class VectorBuilder {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** True where a row has a value; slots past {@link #size} are not rows yet. */
  boolean[] valid;

  /** Rows appended so far. */
  int size;

  private int nulls;

  private VectorBuilder(int capacity) {
    valid = new boolean[capacity];
  }

  /** A builder for the physical type, with room for {@code capacity} rows before it grows. */
  public static VectorBuilder of(Type physical, int capacity) {
    return switch (physical) {
      case BOOLEAN -> new OfBooleans(capacity);
      case INT32, FLOAT -> new OfInts(capacity);
      case INT64, DOUBLE -> new OfLongs(capacity);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> new OfBinaries(capacity);
    };
  }

  /** Appends a row without a value. */
  public final void appendNull() {
    int row = nextRow();
    valid[row] = false;
    nulls++;
    fillNull(row);
  }

  /** Rows appended so far. */
  public final int size() {
    return size;
  }

  /** Rows for which there is room before it grows. */
  public final int capacity() {
    return valid.length;
  }

  /** Begins again, in the same arrays: what was lent is overwritten. */
  public final void clear() {
    size = 0;
    nulls = 0;
  }

  /** The vector of all rows appended; the builder must not be used afterwards. */
  public abstract ColumnVector build();

  /** The same, with no copy: its arrays may be longer, and are valid until the builder is used. */
  public abstract ColumnVector lend();

  abstract void resize(int capacity);

  /** Bytes that a row takes at least. */
  abstract int slotBytes();

  /** Makes the slot of a null what it is in a new array. */
  abstract void fillNull(int row);

  final int nextRow() {
    reserve(1);
    return size++;
  }

  /** Makes room for {@code rows} more rows, for decoders that fill the arrays themselves. */
  final void reserve(int rows) {
    if (rows > valid.length - size) {
      int capacity = grown(valid.length, (long) size + rows, slotBytes());
      valid = Arrays.copyOf(valid, capacity);
      resize(capacity);
    }
  }

  /** Called by decoders that filled {@code rows} slots and {@link #valid} behind {@link #size}. */
  final void advance(int rows, int nullsAmong) {
    size += rows;
    nulls += nullsAmong;
  }

  final boolean @Nullable [] mask() {
    if (nulls == 0) {
      return null;
    }

    return size == valid.length ? valid : Arrays.copyOf(valid, size);
  }

  /** Also for rows that there are not. */
  final boolean @Nullable [] lentMask() {
    return nulls == 0 ? null : valid;
  }

  /**
   * The next size of an array that grows by half.
   *
   * @throws IllegalStateException when an array or the heap cannot hold {@code needed} slots:
   *     checked first, because footers and page headers may state wrong numbers of rows
   */
  static int grown(int current, long needed, int slotBytes) {
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > MAX_ARRAY || needed > heap / slotBytes) {
      throw new IllegalStateException(
          "Cannot hold %d slots of %d bytes: an array has %d, the heap %d bytes"
              .formatted(needed, slotBytes, MAX_ARRAY, heap));
    }

    return (int) Math.min(MAX_ARRAY, Math.max(Math.max(16, needed), current + (current >> 1)));
  }

  /** Builds {@link ColumnVector.Booleans}. */
  public static final class OfBooleans extends VectorBuilder {
    boolean[] values;

    private OfBooleans(int capacity) {
      super(capacity);
      values = new boolean[capacity];
    }

    /** Appends a value. */
    public void append(boolean value) {
      int row = nextRow();
      valid[row] = true;
      values[row] = value;
    }

    @Override
    void fillNull(int row) {
      values[row] = false;
    }

    @Override
    int slotBytes() {
      return 2;
    }

    @Override
    void resize(int capacity) {
      values = Arrays.copyOf(values, capacity);
    }

    @Override
    public ColumnVector build() {
      return new ColumnVector.Booleans(
          size == values.length ? values : Arrays.copyOf(values, size), mask());
    }

    @Override
    public ColumnVector lend() {
      return new ColumnVector.Booleans(values, lentMask());
    }
  }

  /** Builds {@link ColumnVector.Ints}. */
  public static final class OfInts extends VectorBuilder {
    int[] values;

    private OfInts(int capacity) {
      super(capacity);
      values = new int[capacity];
    }

    /** Appends a value: an INT32, or the raw bits of a FLOAT. */
    public void append(int value) {
      int row = nextRow();
      valid[row] = true;
      values[row] = value;
    }

    @Override
    void fillNull(int row) {
      values[row] = 0;
    }

    @Override
    int slotBytes() {
      return Integer.BYTES + 1;
    }

    @Override
    void resize(int capacity) {
      values = Arrays.copyOf(values, capacity);
    }

    @Override
    public ColumnVector build() {
      return new ColumnVector.Ints(
          size == values.length ? values : Arrays.copyOf(values, size), mask());
    }

    @Override
    public ColumnVector lend() {
      return new ColumnVector.Ints(values, lentMask());
    }
  }

  /** Builds {@link ColumnVector.Longs}. */
  public static final class OfLongs extends VectorBuilder {
    long[] values;

    private OfLongs(int capacity) {
      super(capacity);
      values = new long[capacity];
    }

    /** Appends a value: an INT64, or the raw bits of a DOUBLE. */
    public void append(long value) {
      int row = nextRow();
      valid[row] = true;
      values[row] = value;
    }

    @Override
    void fillNull(int row) {
      values[row] = 0;
    }

    @Override
    int slotBytes() {
      return Long.BYTES + 1;
    }

    @Override
    void resize(int capacity) {
      values = Arrays.copyOf(values, capacity);
    }

    @Override
    public ColumnVector build() {
      return new ColumnVector.Longs(
          size == values.length ? values : Arrays.copyOf(values, size), mask());
    }

    @Override
    public ColumnVector lend() {
      return new ColumnVector.Longs(values, lentMask());
    }
  }

  /** Builds {@link ColumnVector.Binaries}. */
  public static final class OfBinaries extends VectorBuilder {
    /** Bytes reserved a row at first; strings in feature tables are short labels. */
    private static final int BYTES_PER_ROW = 8;

    int[] offsets;
    byte[] bytes;

    private OfBinaries(int capacity) {
      super(capacity);
      offsets = new int[capacity + 1];
      bytes = new byte[(int) Math.min(MAX_ARRAY, (long) capacity * BYTES_PER_ROW)];
    }

    /** Appends a value. */
    public void append(byte[] value) {
      append(value, 0, value.length);
    }

    /** Appends the value in {@code source[offset .. offset + length)}. */
    public void append(byte[] source, int offset, int length) {
      int row = nextRow();
      valid[row] = true;
      int end = offsets[row];
      reserveBytes(end, length);
      System.arraycopy(source, offset, bytes, end, length);
      offsets[row + 1] = end + length;
    }

    /** Makes room for {@code length} bytes behind the first {@code end}. */
    void reserveBytes(int end, long length) {
      if (length > bytes.length - end) {
        bytes = Arrays.copyOf(bytes, grown(bytes.length, end + length, 1));
      }
    }

    @Override
    void fillNull(int row) {
      offsets[row + 1] = offsets[row];
    }

    @Override
    int slotBytes() {
      return Integer.BYTES + 1;
    }

    @Override
    void resize(int capacity) {
      offsets = Arrays.copyOf(offsets, capacity + 1);
    }

    @Override
    public ColumnVector build() {
      return new ColumnVector.Binaries(
          bytes, size + 1 == offsets.length ? offsets : Arrays.copyOf(offsets, size + 1), mask());
    }

    @Override
    public ColumnVector lend() {
      return new ColumnVector.Binaries(bytes, offsets, lentMask());
    }
  }
}
