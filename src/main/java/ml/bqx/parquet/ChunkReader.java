package ml.bqx.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;

/**
 * Reads column chunks into {@link ColumnVector}s: one large read a chunk, page CRCs checked, values
 * decoded in bulk for PLAIN and dictionary pages and through parquet-java's readers for the delta
 * and byte-stream encodings. One thread at a time; the buffers are reused from chunk to chunk.
 */
public final class ChunkReader {
  /** Rows reserved before any value is seen, however many the footer promises: 16 Mi. */
  private static final int MAX_INITIAL_ROWS = 1 << 24;

  private final ParquetInput input;
  private byte[] chunk = new byte[0];
  private int[] ids = new int[0];

  /** Reads from the input, which stays open and belongs to the caller. */
  public ChunkReader(ParquetInput input) {
    this.input = input;
  }

  /** A builder for all {@code rows} of a column, as far as memory may be trusted to a footer. */
  public static VectorBuilder builder(ColumnSchema column, long rows) {
    return VectorBuilder.of(column.physical(), (int) Math.min(rows, MAX_INITIAL_ROWS));
  }

  /**
   * Reads one column of the whole file.
   *
   * @throws InvalidParquetException naming file, column and row group, when a page is broken or in
   *     an encoding or codec that is not known
   */
  public ColumnVector read(ParquetFooter footer, int column) throws IOException {
    ColumnSchema schema = footer.columns().get(column);
    VectorBuilder target = builder(schema, footer.rows());
    for (int group = 0; group < footer.rowGroups(); group++) {
      read(footer.chunk(group, column), schema, target);
    }

    return target.build();
  }

  /** Appends the values of one chunk of the column to a builder of its type. */
  public void read(ChunkReference reference, ColumnSchema column, VectorBuilder target)
      throws IOException {
    load(reference);
    try {
      decode(column, reference.metadata(), target);
    } catch (IOException | RuntimeException e) {
      throw broken(reference, e);
    }
  }

  /**
   * The bytes of one chunk as they are, page headers and checksums checked. They are valid until
   * the next read.
   */
  public EncodedChunk raw(ChunkReference reference) throws IOException {
    load(reference);
    try {
      Pages pages = new Pages(reference.metadata());
      while (pages.next()) {}
    } catch (IOException | RuntimeException e) {
      throw broken(reference, e);
    }

    return new EncodedChunk(reference.metadata(), chunk, 0);
  }

  private void load(ChunkReference reference) throws IOException {
    if (chunk.length < reference.length()) {
      chunk = new byte[reference.length()];
    }

    input.read(reference.start(), chunk, reference.length());
  }

  private static InvalidParquetException broken(ChunkReference reference, Exception cause) {
    InvalidParquetException broken = reference.broken(cause.getMessage());
    broken.initCause(cause);
    return broken;
  }

  /** Steps from page to page of the loaded chunk, until all its values have been seen. */
  private final class Pages {
    private final ColumnMetaData data;
    private final ByteArrayInputStream bytes;
    private long missing;
    private PageHeader header;

    /** Where the page's body begins in {@link #chunk}. */
    private int at;

    Pages(ColumnMetaData data) {
      this.data = data;
      this.bytes = new ByteArrayInputStream(chunk, 0, (int) data.getTotal_compressed_size());
      this.missing = data.getNum_values();
    }

    boolean next() throws IOException {
      if (missing == 0) {
        return false;
      }

      header = Util.readPageHeader(bytes);
      at = (int) data.getTotal_compressed_size() - bytes.available();
      checkSizes(header, bytes.available(), data);
      checkCrc(header, at);
      bytes.skip(header.getCompressed_page_size());
      int rows = rows(header);
      if (rows < 0 || rows > missing) {
        throw new IOException("its pages have more rows than the chunk");
      }

      missing -= rows;
      return true;
    }

    private static int rows(PageHeader header) {
      return switch (header.getType()) {
        case DATA_PAGE -> header.getData_page_header().getNum_values();
        case DATA_PAGE_V2 -> header.getData_page_header_v2().getNum_values();
        // The format lets readers pass over page types that carry no rows.
        default -> 0;
      };
    }
  }

  private void decode(ColumnSchema column, ColumnMetaData data, VectorBuilder target)
      throws IOException {
    Pages pages = new Pages(data);
    ColumnVector dictionary = null;
    while (pages.next()) {
      switch (pages.header.getType()) {
        case DICTIONARY_PAGE -> dictionary = dictionary(column, data, pages.header, pages.at);
        case DATA_PAGE, DATA_PAGE_V2 ->
            append(column, page(column, data, pages.header, pages.at), dictionary, target);
        default -> {}
      }
    }
  }

  /** Headers are not trusted: nothing is allocated that the footer did not announce. */
  private static void checkSizes(PageHeader header, int left, ColumnMetaData data)
      throws IOException {
    int compressed = header.getCompressed_page_size();
    int uncompressed = header.getUncompressed_page_size();
    if (compressed < 0
        || compressed > left
        || uncompressed < 0
        || uncompressed > data.getTotal_uncompressed_size()) {
      throw new IOException(
          "page of %d bytes (%d uncompressed) with %d bytes of the chunk left"
              .formatted(compressed, uncompressed, left));
    }
  }

