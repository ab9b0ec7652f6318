package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Decodes BOOLEAN. */
final class BooleanDecoder extends ValueDecoder {
  private final VectorBuilder.OfBooleans target;

  BooleanDecoder(VectorBuilder.OfBooleans target, ColumnSchema column) {
    super(column);
    this.target = target;
  }

  @Override
  void requirePlain(PageBytes page, int count) throws IOException {
    page.copy().take(plainBytes(count));
  }

  @Override
  void plain(PageBytes page, int from, int count) throws IOException {
    int start = page.take(plainBytes(count));
    byte[] bytes = page.array();
    for (int i = 0; i < count; i++) {
      target.values[from + i] = ((bytes[start + (i >>> 3)] >>> (i & 7)) & 1) != 0;
    }
  }

  private static long plainBytes(int count) {
    return ((long) count + Byte.SIZE - 1) / Byte.SIZE;
  }

  @Override
  void runs(PageBytes page, int from, int count) throws IOException {
    PageBytes runs = page.slice(page.int32());
    new HybridDecoder(runs, 1).read(target.values, from, count);
  }

  @Override
  void spread(int from, int rows, int present) {
    boolean[] values = target.values;
    boolean[] valid = target.valid;
    int row = from + rows - 1;
    int next = from + present - 1;
    for (; row > next && next >= from; row--) {
      values[row] = valid[row] & values[next];
      next -= valid[row] ? 1 : 0;
    }

    if (next < from) {
      Arrays.fill(values, from, row + 1, false);
    }
  }
}
