package ml.bqx.parquet;

import org.apache.parquet.format.Type;

/**
 * The rows of a row block of a column of 64-bit values: which of them have a value, and the values
 * of those side by side. Values that all came from dictionaries are kept as indices. Reused from
 * block to block.
 */
public final class LongBlock {
  /** Which rows of the table that were taken have a value. */
  private final RowBits taken = new RowBits();

  private final RowBits rows = new RowBits();

  /** Its array has the values; it counts none of them. */
  private final VectorBuilder.OfLongs values =
      (VectorBuilder.OfLongs) VectorBuilder.of(Type.INT64, 0);

  private int[] indices = new int[0];

  /** What the indices stand for. */
  private long[] entries = new long[0];

  private boolean indexed;
  private int count;

  /** Empties it and makes room. */
  void clear(int capacity) {
    taken.clear();
    rows.clear();
    count = 0;
    indexed = true;
    values.reserve(capacity);
    indices = indices.length < capacity ? new int[capacity] : indices;
  }

  /** Which of the rows that are taken from the table have a value. */
  RowBits taken() {
    return taken;
  }

  /**
   * Appends values by their indices in the dictionary of a chunk.
   *
   * @param all distinct values of all dictionaries of the column until now
   * @param places for each index of this dictionary its place among them
   * @param ids the indices, {@code n} of them from {@code from} on
   */
  void append(long[] all, int[] places, int[] ids, int from, int n) {
    entries = all;
    if (indexed) {
      for (int i = 0; i < n; i++) {
        indices[count + i] = places[ids[from + i]];
      }
    } else {
      for (int i = 0; i < n; i++) {
        values.values[count + i] = all[places[ids[from + i]]];
      }
    }

    count += n;
  }

  /** Counts {@code n} values more, and returns where in the array they are to be put. */
  int append(int n) {
    values();
    indexed = false;
    count += n;
    return count - n;
  }

  /** The array that the values are put into. */
  VectorBuilder.OfLongs target() {
    return values;
  }

  /** Appends rows of the block: those that are matched are the ones taken from the table. */
  void spread(RowBits matched, int from, int to) {
    rows.appendSpread(taken, matched, from, to);
  }

  /** Which rows have a value. */
  RowBits rows() {
    return rows;
  }

  /** How many rows have a value. */
  int count() {
    return count;
  }

  /** Whether all values came from dictionaries. */
  boolean isIndexed() {
    return indexed;
  }

  /** For each value its place among the {@link #entries}, when it is indexed. */
  int[] indices() {
    return indices;
  }

  /** What the indices stand for, each once; others may follow. */
  long[] entries() {
    return entries;
  }

  /** The values; others may follow. */
  ColumnVector.Longs values() {
    if (indexed) {
      for (int i = 0; i < count; i++) {
        values.values[i] = entries[indices[i]];
      }
    }

    return new ColumnVector.Longs(values.values, null);
  }
}
