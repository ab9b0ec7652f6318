package ml.bqx.parquet;

import java.io.IOException;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.DictionaryEncoder.Dictionary;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;

/** Encodes a run of values, none of them null, to a page. */
interface ValueEncoder {
  /** First size of parquet-java's growing buffers, and the largest piece they grow by. */
  int SLAB_BYTES = 16 << 10;

  int MAX_SLAB_BYTES = 1 << 20;

  /** Appends the values {@code [from .. to)}. */
  void append(int from, int to, PageBuffer page) throws IOException;

  /** PLAIN: values one behind the other, byte arrays each behind its length. */
  static ValueEncoder plain(ColumnSchema column, ColumnVector values) {
    if (values instanceof Longs longs) {
      return (from, to, page) -> {
        page.reserve((long) (to - from) * Long.BYTES)
            .asLongBuffer()
            .put(longs.values(), from, to - from);
        page.advance((to - from) * Long.BYTES);
      };
    } else if (values instanceof Ints ints) {
      return (from, to, page) -> {
        page.reserve((long) (to - from) * Integer.BYTES)
            .asIntBuffer()
            .put(ints.values(), from, to - from);
        page.advance((to - from) * Integer.BYTES);
      };
    } else if (values instanceof Booleans booleans) {
      return (from, to, page) -> booleans(booleans.values(), from, to, page);
    }

    int fixedBytes = column.fixedBytes();
    return (from, to, page) -> binaries((Binaries) values, fixedBytes, from, to, page);
  }

  /** BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones, and so on. */
  static ValueEncoder byteStreams(ColumnVector values) {
    if (values instanceof Longs longs) {
      return (from, to, page) -> {
        int count = to - from;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
          page.reserve(count);
          byte[] target = page.array();
          int start = page.size() - from;
          for (int i = from; i < to; i++) {
            target[start + i] = (byte) (longs.values()[i] >>> shift);
          }

          page.advance(count);
        }
      };
    }

    int[] ints = ((Ints) values).values();
    return (from, to, page) -> {
      int count = to - from;
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        page.reserve(count);
        byte[] target = page.array();
        int start = page.size() - from;
        for (int i = from; i < to; i++) {
          target[start + i] = (byte) (ints[i] >>> shift);
        }

        page.advance(count);
      }
    };
  }

  /** RLE_DICTIONARY: the bit width, then the indices in hybrid runs. */
  static ValueEncoder indices(Dictionary dictionary) {
    return (from, to, page) -> {
      page.write(dictionary.bitWidth());
      HybridEncoder.encode(dictionary.ids(), from, to, dictionary.bitWidth(), page);
    };
  }

  /** DELTA_BINARY_PACKED. */
  static ValueEncoder deltas(Longs vector) {
    return (from, to, page) -> {
      try (DeltaBinaryPackingValuesWriterForLong writer =
          new DeltaBinaryPackingValuesWriterForLong(
              SLAB_BYTES, MAX_SLAB_BYTES, HeapByteBufferAllocator.getInstance())) {
        for (int i = from; i < to; i++) {
          writer.writeLong(vector.values()[i]);
        }

        writer.getBytes().writeAllTo(page);
      }
    };
  }

  private static void booleans(boolean[] values, int from, int to, PageBuffer page) {
    for (int i = from; i < to; i += Byte.SIZE) {
      int packed = 0;
      for (int bit = 0; bit < Math.min(Byte.SIZE, to - i); bit++) {
        packed |= (values[i + bit] ? 1 : 0) << bit;
      }

      page.write(packed);
    }
  }

  private static void binaries(Binaries vector, int fixedBytes, int from, int to, PageBuffer page) {
    for (int i = from; i < to; i++) {
      int length = vector.length(i);
      if (fixedBytes == 0) {
        page.reserve(Integer.BYTES).putInt(length);
      } else if (length != fixedBytes) {
        throw new IllegalArgumentException(
            "Cannot write a value of %d bytes among ones of %d".formatted(length, fixedBytes));
      }

      page.write(vector.bytes(), vector.offsets()[i], length);
    }
  }
}