  private void checkCrc(PageHeader header, int at) throws IOException {
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(chunk, at, header.getCompressed_page_size());
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IOException(
            "page checksum is %08x, its header says %08x (the file is damaged)"
                .formatted((int) crc.getValue(), header.getCrc()));
      }
    }
  }

  private ColumnVector dictionary(
      ColumnSchema column, ColumnMetaData data, PageHeader header, int at) throws IOException {
    byte[] page = body(data, header, at, header.getCompressed_page_size(), 0);
    int count = header.getDictionary_page_header().getNum_values();
    if (count < 0 || count > page.length) {
      throw new IOException("dictionary of %d values in %d bytes".formatted(count, page.length));
    }

    VectorBuilder entries = VectorBuilder.of(column.physical(), count);
    ValueDecoder.of(column, entries).plain(ByteBuffer.wrap(page), 0, count);
    Arrays.fill(entries.valid, 0, count, true);
    entries.advance(count, 0);
    return entries.build();
  }

  /** A data page of either version: levels and values may lie in different arrays. */
  private record Page(
      int rows,
      Encoding encoding,
      byte[] levels,
      int levelsAt,
      int levelsEnd,
      byte[] values,
      int at) {}

  private Page page(ColumnSchema column, ColumnMetaData data, PageHeader header, int at)
      throws IOException {
    int compressed = header.getCompressed_page_size();
    if (header.isSetData_page_header_v2()) {
      DataPageHeaderV2 v2 = header.getData_page_header_v2();
      int levels = v2.getDefinition_levels_byte_length();
      if (levels < 0 || levels > compressed || v2.getRepetition_levels_byte_length() != 0) {
        throw new IOException("levels of %d bytes in a flat page".formatted(levels));
      }

      byte[] values =
          v2.isIs_compressed()
              ? body(data, header, at + levels, compressed - levels, levels)
              : Arrays.copyOfRange(chunk, at + levels, at + compressed);
      return new Page(v2.getNum_values(), v2.getEncoding(), chunk, at, at + levels, values, 0);
    }

    DataPageHeader v1 = header.getData_page_header();
    byte[] page = body(data, header, at, compressed, 0);
    if (column.required()) {
      return new Page(v1.getNum_values(), v1.getEncoding(), page, 0, 0, page, 0);
    }

    if (v1.getDefinition_level_encoding() != Encoding.RLE) {
      throw new IOException(
          "definition levels in encoding %s are not supported"
              .formatted(v1.getDefinition_level_encoding()));
    }

    int end = Integer.BYTES + Integer.reverseBytes(ByteBuffer.wrap(page).getInt());
    if (end < Integer.BYTES || end > page.length) {
      throw new IOException("definition levels of %d bytes".formatted(end));
    }

    return new Page(v1.getNum_values(), v1.getEncoding(), page, Integer.BYTES, end, page, end);
  }

  private byte[] body(ColumnMetaData data, PageHeader header, int at, int length, int apart)
      throws IOException {
    int size = header.getUncompressed_page_size() - apart;
    if (data.getCodec() == org.apache.parquet.format.CompressionCodec.UNCOMPRESSED) {
      return Arrays.copyOfRange(chunk, at, at + length);
    }

    return Codec.decompress(data.getCodec(), chunk, at, length, size);
  }

  private void append(ColumnSchema column, Page page, ColumnVector dictionary, VectorBuilder target)
      throws IOException {
    int from = target.size;
    int rows = page.rows;
    target.reserve(rows);
    int present = rows;
    if (column.required()) {
      Arrays.fill(target.valid, from, from + rows, true);
    } else {
      HybridDecoder levels = new HybridDecoder(page.levels, page.levelsAt, page.levelsEnd, 1);
      present = levels.read(target.valid, from, rows);
    }

    ValueDecoder decoder = ValueDecoder.of(column, target);
    values(column, page, dictionary, decoder, from, present);
    decoder.spread(from, rows, present);
    target.advance(rows, rows - present);
  }

  private void values(
      ColumnSchema column,
      Page page,
      ColumnVector dictionary,
      ValueDecoder decoder,
      int from,
      int present)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(page.values, page.at, page.values.length - page.at);
    switch (page.encoding) {
      case PLAIN -> decoder.plain(bytes, from, present);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (dictionary == null) {
          throw new IOException("a dictionary page is missing");
        }

        if (present > 0) {
          decoder.lookUp(dictionary, ids(page, present), from, present);
        }
      }
      case RLE, DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT ->
          decoder.each(reader(column, page.encoding, bytes, present), from, present);
      default -> throw new IOException("encoding %s is not supported".formatted(page.encoding));
    }
  }

  private int[] ids(Page page, int count) {
    if (ids.length < count) {
      ids = new int[count];
    }

    int bitWidth = page.values[page.at];
    new HybridDecoder(page.values, page.at + 1, page.values.length, bitWidth).read(ids, 0, count);
    return ids;
  }

  private static ValuesReader reader(
      ColumnSchema column, Encoding encoding, ByteBuffer bytes, int count) throws IOException {
    PrimitiveType type =
        new PrimitiveType(
            column.required() ? Repetition.REQUIRED : Repetition.OPTIONAL,
            primitive(column),
            column.fixedBytes(),
            column.name());
    ColumnDescriptor descriptor =
        new ColumnDescriptor(new String[] {column.name()}, type, 0, column.required() ? 0 : 1);
    ValuesReader reader =
        org.apache.parquet.column.Encoding.valueOf(encoding.name())
            .getValuesReader(descriptor, ValuesType.VALUES);
    reader.initFromPage(count, ByteBufferInputStream.wrap(bytes));
    return reader;
  }

  private static PrimitiveTypeName primitive(ColumnSchema column) {
    return switch (column.physical()) {
      case BYTE_ARRAY -> PrimitiveTypeName.BINARY;
      default -> PrimitiveTypeName.valueOf(column.physical().name());
    };
  }
}
