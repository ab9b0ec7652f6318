package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes the pages of a column chunk into a {@link VectorBuilder}. One thread at a time; the
 * buffers are reused from page to page.
 */
final class PageDecoder {
  private final PageEnds ends;
  private ChunkBuffers buffers;
  private byte[] chunk = new byte[0];

  /** Of the chunk that is decoded. */
  @SuppressWarnings("NullAway.Init")
  private ColumnSchema column;

  /** Of the chunk that is decoded. */
  @SuppressWarnings("NullAway.Init")
  private CompressionCodec codec;

  /** Of the chunk that is decoded. */
  @SuppressWarnings("NullAway.Init")
  private ChunkPages pages;

  private @Nullable ColumnVector dictionary;

  /** Decodes pages that end like this. */
  PageDecoder(PageEnds ends, ChunkBuffers buffers) {
    this.ends = ends;
    this.buffers = buffers;
  }

  /** Uses other buffers from the next chunk on. */
  void use(ChunkBuffers other) {
    buffers = other;
  }

  /**
   * A data page, uncompressed; valid until the next one.
   *
   * @param rows how many it has
   * @param levels one for each row, in hybrid runs of one bit; null when all rows have a value
   * @param encoding of the values; null when it is not known
   * @param values of the rows that have one
   */
  record Page(int rows, @Nullable PageBytes levels, @Nullable Encoding encoding, PageBytes values) {
    boolean isIndexed() {
      return encoding == Encoding.PLAIN_DICTIONARY || encoding == Encoding.RLE_DICTIONARY;
    }
  }

  /** Begins with the chunk that {@code bytes} begins with. */
  void begin(ColumnSchema schema, ColumnMetaData data, byte[] bytes) {
    chunk = bytes;
    column = schema;
    codec = data.getCodec();
    dictionary = null;
    pages = new ChunkPages(bytes, 0, data);
  }

  /** The next data page of the chunk; null when there is none. */
  @Nullable Page next() throws IOException {
    while (pages.next()) {
      switch (pages.header().getType()) {
        case DICTIONARY_PAGE -> dictionary = dictionary(pages);
        case DATA_PAGE -> {
          return version1(pages);
        }
        case DATA_PAGE_V2 -> {
          return version2(pages);
        }
        case INDEX_PAGE -> {}
      }
    }

    return null;
  }

  /** Appends all values of the chunk that {@code bytes} begins with. */
  void decode(ColumnSchema schema, ColumnMetaData data, byte[] bytes, VectorBuilder target)
      throws IOException {
    begin(schema, data, bytes);
    ValueDecoder decoder = ValueDecoder.of(schema, target);
    for (Page page = next(); page != null; page = next()) {
      append(page, decoder, target);
    }
  }

  private ColumnVector dictionary(ChunkPages pages) throws IOException {
    PageHeader header = pages.header();
    DictionaryPageHeader entries = header.getDictionary_page_header();
    int size = header.getUncompressed_page_size();
    PageBytes page = body(pages.body(), header.getCompressed_page_size(), size);
    int count = entries.getNum_values();
    boolean plain =
        entries.getEncoding() == Encoding.PLAIN
            || entries.getEncoding() == Encoding.PLAIN_DICTIONARY;
    // The smallest entry is one byte, or four of an empty text's length.
    if (count < 0 || count > page.remaining() || !plain) {
      throw new IOException(
          "dictionary of %d values, %s, in %d bytes"
              .formatted(count, entries.getEncoding(), page.remaining()));
    }

    VectorBuilder target = VectorBuilder.of(column.physical(), count);
    ValueDecoder.of(column, target).plain(page, 0, count);
    Arrays.fill(target.valid, 0, count, true);
    target.advance(count, 0);
    return target.build();
  }

  private Page version1(ChunkPages pages) throws IOException {
    DataPageHeader data = pages.header().getData_page_header();
    PageBytes page =
        body(
            pages.body(),
            pages.header().getCompressed_page_size(),
            pages.header().getUncompressed_page_size());
    PageBytes levels = null;
    if (!column.required()) {
      if (data.getDefinition_level_encoding() != Encoding.RLE) {
        throw new IOException(
            "definition levels in encoding %s are not supported"
                .formatted(data.getDefinition_level_encoding()));
      }

      levels = page.slice(page.int32());
    }

    return new Page(pages.rows(), levels, data.getEncoding(), page);
  }

