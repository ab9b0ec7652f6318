package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.DictionaryEncoder.Dictionary;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Encodes a {@link ColumnVector} as a column chunk: a dictionary where it pays, DELTA_BINARY_PACKED
 * where asked for, PLAIN or what is smallest otherwise; version 1 data pages, which every reader
 * knows, each with a CRC; statistics. One thread at a time; working buffers are reused: the bytes
 * of a chunk are valid until the next one is encoded.
 */
public final class ChunkEncoder {
  /** Rows of a data page; parquet-java's default limit, and more than a row block of 16,384. */
  private static final int PAGE_ROWS = 20_000;

  private static final Set<CompressionCodec> CODECS =
      EnumSet.of(CompressionCodec.UNCOMPRESSED, CompressionCodec.SNAPPY, CompressionCodec.ZSTD);

  private final CompressionCodec codec;

  /** Null to encode as most readers do it fastest. */
  private final @Nullable EncodingChoice choice;

  private final PresentValues presentValues = new PresentValues();
  private final DictionaryEncoder dictionaries = new DictionaryEncoder();
  private final PageBuffer page = new PageBuffer();
  private final PageBuffer chunk = new PageBuffer();
  private byte[] compressed = new byte[0];
  private long uncompressed;

  /** Compresses pages with UNCOMPRESSED, SNAPPY or ZSTD. */
  public ChunkEncoder(CompressionCodec codec) {
    if (!CODECS.contains(codec)) {
      throw new IllegalArgumentException(
          "Cannot write codec %s: it must be one of %s".formatted(codec, CODECS));
    }

    this.codec = codec;
    this.choice = null;
  }

  private ChunkEncoder(EncodingChoice choice, CompressionCodec codec) {
    this.codec = codec;
    this.choice = choice;
  }

  /**
   * Makes each chunk as small as it can be read with common readers: ZSTD, and the smallest of
   * PLAIN, a dictionary and, for floating-point numbers, BYTE_STREAM_SPLIT.
   */
  public static ChunkEncoder smallest() {
    return new ChunkEncoder(new EncodingChoice(CompressionCodec.ZSTD), CompressionCodec.ZSTD);
  }

  /** Encodes with a dictionary where it pays and PLAIN or split otherwise. */
  public EncodedChunk encode(ColumnSchema column, ColumnVector vector) throws IOException {
    int nulls = checkedNulls(column, vector);
    int present = vector.size() - nulls;
    ColumnVector values = presentValues.of(vector, present);
    Rows rows = new Rows(vector.size(), nulls, RowBits.ofNullable(vector.valid()));
    return encode(column, rows, values, dictionaries.encode(values, present));
  }

  /** Encodes a block as {@link #encode(ColumnSchema, ColumnVector)} does. */
  public EncodedChunk encode(ColumnSchema column, LongBlock block) throws IOException {
    int present = block.count();
    int nulls = block.rows().size() - present;
    checkNulls(column, nulls);
    Rows rows = new Rows(block.rows().size(), nulls, nulls == 0 ? null : block.rows());
    Dictionary dictionary =
        block.isIndexed()
            ? dictionaries.encode(block.entries(), block.indices(), present)
            : dictionaries.encode(block.values(), present);
    return encode(column, rows, block.values(), dictionary);
  }

  /**
   * Rows of a chunk.
   *
   * @param count how many
   * @param nulls how many of them have no value
   * @param valid which have one; null when all have
   */
  private record Rows(int count, int nulls, @Nullable RowBits valid) {
    int present() {
      return count - nulls;
    }
  }

  private EncodedChunk encode(
      ColumnSchema column, Rows rows, ColumnVector values, @Nullable Dictionary dictionary)
      throws IOException {
    Encoding encoding = encoding(column, values, rows.present(), dictionary);
    begin();
    if (dictionary != null && encoding == Encoding.RLE_DICTIONARY) {
      return encode(column, rows, dictionary);
    }

    boolean split = encoding == Encoding.BYTE_STREAM_SPLIT;
    dataPages(
        column,
        rows,
        encoding,
        split ? ValueEncoder.byteStreams(values) : ValueEncoder.plain(column, values));
    Statistics statistics = ChunkStatistics.of(column, values, rows.present(), rows.nulls());
    return finish(column, rows, statistics, 0, encoding, Encoding.RLE);
  }

  private Encoding encoding(
      ColumnSchema column, ColumnVector values, int present, @Nullable Dictionary dictionary)
      throws IOException {
    if (choice != null) {
      return choice.of(column, values, present, dictionary);
    }

    return dictionary == null ? Encoding.PLAIN : Encoding.RLE_DICTIONARY;
  }

  private EncodedChunk encode(ColumnSchema column, Rows rows, Dictionary dictionary)
      throws IOException {
    int size = dictionary.size();
    ValueEncoder.plain(column, dictionary.entries()).append(0, size, page);
    emit(
        new PageHeader(PageType.DICTIONARY_PAGE, 0, 0)
            .setDictionary_page_header(new DictionaryPageHeader(size, Encoding.PLAIN)));
    int dictionaryBytes = chunk.size();
    dataPages(column, rows, Encoding.RLE_DICTIONARY, ValueEncoder.indices(dictionary));
    Statistics statistics = ChunkStatistics.of(column, dictionary.entries(), size, rows.nulls());
    return finish(
        column,
        rows,
        statistics,
        dictionaryBytes,
        Encoding.PLAIN,
        Encoding.RLE,
        Encoding.RLE_DICTIONARY);
  }

