package ml.bqx.parquet;

import java.io.IOException;

/** Decodes BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY and INT96. */
final class BinaryDecoder extends ValueDecoder {
  private final VectorBuilder.OfBinaries target;

  /** Bytes of every value, or 0 when each is preceded by its length. */
  private final int fixedBytes;

  BinaryDecoder(VectorBuilder.OfBinaries target, ColumnSchema column) {
    super(column);
    this.target = target;
    this.fixedBytes = column.fixedBytes();
  }

  @Override
  void requirePlain(PageBytes page, int count) throws IOException {
    page.copy().take((long) count * (fixedBytes > 0 ? fixedBytes : Integer.BYTES));
  }

  @Override
  void plain(PageBytes page, int from, int count) throws IOException {
    if (fixedBytes > 0) {
      int start = page.take((long) count * fixedBytes);
      int length = count * fixedBytes;
      int at = target.offsets[from];
      target.reserveBytes(at, length);
      System.arraycopy(page.array(), start, target.bytes, at, length);
      for (int i = 1; i <= count; i++) {
        target.offsets[from + i] = at + i * fixedBytes;
      }

      return;
    }

    for (int i = 0; i < count; i++) {
      int length = page.int32();
      int start = page.take(length);
      put(from + i, page.array(), start, length);
    }
  }

  @Override
  void lookUp(ColumnVector dictionary, int[] ids, int from, int count) {
    ColumnVector.Binaries entries = (ColumnVector.Binaries) dictionary;
    for (int i = 0; i < count; i++) {
      put(from + i, entries.bytes(), entries.offsets()[ids[i]], entries.length(ids[i]));
    }
  }

  @Override
  void deltaLengths(PageBytes page, int from, int count) throws IOException {
    long[] lengths = new long[count];
    DeltaDecoder.read(page, lengths, 0, count);
    for (int i = 0; i < count; i++) {
      checkLength(lengths[i]);
      put(from + i, page.array(), page.take(lengths[i]), (int) lengths[i]);
    }
  }

  /** Each value is the beginning of the one before and a rest of its own. */
  @Override
  void deltaTexts(PageBytes page, int from, int count) throws IOException {
    long[] shared = new long[count];
    long[] rests = new long[count];
    DeltaDecoder.read(page, shared, 0, count);
    DeltaDecoder.read(page, rests, 0, count);
    int previous = 0;
    for (int i = 0; i < count; i++) {
      if (shared[i] < 0 || shared[i] > previous) {
        throw new IOException("%d bytes shared with a value of %d".formatted(shared[i], previous));
      }

      int start = page.take(rests[i]);
      checkLength(shared[i] + rests[i]);
      int prefix = (int) shared[i];
      int rest = (int) rests[i];
      int at = target.offsets[from + i];
      // Growing replaces the array that holds the value before.
      target.reserveBytes(at, (long) prefix + rest);
      System.arraycopy(target.bytes, at - previous, target.bytes, at, prefix);
      System.arraycopy(page.array(), start, target.bytes, at + prefix, rest);
      target.offsets[from + i + 1] = at + prefix + rest;
      previous = prefix + rest;
    }
  }

  private void checkLength(long length) throws IOException {
    if (fixedBytes > 0 && length != fixedBytes) {
      throw new IOException("value of %d bytes among ones of %d".formatted(length, fixedBytes));
    }
  }

  @Override
  void byteStreams(PageBytes page, int from, int count) throws IOException {
    if (fixedBytes == 0) {
      super.byteStreams(page, from, count);
    }

    int start = takeStreams(page, fixedBytes, count);
    int at = target.offsets[from];
    target.reserveBytes(at, (long) fixedBytes * count);
    for (int i = 0; i < count; i++) {
      for (int stream = 0; stream < fixedBytes; stream++) {
        target.bytes[at++] = page.array()[start + stream * count + i];
      }

      target.offsets[from + i + 1] = at;
    }
  }

  private void put(int row, byte[] source, int offset, int length) {
    int at = target.offsets[row];
    target.reserveBytes(at, length);
    System.arraycopy(source, offset, target.bytes, at, length);
    target.offsets[row + 1] = at + length;
  }

  @Override
  void spread(int from, int rows, int present) {
    int[] offsets = target.offsets;
    boolean[] valid = target.valid;
    for (int row = from + rows, next = from + present; row > next; row--) {
      offsets[row] = offsets[next];
      next -= valid[row - 1] ? 1 : 0;
    }
  }
}