  private Page version2(ChunkPages pages) throws IOException {
    DataPageHeaderV2 data = pages.header().getData_page_header_v2();
    int repetitionBytes = data.getRepetition_levels_byte_length();
    int definitionBytes = data.getDefinition_levels_byte_length();
    // Levels precede the values, uncompressed, and count for both sizes.
    long levelBytes = (long) repetitionBytes + definitionBytes;
    long compressed = pages.header().getCompressed_page_size() - levelBytes;
    long size = pages.header().getUncompressed_page_size() - levelBytes;
    if (repetitionBytes < 0 || definitionBytes < 0 || compressed < 0 || size < 0) {
      throw new IOException(
          "levels of %d and %d bytes in a page of %d bytes (%d uncompressed)"
              .formatted(
                  repetitionBytes,
                  definitionBytes,
                  pages.header().getCompressed_page_size(),
                  pages.header().getUncompressed_page_size()));
    }

    // A flat column's repetition levels, which some writers spell out, are all zero.
    int levels = pages.body() + repetitionBytes;
    int from = levels + definitionBytes;
    PageBytes page =
        data.isIs_compressed()
            ? body(from, (int) compressed, (int) size)
            : stored(from, (int) compressed, (int) size);
    // Levels that say nothing may be left out.
    boolean all = column.required() || (definitionBytes == 0 && data.getNum_nulls() == 0);
    PageBytes definitions = all ? null : new PageBytes(chunk, levels, from);
    return new Page(pages.rows(), definitions, data.getEncoding(), page);
  }

  private PageBytes body(int at, int length, int size) throws IOException {
    if (codec == CompressionCodec.UNCOMPRESSED) {
      return stored(at, length, size);
    }

    Codec.checkSize(codec, chunk, at, length, size);
    byte[] decompressed = buffers.page(size);
    Codec.decompress(codec, chunk, at, length, decompressed, size);
    return new PageBytes(decompressed, 0, size);
  }

  private PageBytes stored(int at, int length, int size) throws IOException {
    if (length != size) {
      throw new IOException("page has %d bytes, its header says %d".formatted(length, size));
    }

    return new PageBytes(chunk, at, at + length);
  }

  /** Appends a page's rows; nothing is reserved for rows that the page cannot hold. */
  private void append(Page page, ValueDecoder decoder, VectorBuilder target) throws IOException {
    int from = target.size;
    int rows = page.rows();
    int present = rows;
    if (page.levels() == null) {
      requireValues(page, decoder, rows);
      target.reserve(rows);
      Arrays.fill(target.valid, from, from + rows, true);
    } else {
      HybridDecoder runs = new HybridDecoder(page.levels(), 1);
      runs.require(rows);
      target.reserve(rows);
      present = runs.read(target.valid, from, rows);
      requireValues(page, decoder, present);
    }

    if (present > 0) {
      values(page, decoder, from, present);
    }

    checkEnd(page, page.values().remaining(), present);
    decoder.spread(from, rows, present);
    target.advance(rows, rows - present);
  }

  /** Makes sure that nothing is left of a page behind its values, where nothing may be. */
  void checkEnd(Page page, long left, int present) throws IOException {
    if (page.encoding() == Encoding.PLAIN && left > 0 && ends == PageEnds.EXACT) {
      throw new IOException("page has %d bytes after its %d values".formatted(left, present));
    }
  }

  /** Makes sure that the page holds that many values, where its encoding shows it. */
  static void requireValues(Page page, ValueDecoder decoder, int count) throws IOException {
    if (page.encoding() == null) {
      throw new IOException("its encoding is not known");
    }

    switch (page.encoding()) {
      case PLAIN -> decoder.requirePlain(page.values(), count);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (count > 0) {
          PageBytes ahead = page.values().copy();
          new HybridDecoder(ahead, ahead.next()).require(count);
        }
      }
      default -> {}
    }
  }

  /** Decodes {@code count} values, all that the page has. */
  void values(Page page, ValueDecoder decoder, int from, int count) throws IOException {
    PageBytes bytes = page.values();
    switch (Objects.requireNonNull(page.encoding())) {
      case PLAIN -> decoder.plain(bytes, from, count);
      case PLAIN_DICTIONARY, RLE_DICTIONARY ->
          decoder.lookUp(dictionary(), ids(bytes, count), from, count);
      case RLE -> decoder.runs(bytes, from, count);
      case DELTA_BINARY_PACKED -> decoder.deltas(bytes, from, count);
      case DELTA_LENGTH_BYTE_ARRAY -> decoder.deltaLengths(bytes, from, count);
      case DELTA_BYTE_ARRAY -> decoder.deltaTexts(bytes, from, count);
      case BYTE_STREAM_SPLIT -> decoder.byteStreams(bytes, from, count);
      default -> throw new IOException("encoding %s is not supported".formatted(page.encoding()));
    }
  }

  /** The dictionary of the chunk. */
  ColumnVector dictionary() throws IOException {
    if (dictionary == null) {
      throw new IOException("a dictionary page is missing");
    }

    return dictionary;
  }

  /**
   * Decodes dictionary indices, all of them entries of the dictionary; valid until the next page.
   */
  int[] ids(PageBytes page, int count) throws IOException {
    int entries = dictionary().size();
    int[] ids = buffers.indices(count);
    new HybridDecoder(page, page.next()).read(ids, 0, count);
    int smallest = 0;
    int largest = 0;
    for (int i = 0; i < count; i++) {
      smallest = Math.min(smallest, ids[i]);
      largest = Math.max(largest, ids[i]);
    }

    if (smallest < 0 || largest >= entries) {
      throw new IOException(
          "dictionary index %d with %d entries"
              .formatted(smallest < 0 ? smallest : largest, entries));
    }

    return ids;
  }
}
