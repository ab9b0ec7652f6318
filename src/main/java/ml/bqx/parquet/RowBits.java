package ml.bqx.parquet;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One bit a row, 64 rows at a time: true where the row has a value. */
final class RowBits {
  /** First size: a row block of 16,384. */
  private static final int INITIAL_WORDS = 256;

  /** Bits behind the last row are zero in the word that has it, and anything in later words. */
  private long[] words = new long[INITIAL_WORDS];

  private int size;

  /** The bits of a mask. */
  static RowBits of(boolean... mask) {
    RowBits bits = new RowBits();
    for (int row = 0; row < mask.length; row += Long.SIZE) {
      int count = Math.min(Long.SIZE, mask.length - row);
      long word = 0;
      for (int i = 0; i < count; i++) {
        word |= (mask[row + i] ? 1L : 0) << i;
      }

      bits.append(word, count);
    }

    return bits;
  }

  /** The bits of a mask; null for none. */
  static @Nullable RowBits ofNullable(boolean @Nullable [] mask) {
    return mask == null ? null : of(mask);
  }

  /** Number of rows. */
  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /**
   * Appends rows.
   *
   * @param bits the first row's is the lowest; zero beyond the last row's
   * @param count how many, up to 64
   */
  void append(long bits, int count) {
    int word = size / Long.SIZE;
    int shift = size % Long.SIZE;
    if (word + 1 >= words.length) {
      words = Arrays.copyOf(words, VectorBuilder.grown(words.length, word + 2L, Long.BYTES));
    }

    words[word] = shift == 0 ? bits : words[word] | (bits << shift);
    words[word + 1] = shift == 0 ? 0 : bits >>> (Long.SIZE - shift);
    size += count;
  }

  /** Appends equal rows. */
  void append(boolean value, int count) {
    for (int left = count; left > 0; left -= Long.SIZE) {
      int n = Math.min(Long.SIZE, left);
      append(value ? ones(n) : 0, n);
    }
  }

  /** Appends rows {@code [from .. to)} of others. */
  void append(RowBits source, int from, int to) {
    for (int row = from; row < to; row += Long.SIZE) {
      int count = Math.min(Long.SIZE, to - row);
      append(source.bits(row, count), count);
    }
  }

  /**
   * Appends rows of which some are those of another: where they are true, the next row of {@code
   * source} is taken, from its first on.
   *
   * @param places which rows those are, {@code [from .. to)} of them
   */
  void appendSpread(RowBits source, RowBits places, int from, int to) {
    int next = 0;
    for (int row = from; row < to; row += Long.SIZE) {
      int count = Math.min(Long.SIZE, to - row);
      long spread = places.bits(row, count);
      int taken = Long.bitCount(spread);
      append(spread(source.bits(next, taken), taken, spread), count);
      next += taken;
    }
  }

  /** Takes those of the {@code places} away whose bits are zero, and there are few of them. */
  private static long spread(long bits, int count, long places) {
    long spread = places;
    long rest = places;
    int passed = 0;
    for (long zeros = ~bits & ones(count); zeros != 0; zeros &= zeros - 1) {
      for (int zero = Long.numberOfTrailingZeros(zeros); passed < zero; passed++) {
        rest &= rest - 1;
      }

      spread &= ~Long.lowestOneBit(rest);
    }

    return spread;
  }

  /** The bits of {@code count} rows (0 to 64), the first row's the lowest. */
  long bits(int from, int count) {
    int word = from / Long.SIZE;
    int shift = from % Long.SIZE;
    long bits = words[word] >>> shift;
    if (shift + count > Long.SIZE) {
      bits |= words[word + 1] << (Long.SIZE - shift);
    }

    return bits & ones(count);
  }

  /** How many of the rows {@code [from .. to)} are true. */
  int count(int from, int to) {
    int set = 0;
    for (int row = from; row < to; row += Long.SIZE) {
      set += Long.bitCount(bits(row, Math.min(Long.SIZE, to - row)));
    }

    return set;
  }

  private static long ones(int count) {
    return count == 0 ? 0 : -1L >>> (Long.SIZE - count);
  }
}
