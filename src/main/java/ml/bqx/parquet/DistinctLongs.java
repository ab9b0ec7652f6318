package ml.bqx.parquet;

import java.util.Arrays;

/** Distinct values of 64 bits, numbered in the order in which they appear. */
final class DistinctLongs {
  /** Spreads bits before masking; 2^64 divided by the golden ratio, as in Fibonacci hashing. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** The arrays after each {@link #clear}; most searches need no larger ones. */
  private final long[] firstValues;

  private final int[] firstSlots;

  private long[] values;
  private int[] slots;
  private int size;

  /** None yet; with room for some before it grows. */
  DistinctLongs(int capacity) {
    firstValues = new long[capacity];
    firstSlots = new int[slots(capacity)];
    values = firstValues;
    slots = firstSlots;
    clear();
  }

  /** Forgets all values. */
  void clear() {
    values = firstValues;
    slots = firstSlots;
    size = 0;
    Arrays.fill(slots, -1);
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The values by their numbers; may be longer. */
  long[] values() {
    return values;
  }

  /** The number of a value, the next one if it is new. */
  int add(long value) {
    int slot = slot(value);
    while (slots[slot] >= 0) {
      if (values[slots[slot]] == value) {
        return slots[slot];
      }

      slot = (slot + 1) & (slots.length - 1);
    }

    if (size == values.length) {
      grow();
      slot = freeSlot(value);
    }

    slots[slot] = size;
    values[size] = value;
    return size++;
  }

  private void grow() {
    values = Arrays.copyOf(values, 2 * size);
    slots = new int[slots(values.length)];
    Arrays.fill(slots, -1);
    for (int id = 0; id < size; id++) {
      slots[freeSlot(values[id])] = id;
    }
  }

  private int freeSlot(long value) {
    int slot = slot(value);
    while (slots[slot] >= 0) {
      slot = (slot + 1) & (slots.length - 1);
    }

    return slot;
  }

  private int slot(long value) {
    return (int) ((value * SPREAD) >>> (Long.SIZE - Integer.numberOfTrailingZeros(slots.length)));
  }

  /** Slots for up to {@code capacity} values, half full at most. */
  private static int slots(int capacity) {
    return Integer.highestOneBit(capacity) * 4;
  }
}
