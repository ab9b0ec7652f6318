package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes the <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">RLE /
 * bit-packing hybrid</a> run by run into arrays; definition levels, dictionary indices and RLE
 * booleans use it.
 */
final class HybridDecoder {
  /** A bit-packed run comes in groups of this many values. */
  static final int PACKED_GROUP = 8;

  /** The eight bits of every byte: copying them is faster than taking a byte apart. */
  private static final boolean[] BOOLEANS = new boolean[(1 << Byte.SIZE) * Byte.SIZE];

  static {
    for (int i = 0; i < BOOLEANS.length; i++) {
      BOOLEANS[i] = (((i / Byte.SIZE) >>> (i % Byte.SIZE)) & 1) != 0;
    }
  }

  private final PageBytes bytes;
  private final int bitWidth;
  private final long mask;

  /** Decodes values of {@code bitWidth} bits (0 to 32). */
  HybridDecoder(PageBytes bytes, int bitWidth) throws IOException {
    if (bitWidth < 0 || bitWidth > Integer.SIZE) {
      throw new IOException("values of %d bits".formatted(bitWidth));
    }

    this.bytes = bytes;
    this.bitWidth = bitWidth;
    this.mask = (1L << bitWidth) - 1;
  }

  /** Makes sure, before room is made for them, that the runs hold {@code count} values. */
  void require(int count) throws IOException {
    HybridDecoder ahead = new HybridDecoder(bytes.copy(), bitWidth);
    long held = 0;
    while (held < count) {
      if (ahead.bytes.remaining() == 0) {
        throw new IOException("runs of %d values where there should be %d".formatted(held, count));
      }

      int header = ahead.bytes.varint();
      held += runLength(header);
      if ((header & 1) == 0) {
        ahead.repeated();
      } else {
        ahead.packed(header, 0);
      }
    }
  }

  /** Decodes {@code count} values into {@code target[from ..]}. */
  void read(int[] target, int from, int count) throws IOException {
    int done = 0;
    while (done < count) {
      int header = bytes.varint();
      int n = (int) Math.min(runLength(header), count - done);
      if ((header & 1) == 0) {
        Arrays.fill(target, from + done, from + done + n, repeated());
      } else {
        unpack(packed(header, n), target, from + done, n);
      }

      done += n;
    }
  }

  /**
   * Decodes {@code count} one-bit values into {@code target[from ..]}; returns how many are true.
   */
  int read(boolean[] target, int from, int count) throws IOException {
    int done = 0;
    int set = 0;
    while (done < count) {
      int header = bytes.varint();
      int n = (int) Math.min(runLength(header), count - done);
      if ((header & 1) == 0) {
        int value = repeatedBit();
        Arrays.fill(target, from + done, from + done + n, value != 0);
        set += value * n;
      } else {
        set += unpack(packed(header, n), target, from + done, n);
      }

      done += n;
    }

    return set;
  }

  /** Decodes {@code count} one-bit values and appends them; returns how many are true. */
  int read(RowBits target, int count) throws IOException {
    int done = 0;
    int set = 0;
    while (done < count) {
      int header = bytes.varint();
      int n = (int) Math.min(runLength(header), count - done);
      if ((header & 1) == 0) {
        int value = repeatedBit();
        target.append(value != 0, n);
        set += value * n;
      } else {
        set += unpack(packed(header, n), target, n);
      }

      done += n;
    }

    return set;
  }

  private static long runLength(int header) {
    long length = Integer.toUnsignedLong(header) >>> 1;
    return (header & 1) == 0 ? length : length * PACKED_GROUP;
  }

  private int repeatedBit() throws IOException {
    int value = repeated();
    if (value >>> 1 != 0) {
      throw new IOException("level or boolean of %d".formatted(value));
    }

    return value;
  }

  private int repeated() throws IOException {
    int value = 0;
    for (int shift = 0; shift < bitWidth; shift += Byte.SIZE) {
      value |= (bytes.next() & 0xff) << shift;
    }

    return value;
  }

  /** Passes over a bit-packed run of which {@code n} values are wanted; returns its first byte. */
  private int packed(int header, int n) throws IOException {
    long needed = ((long) n * bitWidth + Byte.SIZE - 1) / Byte.SIZE;
    if (needed > bytes.remaining()) {
      throw new IOException(
          "%d values of %d bits in %d bytes".formatted(n, bitWidth, bytes.remaining()));
    }

    // Some writers cut the padding of the last run, so the end may be inside it.
    return bytes.take(Math.min(bytes.remaining(), (long) (header >>> 1) * bitWidth));
  }

  private void unpack(int start, int[] target, int from, int n) {
    int i = 0;
    if (bitWidth <= Byte.SIZE) {
      // A group of eight values then fits one word.
      int group = start;
      for (; i + PACKED_GROUP <= n; i += PACKED_GROUP) {
        long word = bytes.word(group);
        for (int j = 0; j < PACKED_GROUP; j++) {
          target[from + i + j] = (int) (word & mask);
          word >>>= bitWidth;
        }

        group += bitWidth;
      }
    }

    for (; i < n; i++) {
      long bit = (long) i * bitWidth;
      target[from + i] = (int) ((bytes.word(start + (int) (bit >>> 3)) >>> (bit & 7)) & mask);
    }
  }

  private int unpack(int start, boolean[] target, int from, int n) {
    byte[] array = bytes.array();
    int set = 0;
    int i = 0;
    for (; i + Byte.SIZE <= n; i += Byte.SIZE) {
      int bits = array[start + (i >>> 3)] & 0xff;
      set += Integer.bitCount(bits);
      System.arraycopy(BOOLEANS, bits * Byte.SIZE, target, from + i, Byte.SIZE);
    }

    for (; i < n; i++) {
      int bit = (array[start + (i >>> 3)] >>> (i & 7)) & 1;
      target[from + i] = bit != 0;
      set += bit;
    }

    return set;
  }

  private int unpack(int start, RowBits target, int n) {
    int set = 0;
    for (int i = 0; i < n; i += Long.SIZE) {
      int count = Math.min(Long.SIZE, n - i);
      // Bytes behind the run may follow its last value.
      long word = bytes.word(start + i / Byte.SIZE) & (-1L >>> (Long.SIZE - count));
      target.append(word, count);
      set += Long.bitCount(word);
    }

    return set;
  }
}