  /**
   * Encodes an INT64 column as DELTA_BINARY_PACKED: evenly spaced timestamps cost a few bytes a
   * thousand rows.
   */
  public EncodedChunk encodeDeltas(ColumnSchema column, Longs vector) throws IOException {
    int nulls = checkedNulls(column, vector);
    if (column.physical() != Type.INT64) {
      throw new IllegalArgumentException(
          "Cannot encode column %s as deltas: it is %s, not INT64"
              .formatted(column.name(), column.typeName()));
    }

    int present = vector.size() - nulls;
    Longs values = (Longs) presentValues.of(vector, present);
    Rows rows = new Rows(vector.size(), nulls, RowBits.ofNullable(vector.valid()));
    begin();
    dataPages(column, rows, Encoding.DELTA_BINARY_PACKED, ValueEncoder.deltas(values));
    Statistics statistics = ChunkStatistics.of(column, values, present, nulls);
    return finish(column, rows, statistics, 0, Encoding.DELTA_BINARY_PACKED, Encoding.RLE);
  }

  /** Counts nulls, and refuses what would make a chunk that no reader understands. */
  private static int checkedNulls(ColumnSchema column, ColumnVector vector) {
    boolean fits =
        switch (column.physical()) {
          case BOOLEAN -> vector instanceof Booleans;
          case INT32, FLOAT -> vector instanceof Ints;
          case INT64, DOUBLE -> vector instanceof Longs;
          case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> vector instanceof Binaries;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "Cannot encode column %s: it is %s, its values are %s"
              .formatted(column.name(), column.typeName(), vector.getClass().getSimpleName()));
    }

    int nulls = vector.nullCount();
    checkNulls(column, nulls);
    return nulls;
  }

  private static void checkNulls(ColumnSchema column, int nulls) {
    if (nulls > 0 && column.required()) {
      throw new IllegalArgumentException(
          "Cannot encode column %s: it has %d nulls, and every row must have a value"
              .formatted(column.name(), nulls));
    }
  }

  private void begin() {
    page.clear();
    chunk.clear();
    uncompressed = 0;
  }

  private void dataPages(ColumnSchema column, Rows rows, Encoding encoding, ValueEncoder values)
      throws IOException {
    int next = 0;
    for (int from = 0; from == 0 || from < rows.count(); from += PAGE_ROWS) {
      int to = Math.min(rows.count(), from + PAGE_ROWS);
      int present = column.required() ? to - from : levels(rows.valid(), from, to);
      values.append(next, next + present, page);
      next += present;
      emit(
          new PageHeader(PageType.DATA_PAGE, 0, 0)
              .setData_page_header(
                  new DataPageHeader(to - from, encoding, Encoding.RLE, Encoding.RLE)));
    }
  }

  /** Definition levels of an optional column, behind their length in four bytes. */
  private int levels(@Nullable RowBits valid, int from, int to) {
    int start = page.size();
    page.reserve(Integer.BYTES).putInt(0);
    int present = HybridEncoder.encode(valid, from, to, page);
    page.putInt(start, page.size() - start - Integer.BYTES);
    return present;
  }

  /** Compresses the page, appends it behind its header to the chunk, and clears it. */
  private void emit(PageHeader header) throws IOException {
    byte[] body = page.array();
    int bytes = page.size();
    if (codec != CompressionCodec.UNCOMPRESSED) {
      int longest = Codec.maxCompressedLength(codec, bytes);
      compressed = compressed.length < longest ? new byte[longest] : compressed;
      bytes = Codec.compress(codec, body, bytes, compressed);
      body = compressed;
    }

    CRC32 crc = new CRC32();
    crc.update(body, 0, bytes);
    header
        .setUncompressed_page_size(page.size())
        .setCompressed_page_size(bytes)
        .setCrc((int) crc.getValue());
    int start = chunk.size();
    Util.writePageHeader(header, chunk);
    uncompressed += chunk.size() - start + (long) page.size();
    chunk.write(body, 0, bytes);
    page.clear();
  }

  /** The chunk, with offsets as if it were the first of a file. */
  private EncodedChunk finish(
      ColumnSchema column,
      Rows rows,
      Statistics statistics,
      int dictionaryBytes,
      Encoding... encodings) {
    ColumnMetaData metadata =
        new ColumnMetaData(
            column.physical(),
            Arrays.asList(encodings),
            List.of(column.name()),
            codec,
            rows.count(),
            uncompressed,
            chunk.size(),
            ParquetFooter.BODY_START + dictionaryBytes);
    if (dictionaryBytes > 0) {
      metadata.setDictionary_page_offset(ParquetFooter.BODY_START);
    }

    return new EncodedChunk(metadata.setStatistics(statistics), chunk.array(), 0);
  }
}
