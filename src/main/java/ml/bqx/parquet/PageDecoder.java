package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;
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
  private byte[] decompressed = new byte[0];
  private int[] ids = new int[0];
  private byte[] chunk = new byte[0];

  /** Of the chunk that is decoded. */
  @SuppressWarnings("NullAway.Init")
  private ColumnSchema column;

  /** Of the chunk that is decoded. */
  @SuppressWarnings("NullAway.Init")
  private CompressionCodec codec;

  private @Nullable ColumnVector dictionary;

  /** Decodes pages that end like this. */
  PageDecoder(PageEnds ends) {
    this.ends = ends;
  }

  /** Appends all values of the chunk that {@code bytes} begins with. */
  void decode(ColumnSchema schema, ColumnMetaData data, byte[] bytes, VectorBuilder target)
      throws IOException {
    chunk = bytes;
    column = schema;
    codec = data.getCodec();
    dictionary = null;
    ValueDecoder decoder = ValueDecoder.of(schema, target);
    ChunkPages pages = new ChunkPages(bytes, 0, data);
    while (pages.next()) {
      switch (pages.header().getType()) {
        case DICTIONARY_PAGE -> dictionary = dictionary(pages);
        case DATA_PAGE -> version1(pages, decoder, target);
        case DATA_PAGE_V2 -> version2(pages, decoder, target);
        case INDEX_PAGE -> {}
      }
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

  private void version1(ChunkPages pages, ValueDecoder decoder, VectorBuilder target)
      throws IOException {
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

    append(pages.rows(), levels, data.getEncoding(), page, decoder, target);
  }

  private void version2(ChunkPages pages, ValueDecoder decoder, VectorBuilder target)
      throws IOException {
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
    append(
        pages.rows(),
        all ? null : new PageBytes(chunk, levels, from),
        data.getEncoding(),
        page,
        decoder,
        target);
  }

  private PageBytes body(int at, int length, int size) throws IOException {
    if (codec == CompressionCodec.UNCOMPRESSED) {
      return stored(at, length, size);
    }

    Codec.checkSize(codec, chunk, at, length, size);
    if (decompressed.length < size) {
      decompressed = new byte[size];
    }

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
  private void append(
      int rows,
      @Nullable PageBytes levels,
      Encoding encoding,
      PageBytes page,
      ValueDecoder decoder,
      VectorBuilder target)
      throws IOException {
    int from = target.size;
    int present = rows;
    if (levels == null) {
      requireValues(encoding, page, decoder, rows);
      target.reserve(rows);
      Arrays.fill(target.valid, from, from + rows, true);
    } else {
      HybridDecoder runs = new HybridDecoder(levels, 1);
      runs.require(rows);
      target.reserve(rows);
      present = runs.read(target.valid, from, rows);
      requireValues(encoding, page, decoder, present);
    }

    if (present > 0) {
      values(encoding, page, decoder, from, present);
    }

    if (encoding == Encoding.PLAIN && page.remaining() > 0 && ends == PageEnds.EXACT) {
      throw new IOException(
          "page has %d bytes after its %d values".formatted(page.remaining(), present));
    }

    decoder.spread(from, rows, present);
    target.advance(rows, rows - present);
  }

  /** Makes sure that the page holds that many values, where its encoding shows it. */
  private static void requireValues(
      Encoding encoding, PageBytes page, ValueDecoder decoder, int count) throws IOException {
    if (encoding == null) {
      throw new IOException("its encoding is not known");
    }

    switch (encoding) {
      case PLAIN -> decoder.requirePlain(page, count);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (count > 0) {
          PageBytes ahead = page.copy();
          new HybridDecoder(ahead, ahead.next()).require(count);
        }
      }
      default -> {}
    }
  }

  private void values(Encoding encoding, PageBytes page, ValueDecoder decoder, int from, int count)
      throws IOException {
    switch (encoding) {
      case PLAIN -> decoder.plain(page, from, count);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (dictionary == null) {
          throw new IOException("a dictionary page is missing");
        }

        decoder.lookUp(dictionary, ids(page, count, dictionary.size()), from, count);
      }
      case RLE -> decoder.runs(page, from, count);
      case DELTA_BINARY_PACKED -> decoder.deltas(page, from, count);
      case DELTA_LENGTH_BYTE_ARRAY -> decoder.deltaLengths(page, from, count);
      case DELTA_BYTE_ARRAY -> decoder.deltaTexts(page, from, count);
      case BYTE_STREAM_SPLIT -> decoder.byteStreams(page, from, count);
      default -> throw new IOException("encoding %s is not supported".formatted(encoding));
    }
  }

  /** Decodes dictionary indices, all of them entries of the dictionary. */
  private int[] ids(PageBytes page, int count, int entries) throws IOException {
    if (ids.length < count) {
      ids = new int[count];
    }

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
