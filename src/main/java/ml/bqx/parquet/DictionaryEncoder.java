package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds the distinct values of a column chunk, unless a dictionary would not pay: it pays when it
 * and its indices take less than three quarters of the PLAIN bytes. Most features are doubles that
 * never repeat, so the search gives up early on them.
 */
final class DictionaryEncoder {
  /** Values after which a column of mostly distinct values is given up. */
  private static final int GIVE_UP_AFTER = 256;

  /** Spreads bits before masking; 2^64 divided by the golden ratio, as in Fibonacci hashing. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /**
   * A dictionary that pays.
   *
   * @param entries the distinct values in order of first appearance
   * @param size number of entries
   * @param ids for each present row, in order, the index of its value
   */
  record Dictionary(ColumnVector entries, int size, int[] ids) {
    /** Bits an index takes. */
    int bitWidth() {
      return bits(size);
    }
  }

  private final boolean[] valid;
  private final int rows;
  private final int[] ids;
  private int distinct;
  private int seen;

  private DictionaryEncoder(ColumnVector vector, int present) {
    valid = vector.valid();
    rows = vector.size();
    ids = new int[present];
  }

  /**
   * The dictionary of the present values, or null when it does not pay.
   *
   * @param present number of rows that are not null
   */
  static @Nullable Dictionary encode(ColumnVector vector, int present) {
    if (present == 0) {
      return null;
    }

    DictionaryEncoder encoder = new DictionaryEncoder(vector, present);
    if (vector instanceof Longs longs) {
      return encoder.longs(longs.values());
    } else if (vector instanceof Ints ints) {
      return encoder.ints(ints.values());
    } else if (vector instanceof Binaries binaries) {
      return encoder.binaries(binaries);
    }

    return null;
  }

  private @Nullable Dictionary longs(long[] values) {
    long[] entries = new long[GIVE_UP_AFTER];
    int[] slots = emptySlots(GIVE_UP_AFTER);
    for (int row = 0; row < rows; row++) {
      if (valid != null && !valid[row]) {
        continue;
      }

      long value = values[row];
      int slot = slot(value, slots.length);
      while (slots[slot] >= 0 && entries[slots[slot]] != value) {
        slot = (slot + 1) & (slots.length - 1);
      }

      if (slots[slot] < 0) {
        if (distinct == entries.length) {
          entries = Arrays.copyOf(entries, 2 * distinct);
          slots = rehash(entries, distinct);
          slot = freeSlot(slots, value);
        }

        entries[distinct] = value;
        slots[slot] = distinct++;
      }

      ids[seen++] = slots[slot];
      if (hopeless()) {
        return null;
      }
    }

    return pays((long) distinct * Long.BYTES, (long) seen * Long.BYTES)
        ? new Dictionary(new Longs(Arrays.copyOf(entries, distinct), null), distinct, ids)
        : null;
  }

  private @Nullable Dictionary ints(int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }

    Dictionary dictionary = longs(wide);
    if (dictionary == null || !pays((long) distinct * Integer.BYTES, (long) seen * Integer.BYTES)) {
      return null;
    }

    long[] entries = ((Longs) dictionary.entries).values();
    int[] narrow = new int[distinct];
    for (int i = 0; i < distinct; i++) {
      narrow[i] = (int) entries[i];
    }

    return new Dictionary(new Ints(narrow, null), distinct, ids);
  }

  private @Nullable Dictionary binaries(Binaries vector) {
    Map<ByteBuffer, Integer> found = new HashMap<>();
    VectorBuilder.OfBinaries entries =
        (VectorBuilder.OfBinaries)
            VectorBuilder.of(org.apache.parquet.format.Type.BYTE_ARRAY, GIVE_UP_AFTER);
    long entryBytes = 0;
    long plainBytes = 0;
    for (int row = 0; row < rows; row++) {
      if (vector.isNull(row)) {
        continue;
      }

      int offset = vector.offsets()[row];
      int length = vector.length(row);
      ByteBuffer value = ByteBuffer.wrap(vector.bytes(), offset, length);
      Integer id = found.putIfAbsent(value, distinct);
      if (id == null) {
        entries.append(vector.bytes(), offset, length);
        entryBytes += Integer.BYTES + length;
      }

      ids[seen++] = id == null ? distinct++ : id;
      plainBytes += Integer.BYTES + length;
      if (hopeless()) {
        return null;
      }
    }

    return pays(entryBytes, plainBytes) ? new Dictionary(entries.build(), distinct, ids) : null;
  }

  private boolean hopeless() {
    return seen >= GIVE_UP_AFTER && distinct > seen / 4 * 3;
  }

  private boolean pays(long entryBytes, long plainBytes) {
    return entryBytes + (long) seen * bits(distinct) / Byte.SIZE < plainBytes / 4 * 3;
  }

  private static int bits(int size) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
  }

  /** Slots for up to {@code capacity} entries, half full at most. */
  private static int[] emptySlots(int capacity) {
    int[] slots = new int[Integer.highestOneBit(capacity) * 4];
    Arrays.fill(slots, -1);
    return slots;
  }

  private static int[] rehash(long[] entries, int count) {
    int[] slots = emptySlots(entries.length);
    for (int i = 0; i < count; i++) {
      slots[freeSlot(slots, entries[i])] = i;
    }

    return slots;
  }

  private static int freeSlot(int[] slots, long value) {
    int slot = slot(value, slots.length);
    while (slots[slot] >= 0) {
      slot = (slot + 1) & (slots.length - 1);
    }

    return slot;
  }

  private static int slot(long value, int slots) {
    return (int) ((value * SPREAD) >>> (Long.SIZE - Integer.numberOfTrailingZeros(slots)));
  }
}
