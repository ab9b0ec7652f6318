package ml.bqx.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes the <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">RLE /
 * bit-packing hybrid</a> run by run into arrays; definition levels, dictionary indices and RLE
 * booleans use it.
 */
final class HybridDecoder {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A bit-packed run comes in groups of this many values. */
  private static final int PACKED_GROUP = 8;

  private final byte[] data;
  private final int end;
  private final int bitWidth;
  private final long mask;
  private int at;

  /** Decodes values of {@code bitWidth} bits (0 to 32) from {@code data[at .. end)}. */
  HybridDecoder(byte[] data, int at, int end, int bitWidth) {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new IllegalArgumentException("bit width %d".formatted(bitWidth));
    }

    this.data = data;
    this.at = at;
    this.end = end;
    this.bitWidth = bitWidth;
    this.mask = (1L << bitWidth) - 1;
  }

  /** Decodes {@code count} values into {@code target[from ..]}. */
  void read(int[] target, int from, int count) {
    int done = 0;
    while (done < count) {
      int header = varint();
      int n = Math.min(runLength(header), count - done);
      if ((header & 1) == 0) {
        Arrays.fill(target, from + done, from + done + n, repeated());
      } else {
        for (int i = 0; i < n; i++) {
          target[from + done + i] = packed(i);
        }

        skipPacked(header);
      }

      done += n;
    }
  }

  /**
   * Decodes {@code count} one-bit values into {@code target[from ..]}; returns how many are true.
   */
  int read(boolean[] target, int from, int count) {
    int done = 0;
    int set = 0;
    while (done < count) {
      int header = varint();
      int n = Math.min(runLength(header), count - done);
      if ((header & 1) == 0) {
        boolean value = repeated() != 0;
        Arrays.fill(target, from + done, from + done + n, value);
        set += value ? n : 0;
      } else {
        for (int i = 0; i < n; i++) {
          int bit = packed(i);
          target[from + done + i] = bit != 0;
          set += bit;
        }

        skipPacked(header);
      }

      done += n;
    }

    return set;
  }

  private static int runLength(int header) {
    int length = (header & 1) == 0 ? header >>> 1 : (header >>> 1) * PACKED_GROUP;
    if (length <= 0) {
      throw new IllegalArgumentException("run of length %d".formatted(length));
    }

    return length;
  }

  private int repeated() {
    int value = 0;
    for (int shift = 0; shift < bitWidth; shift += Byte.SIZE) {
      value |= (next() & 0xff) << shift;
    }

    return value;
  }

  /** The i-th value of the bit-packed run that begins at {@link #at}. */
  private int packed(int i) {
    long bit = (long) i * bitWidth;
    int first = at + (int) (bit >>> 3);
    long word = first + Long.BYTES <= data.length ? (long) LONG.get(data, first) : lastBytes(first);
    return (int) ((word >>> (bit & 7)) & mask);
  }

  /** As a long read, for the last bytes of the array. */
  private long lastBytes(int first) {
    long word = 0;
    for (int i = 0; first + i < end; i++) {
      word |= (data[first + i] & 0xffL) << (i * Byte.SIZE);
    }

    return word;
  }

  private void skipPacked(int header) {
    // Some writers cut the padding of the last run, so the end may lie inside it.
    at = (int) Math.min(end, at + (long) (header >>> 1) * bitWidth);
  }

  private int varint() {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = next();
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }

      if (shift > 28) {
        throw new IllegalArgumentException("varint of more than 5 bytes");
      }
    }
  }

  private byte next() {
    if (at >= end) {
      throw new IllegalArgumentException("runs end %d bytes early".formatted(at - end + 1));
    }

    return data[at++];
  }
}
