package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Decodes INT32 and FLOAT. */
final class IntDecoder extends ValueDecoder {
  private final VectorBuilder.OfInts target;

  IntDecoder(VectorBuilder.OfInts target, ColumnSchema column) {
    super(column);
    this.target = target;
  }

  @Override
  void requirePlain(PageBytes page, int count) throws IOException {
    page.copy().take((long) count * Integer.BYTES);
  }

  @Override
  void plain(PageBytes page, int from, int count) throws IOException {
    page.buffer((long) count * Integer.BYTES).asIntBuffer().get(target.values, from, count);
  }

  @Override
  void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
    int[] entries = ((ColumnVector.Ints) dictionary).values();
    int[] values = target.values;
    for (int i = 0; i < count; i++) {
      values[from + i] = entries[ids[i]];
    }
  }

  @Override
  void deltas(PageBytes page, int from, int count) throws IOException {
    long[] wide = new long[count];
    DeltaDecoder.read(page, wide, 0, count);
    for (int i = 0; i < count; i++) {
      target.values[from + i] = (int) wide[i];
    }
  }

  @Override
  void byteStreams(PageBytes page, int from, int count) throws IOException {
    int start = takeStreams(page, Integer.BYTES, count);
    byte[] bytes = page.array();
    int[] values = target.values;
    for (int i = 0; i < count; i++) {
      int value = 0;
      for (int stream = 0; stream < Integer.BYTES; stream++) {
        value |= (bytes[start + stream * count + i] & 0xff) << (stream * Byte.SIZE);
      }

      values[from + i] = value;
    }
  }

  @Override
  void spread(int from, int rows, int present) {
    int[] values = target.values;
    boolean[] valid = target.valid;
    int row = from + rows - 1;
    int next = from + present - 1;
    for (; row > next && next >= from; row--) {
      int one = valid[row] ? 1 : 0;
      values[row] = values[next] & -one;
      next -= one;
    }

    if (next < from) {
      Arrays.fill(values, from, row + 1, 0);
    }
  }
}
