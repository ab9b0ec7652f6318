package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds the distinct values of a column chunk, unless a dictionary would not pay: it pays when it
 * and its indices take less than three quarters of the PLAIN bytes. Most features are doubles that
 * never repeat, so the search gives up early on them. The arrays are reused from chunk to chunk.
 */
final class DictionaryEncoder {
  /** Values after which a column of mostly distinct values is given up. */
  private static final int GIVE_UP_AFTER = 256;

  /**
   * A dictionary that pays.
   *
   * @param entries the distinct values in order of first appearance
   * @param size number of entries
   * @param ids for each value, in order, the index of its entry; may be longer, and is valid until
   *     the next search
   */
  record Dictionary(ColumnVector entries, int size, int[] ids) {
    /** Bits an index takes. */
    int bitWidth() {
      return bits(size);
    }
  }

  private final DistinctLongs found = new DistinctLongs(GIVE_UP_AFTER);

  private int[] ids = new int[0];
  private int[] places = new int[0];
  private int distinct;

  /**
   * The dictionary of the first {@code count} values, or null when it does not pay.
   *
   * @param values none of them null
   */
  @Nullable Dictionary encode(ColumnVector values, int count) {
    begin(count);
    if (values instanceof Longs longs) {
      return search(longs.values(), count) ? longs(found.values(), count) : null;
    } else if (values instanceof Ints ints) {
      return ints(ints.values(), count);
    } else if (values instanceof Binaries binaries) {
      return binaries(binaries, count);
    }

    return null;
  }

  /**
   * The dictionary of the first {@code count} values of another, or null when it does not pay: the
   * same as of the values themselves.
   *
   * @param values by their index, all distinct
   * @param indices of the values
   */
  @Nullable Dictionary encode(long[] values, int[] indices, int count) {
    begin(count);
    if (places.length < values.length) {
      places = new int[values.length];
    }

    Arrays.fill(places, -1);
    long[] entries = new long[Math.min(count, values.length)];
    for (int i = 0; i < count; i++) {
      int index = indices[i];
      int id = places[index];
      if (id < 0) {
        id = distinct++;
        places[index] = id;
        entries[id] = values[index];
        if (hopeless(i + 1)) {
          return null;
        }
      }

      ids[i] = id;
    }

    return longs(entries, count);
  }

  private void begin(int count) {
    if (ids.length < count) {
      ids = new int[count];
    }

    distinct = 0;
  }

  private @Nullable Dictionary longs(long[] entries, int count) {
    if (!pays((long) distinct * Long.BYTES, count, (long) count * Long.BYTES)) {
      return null;
    }

    return new Dictionary(new Longs(Arrays.copyOf(entries, distinct), null), distinct, ids);
  }

  private @Nullable Dictionary ints(int[] values, int count) {
    long[] wide = new long[count];
    for (int i = 0; i < count; i++) {
      wide[i] = values[i];
    }

    if (!search(wide, count)
        || !pays((long) distinct * Integer.BYTES, count, (long) count * Integer.BYTES)) {
      return null;
    }

    int[] narrow = new int[distinct];
    for (int i = 0; i < distinct; i++) {
      narrow[i] = (int) found.values()[i];
    }

    return new Dictionary(new Ints(narrow, null), distinct, ids);
  }

  /** Fills entries and ids; false as soon as there is no hope. */
  private boolean search(long[] values, int count) {
    found.clear();
    for (int i = 0; i < count; i++) {
      int id = found.add(values[i]);
      if (id == distinct) {
        distinct++;
        if (hopeless(i + 1)) {
          return false;
        }
      }

      ids[i] = id;
    }

    return true;
  }

  private @Nullable Dictionary binaries(Binaries vector, int count) {
    Map<ByteBuffer, Integer> found = new HashMap<>();
    VectorBuilder.OfBinaries texts =
        (VectorBuilder.OfBinaries) VectorBuilder.of(Type.BYTE_ARRAY, GIVE_UP_AFTER);
    long entryBytes = 0;
    for (int i = 0; i < count; i++) {
      int offset = vector.offsets()[i];
      int length = vector.length(i);
      Integer id = found.putIfAbsent(ByteBuffer.wrap(vector.bytes(), offset, length), distinct);
      if (id == null) {
        texts.append(vector.bytes(), offset, length);
        entryBytes += Integer.BYTES + length;
        id = distinct++;
        if (hopeless(i + 1)) {
          return null;
        }
      }

      ids[i] = id;
    }

    long plainBytes = vector.offsets()[count] - vector.offsets()[0] + (long) count * Integer.BYTES;
    return pays(entryBytes, count, plainBytes)
        ? new Dictionary(texts.build(), distinct, ids)
        : null;
  }

  private boolean hopeless(int seen) {
    return seen >= GIVE_UP_AFTER && distinct > seen / 4 * 3;
  }

  private boolean pays(long entryBytes, int count, long plainBytes) {
    return entryBytes + (long) count * bits(distinct) / Byte.SIZE < plainBytes / 4 * 3;
  }

  private static int bits(int size) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
  }
}
