package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Decodes INT64 and DOUBLE. */
final class LongDecoder extends ValueDecoder {
  private final VectorBuilder.OfLongs target;

  LongDecoder(VectorBuilder.OfLongs target, ColumnSchema column) {
    super(column);
    this.target = target;
  }

  @Override
  void requirePlain(PageBytes page, int count) throws IOException {
    page.copy().take((long) count * Long.BYTES);
  }

  @Override
  void plain(PageBytes page, int from, int count) throws IOException {
    page.buffer((long) count * Long.BYTES).asLongBuffer().get(target.values, from, count);
  }

  @Override
  void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
    long[] entries = ((ColumnVector.Longs) dictionary).values();
    long[] values = target.values;
    for (int i = 0; i < count; i++) {
      values[from + i] = entries[ids[i]];
    }
  }

  @Override
  void deltas(PageBytes page, int from, int count) throws IOException {
    DeltaDecoder.read(page, target.values, from, count);
  }

  @Override
  void byteStreams(PageBytes page, int from, int count) throws IOException {
    int start = takeStreams(page, Long.BYTES, count);
    byte[] bytes = page.array();
    long[] values = target.values;
    for (int i = 0; i < count; i++) {
      long value = 0;
      for (int stream = 0; stream < Long.BYTES; stream++) {
        value |= (bytes[start + stream * count + i] & 0xffL) << (stream * Byte.SIZE);
      }

      values[from + i] = value;
    }
  }

  @Override
  void spread(int from, int rows, int present) {
    long[] values = target.values;
    boolean[] valid = target.valid;
    int row = from + rows - 1;
    int next = from + present - 1;
    // No branch on the mask: where nulls fall is what a processor cannot guess.
    for (; row > next && next >= from; row--) {
      int one = valid[row] ? 1 : 0;
      values[row] = values[next] & -(long) one;
      next -= one;
    }

    if (next < from) {
      Arrays.fill(values, from, row + 1, 0);
    }
  }
}
