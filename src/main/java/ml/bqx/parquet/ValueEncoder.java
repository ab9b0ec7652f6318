package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.DictionaryEncoder.Dictionary;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/** Encodes the present values of consecutive rows; called page after page in row order. */
interface ValueEncoder {
  /** First size of parquet-java's growing buffers, and the largest piece they grow by. */
  int SLAB_BYTES = 16 << 10;

  int MAX_SLAB_BYTES = 1 << 20;

  /** Appends the values of rows {@code [from .. to)} that are not null. */
  void append(int from, int to, PageBuffer page) throws IOException;

  /** PLAIN: values one behind the other, byte arrays each behind its length. */
  static ValueEncoder plain(ColumnSchema column, ColumnVector vector) {
    if (vector instanceof Longs longs) {
      return (from, to, page) -> longs(longs, from, to, page);
    } else if (vector instanceof Ints ints) {
      return (from, to, page) -> ints(ints, from, to, page);
    } else if (vector instanceof Booleans booleans) {
      return (from, to, page) -> booleans(booleans, from, to, page);
    }

    boolean fixed = column.fixedBytes() > 0;
    return (from, to, page) -> binaries((Binaries) vector, fixed, from, to, page);
  }

  /** RLE_DICTIONARY: the bit width, then the indices in hybrid runs. */
  static ValueEncoder indices(Dictionary dictionary, ColumnVector vector) {
    int[] next = {0};
    return (from, to, page) -> {
      page.write(dictionary.bitWidth());
      try (RunLengthBitPackingHybridEncoder encoder = hybrid(dictionary.bitWidth())) {
        for (int row = from; row < to; row++) {
          if (!vector.isNull(row)) {
            encoder.writeInt(dictionary.ids()[next[0]++]);
          }
        }

        encoder.toBytes().writeAllTo(page);
      }
    };
  }

  /** DELTA_BINARY_PACKED. */
  static ValueEncoder deltas(Longs vector) {
    return (from, to, page) -> {
      try (DeltaBinaryPackingValuesWriterForLong writer =
          new DeltaBinaryPackingValuesWriterForLong(
              SLAB_BYTES, MAX_SLAB_BYTES, HeapByteBufferAllocator.getInstance())) {
        for (int row = from; row < to; row++) {
          if (!vector.isNull(row)) {
            writer.writeLong(vector.values()[row]);
          }
        }

        writer.getBytes().writeAllTo(page);
      }
    };
  }

  /** Definition levels of an optional column, behind their length in four bytes. */
  static void levels(ColumnVector vector, int from, int to, PageBuffer page) throws IOException {
    int start = page.size();
    page.reserve(Integer.BYTES).putInt(0);
    try (RunLengthBitPackingHybridEncoder encoder = hybrid(1)) {
      for (int row = from; row < to; row++) {
        encoder.writeInt(vector.isNull(row) ? 0 : 1);
      }

      encoder.toBytes().writeAllTo(page);
    }

    page.putInt(start, page.size() - start - Integer.BYTES);
  }

  private static RunLengthBitPackingHybridEncoder hybrid(int bitWidth) {
    return new RunLengthBitPackingHybridEncoder(
        bitWidth, SLAB_BYTES, MAX_SLAB_BYTES, HeapByteBufferAllocator.getInstance());
  }

  private static void longs(Longs vector, int from, int to, PageBuffer page) {
    ByteBuffer target = page.reserve((long) (to - from) * Long.BYTES);
    if (vector.valid() == null) {
      target.asLongBuffer().put(vector.values(), from, to - from);
      page.advance((to - from) * Long.BYTES);
      return;
    }

    for (int row = from; row < to; row++) {
      if (vector.valid()[row]) {
        target.putLong(vector.values()[row]);
      }
    }
  }

  private static void ints(Ints vector, int from, int to, PageBuffer page) {
    ByteBuffer target = page.reserve((long) (to - from) * Integer.BYTES);
    for (int row = from; row < to; row++) {
      if (!vector.isNull(row)) {
        target.putInt(vector.values()[row]);
      }
    }
  }

  private static void booleans(Booleans vector, int from, int to, PageBuffer page) {
    ByteBuffer target = page.reserve((to - from) / Byte.SIZE + 1);
    int bits = 0;
    int packed = 0;
    for (int row = from; row < to; row++) {
      if (!vector.isNull(row)) {
        packed |= vector.values()[row] ? 1 << bits : 0;
        if (++bits == Byte.SIZE) {
          target.put((byte) packed);
          bits = 0;
          packed = 0;
        }
      }
    }

    if (bits > 0) {
      target.put((byte) packed);
    }
  }

  private static void binaries(Binaries vector, boolean fixed, int from, int to, PageBuffer page) {
    for (int row = from; row < to; row++) {
      if (vector.isNull(row)) {
        continue;
      }

      int length = vector.length(row);
      if (!fixed) {
        page.reserve(Integer.BYTES).putInt(length);
      }

      page.write(vector.bytes(), vector.offsets()[row], length);
    }
  }
}
