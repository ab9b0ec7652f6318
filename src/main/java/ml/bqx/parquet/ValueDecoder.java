package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.Type;
import org.apache.parquet.io.api.Binary;

/**
 * Decodes page values into the arrays of a {@link VectorBuilder}, one subclass for each kind of
 * array. Present values are decoded side by side from slot {@code from} on; {@link #spread} then
 * moves them to the rows that are not null.
 */
abstract sealed class ValueDecoder {
  private ValueDecoder() {}

  /** The decoder that fills the builder. */
  static ValueDecoder of(ColumnSchema column, VectorBuilder target) {
    if (target instanceof VectorBuilder.OfLongs longs) {
      return new Longs(longs, column);
    } else if (target instanceof VectorBuilder.OfInts ints) {
      return new Ints(ints, column);
    } else if (target instanceof VectorBuilder.OfBooleans booleans) {
      return new Booleans(booleans);
    } else {
      return new Binaries((VectorBuilder.OfBinaries) target, column.fixedBytes());
    }
  }

  /** Decodes {@code count} PLAIN values. */
  abstract void plain(ByteBuffer page, int from, int count);

  /** Looks {@code count} values up in the dictionary. */
  abstract void lookUp(ColumnVector dictionary, int[] ids, int from, int count);

  /** Takes {@code count} values one by one from parquet-java's reader of a rarer encoding. */
  abstract void each(ValuesReader reader, int from, int count);

  /** Moves {@code present} values that lie side by side to the valid ones among {@code rows}. */
  abstract void spread(int from, int rows, int present);

  private static final class Longs extends ValueDecoder {
    private final VectorBuilder.OfLongs target;
    private final ColumnSchema column;

    Longs(VectorBuilder.OfLongs target, ColumnSchema column) {
      this.target = target;
      this.column = column;
    }

    @Override
    void plain(ByteBuffer page, int from, int count) {
      page.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(target.values, from, count);
    }

    @Override
    void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
      long[] entries = ((ColumnVector.Longs) dictionary).values();
      long[] values = target.values;
      for (int i = 0; i < count; i++) {
        values[from + i] = entries[ids[i]];
      }
    }

    @Override
    void each(ValuesReader reader, int from, int count) {
      boolean isDouble = column.physical() == Type.DOUBLE;
      for (int i = 0; i < count; i++) {
        target.values[from + i] =
            isDouble ? Double.doubleToRawLongBits(reader.readDouble()) : reader.readLong();
      }
    }

    @Override
    void spread(int from, int rows, int present) {
      long[] values = target.values;
      boolean[] valid = target.valid;
      for (int row = from + rows - 1, next = from + present - 1; row > next; row--) {
        values[row] = valid[row] ? values[next--] : 0;
      }
    }
  }

  private static final class Ints extends ValueDecoder {
    private final VectorBuilder.OfInts target;
    private final ColumnSchema column;

    Ints(VectorBuilder.OfInts target, ColumnSchema column) {
      this.target = target;
      this.column = column;
    }

    @Override
    void plain(ByteBuffer page, int from, int count) {
      page.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(target.values, from, count);
    }

    @Override
    void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
      int[] entries = ((ColumnVector.Ints) dictionary).values();
      for (int i = 0; i < count; i++) {
        target.values[from + i] = entries[ids[i]];
      }
    }

    @Override
    void each(ValuesReader reader, int from, int count) {
      boolean isFloat = column.physical() == Type.FLOAT;
      for (int i = 0; i < count; i++) {
        target.values[from + i] =
            isFloat ? Float.floatToRawIntBits(reader.readFloat()) : reader.readInteger();
      }
    }

    @Override
    void spread(int from, int rows, int present) {
      int[] values = target.values;
      boolean[] valid = target.valid;
      for (int row = from + rows - 1, next = from + present - 1; row > next; row--) {
        values[row] = valid[row] ? values[next--] : 0;
      }
    }
  }

  private static final class Booleans extends ValueDecoder {
    private final VectorBuilder.OfBooleans target;

    Booleans(VectorBuilder.OfBooleans target) {
      this.target = target;
    }

    @Override
    void plain(ByteBuffer page, int from, int count) {
      int start = page.position();
      for (int i = 0; i < count; i++) {
        target.values[from + i] = (page.get(start + (i >>> 3)) >>> (i & 7) & 1) != 0;
      }
    }

    @Override
    void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
      throw new IllegalArgumentException("a dictionary of booleans");
    }

    @Override
    void each(ValuesReader reader, int from, int count) {
      for (int i = 0; i < count; i++) {
        target.values[from + i] = reader.readBoolean();
      }
    }

    @Override
    void spread(int from, int rows, int present) {
      boolean[] values = target.values;
      boolean[] valid = target.valid;
      for (int row = from + rows - 1, next = from + present - 1; row > next; row--) {
        values[row] = valid[row] && values[next--];
      }
    }
  }

  private static final class Binaries extends ValueDecoder {
    private final VectorBuilder.OfBinaries target;

    /** Bytes of every value, or 0 when each tells its own length. */
    private final int fixedBytes;

    Binaries(VectorBuilder.OfBinaries target, int fixedBytes) {
      this.target = target;
      this.fixedBytes = fixedBytes;
    }

    @Override
    void plain(ByteBuffer page, int from, int count) {
      page.order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        int length = fixedBytes > 0 ? fixedBytes : page.getInt();
        if (length < 0 || length > page.remaining()) {
          throw new IllegalArgumentException("value of %d bytes".formatted(length));
        }

        int at = target.offsets[from + i];
        target.reserveBytes(at, length);
        page.get(target.bytes, at, length);
        target.offsets[from + i + 1] = at + length;
      }
    }

    @Override
    void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
      ColumnVector.Binaries entries = (ColumnVector.Binaries) dictionary;
      for (int i = 0; i < count; i++) {
        put(from + i, entries.bytes(), entries.offsets()[ids[i]], entries.length(ids[i]));
      }
    }

    @Override
    void each(ValuesReader reader, int from, int count) {
      for (int i = 0; i < count; i++) {
        Binary value = reader.readBytes();
        put(from + i, value.getBytesUnsafe(), 0, value.length());
      }
    }

    private void put(int row, byte[] source, int offset, int length) {
      int at = target.offsets[row];
      target.reserveBytes(at, length);
      System.arraycopy(source, offset, target.bytes, at, length);
      target.offsets[row + 1] = at + length;
    }

    @Override
    void spread(int from, int rows, int present) {
      int[] offsets = target.offsets;
      boolean[] valid = target.valid;
      for (int row = from + rows, next = from + present; row > next; row--) {
        offsets[row] = offsets[next];
        next -= valid[row - 1] ? 1 : 0;
      }
    }
  }
}
