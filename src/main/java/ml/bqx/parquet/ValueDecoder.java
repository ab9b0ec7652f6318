package ml.bqx.parquet;

import java.io.IOException;

/**
 * Decodes page values into the arrays of a {@link VectorBuilder}, one subclass for each kind of
 * array. Present values are decoded side by side from slot {@code from} on, and {@link #spread}
 * moves them to the rows that are not null. Room for them has been reserved, and which rows are
 * valid is known.
 */
abstract sealed class ValueDecoder permits LongDecoder, IntDecoder, BooleanDecoder, BinaryDecoder {
  private final String type;

  ValueDecoder(ColumnSchema column) {
    this.type = column.typeName();
  }

  /** The decoder that fills the builder. */
  static ValueDecoder of(ColumnSchema column, VectorBuilder target) {
    if (target instanceof VectorBuilder.OfLongs longs) {
      return new LongDecoder(longs, column);
    } else if (target instanceof VectorBuilder.OfInts ints) {
      return new IntDecoder(ints, column);
    } else if (target instanceof VectorBuilder.OfBooleans booleans) {
      return new BooleanDecoder(booleans, column);
    } else {
      return new BinaryDecoder((VectorBuilder.OfBinaries) target, column);
    }
  }

  /** Makes sure that the page has the bytes that {@code count} PLAIN values take at least. */
  abstract void requirePlain(PageBytes page, int count) throws IOException;

  /** Decodes {@code count} PLAIN values. */
  abstract void plain(PageBytes page, int from, int count) throws IOException;

  /** Looks {@code count} values up in the dictionary, where all {@code ids} are. */
  void lookUp(ColumnVector dictionary, int[] ids, int from, int count) throws IOException {
    throw unsupported("a dictionary");
  }

  /** Decodes {@code count} RLE booleans. */
  void runs(PageBytes page, int from, int count) throws IOException {
    throw unsupported("encoding RLE");
  }

  /** Decodes {@code count} DELTA_BINARY_PACKED values. */
  void deltas(PageBytes page, int from, int count) throws IOException {
    throw unsupported("encoding DELTA_BINARY_PACKED");
  }

  /** Decodes {@code count} DELTA_LENGTH_BYTE_ARRAY values. */
  void deltaLengths(PageBytes page, int from, int count) throws IOException {
    throw unsupported("encoding DELTA_LENGTH_BYTE_ARRAY");
  }

  /** Decodes {@code count} DELTA_BYTE_ARRAY values. */
  void deltaTexts(PageBytes page, int from, int count) throws IOException {
    throw unsupported("encoding DELTA_BYTE_ARRAY");
  }

  /** Decodes {@code count} BYTE_STREAM_SPLIT values. */
  void byteStreams(PageBytes page, int from, int count) throws IOException {
    throw unsupported("encoding BYTE_STREAM_SPLIT");
  }

  /** Moves {@code present} adjacent values to the valid ones among {@code rows}. */
  abstract void spread(int from, int rows, int present);

  private IOException unsupported(String what) {
    return new IOException("%s of %s is not supported".formatted(what, type));
  }

  /** Passes over {@code count} values of {@code width} bytes: all first bytes, all second bytes. */
  static int takeStreams(PageBytes page, int width, int count) throws IOException {
    if (page.remaining() != (long) width * count) {
      throw new IOException(
          "%d values of %d bytes in %d bytes".formatted(count, width, page.remaining()));
    }

    return page.take(page.remaining());
  }
}
