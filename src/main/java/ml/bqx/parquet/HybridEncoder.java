package ml.bqx.parquet;

import static ml.bqx.parquet.HybridDecoder.PACKED_GROUP;

import java.nio.ByteBuffer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Encodes the <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">RLE /
 * bit-packing hybrid</a> a few groups at a time; nothing is decided value by value, because where
 * nulls fall is what a processor cannot guess.
 */
final class HybridEncoder {
  /** Groups of a bit-packed run at most, so that its header is one byte; as other writers do. */
  private static final int MAX_GROUPS = 63;

  /**
   * Bytes from which equal values are written as a repeated run. It takes a bit-packed run apart,
   * which costs two headers and the value: three bytes or more.
   */
  private static final int REPEATED_PAYS_BYTES = 4;

  private final PageBuffer page;
  private final int bitWidth;

  /** Where the header of the open bit-packed run is, or -1. */
  private int openRun = -1;

  private int openGroups;

  private HybridEncoder(PageBuffer page, int bitWidth) {
    this.page = page;
    this.bitWidth = bitWidth;
  }

  /**
   * Appends the mask's rows {@code [from .. to)} as values of one bit, all ones when there is no
   * mask.
   *
   * @return how many are true
   */
  static int encode(@Nullable RowBits mask, int from, int to, PageBuffer page) {
    HybridEncoder encoder = new HybridEncoder(page, 1);
    if (mask == null) {
      encoder.repeated(1, to - from);
      return to - from;
    }

    return encoder.bits(mask, from, to);
  }

  /**
   * Appends {@code values[from .. to)}, of which each has up to {@code bitWidth} (1 to 32) bits.
   */
  static void encode(int[] values, int from, int to, int bitWidth, PageBuffer page) {
    new HybridEncoder(page, bitWidth).ints(values, from, to);
  }

  private int bits(RowBits mask, int from, int to) {
    int set = 0;
    for (int row = from; row < to; ) {
      int n = Math.min(Integer.SIZE, to - row);
      int word = (int) mask.bits(row, n);
      if (n == Integer.SIZE && (word == 0 || word == -1)) {
        int start = row;
        do {
          row += Integer.SIZE;
        } while (row + Integer.SIZE <= to && (int) mask.bits(row, Integer.SIZE) == word);
        repeated(word & 1, row - start);
        set += word & (row - start);
      } else {
        int groups = (n + PACKED_GROUP - 1) / PACKED_GROUP;
        ByteBuffer target = packed(groups);
        target.putInt(target.position(), word);
        page.advance(groups);
        set += Integer.bitCount(word);
        row += n;
      }
    }

    closeRun();
    return set;
  }

  private void ints(int[] values, int from, int to) {
    // The fewest whole groups for which a repeated run pays.
    int unit = PACKED_GROUP * Math.max(1, REPEATED_PAYS_BYTES / bitWidth);
    for (int i = from; i < to; ) {
      int start = i;
      while (i + unit <= to && allEqual(values, i, unit, values[start])) {
        i += unit;
      }

      if (i > start) {
        repeated(values[start], i - start);
      } else {
        for (int end = Math.min(to, i + unit); i < end; i += PACKED_GROUP) {
          pack(values, i, Math.min(PACKED_GROUP, end - i));
        }
      }
    }

    closeRun();
  }

  private static boolean allEqual(int[] values, int from, int n, int value) {
    int difference = 0;
    for (int i = from; i < from + n; i++) {
      difference |= values[i] ^ value;
    }

    return difference == 0;
  }

  /** Appends a group; values that it lacks are zero. */
  private void pack(int[] values, int from, int n) {
    ByteBuffer target = packed(1);
    int at = target.position();
    long word = 0;
    int bits = 0;
    for (int i = 0; i < n; i++) {
      word |= (values[from + i] & 0xffff_ffffL) << bits;
      bits += bitWidth;
      if (bits >= Integer.SIZE) {
        target.putInt(at, (int) word);
        at += Integer.BYTES;
        word >>>= Integer.SIZE;
        bits -= Integer.SIZE;
      }
    }

    for (int end = target.position() + bitWidth; at < end; at++) {
      target.put(at, (byte) word);
      word >>>= Byte.SIZE;
    }

    page.advance(bitWidth);
  }

  /** Counts {@code groups} more in a bit-packed run; returns where their bytes go. */
  private ByteBuffer packed(int groups) {
    if (openRun < 0 || openGroups + groups > MAX_GROUPS) {
      closeRun();
      openRun = page.size();
      openGroups = 0;
      page.write(0);
    }

    openGroups += groups;
    return page.reserve(Math.max(Integer.BYTES, (long) groups * bitWidth));
  }

  private void closeRun() {
    if (openRun >= 0) {
      page.array()[openRun] = (byte) ((openGroups << 1) | 1);
      openRun = -1;
    }
  }

  private void repeated(int value, int count) {
    closeRun();
    int header = count << 1;
    for (; header >>> 7 != 0; header >>>= 7) {
      page.write((header & 0x7f) | 0x80);
    }

    page.write(header);
    for (int shift = 0; shift < bitWidth; shift += Byte.SIZE) {
      page.write(value >>> shift);
    }
  }
}
