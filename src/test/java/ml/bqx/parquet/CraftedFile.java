package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/** A file of one column put together page by page, so that it can say what no writer would. */
final class CraftedFile {
  private final ColumnSchema column;
  private final long rows;
  private final CompressionCodec codec;
  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();

  private CraftedFile(ColumnSchema column, long rows, CompressionCodec codec) {
    this.column = column;
    this.rows = rows;
    this.codec = codec;
  }

  /** A file whose footer announces the rows; its pages are not compressed. */
  static CraftedFile of(ColumnSchema column, long rows) {
    return new CraftedFile(column, rows, CompressionCodec.UNCOMPRESSED);
  }

  /** A file whose footer announces the rows and the codec; bodies are taken for compressed. */
  static CraftedFile of(ColumnSchema column, long rows, CompressionCodec codec) {
    return new CraftedFile(column, rows, codec);
  }

  /** A version 1 data page. */
  CraftedFile data(int values, Encoding encoding, int... body) throws IOException {
    return data(values, encoding, body.length, body);
  }

  /** A version 1 data page that announces another size than it has. */
  CraftedFile data(int values, Encoding encoding, int size, int[] body) throws IOException {
    return page(
        new PageHeader(PageType.DATA_PAGE, size, body.length)
            .setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE)),
        body);
  }

  /** A version 2 data page. */
  CraftedFile data2(int values, Encoding encoding, int levelBytes, int... body) throws IOException {
    return page(
        new PageHeader(PageType.DATA_PAGE_V2, body.length, body.length)
            .setData_page_header_v2(
                new DataPageHeaderV2(values, 0, values, encoding, levelBytes, 0)),
        body);
  }

  /** A dictionary page. */
  CraftedFile dictionary(int entries, int... body) throws IOException {
    return page(
        new PageHeader(PageType.DICTIONARY_PAGE, body.length, body.length)
            .setDictionary_page_header(new DictionaryPageHeader(entries, Encoding.PLAIN)),
        body);
  }

  /** Any page. */
  CraftedFile page(PageHeader header, int... body) throws IOException {
    Util.writePageHeader(header, pages);
    for (int b : body) {
      pages.write(b);
    }

    return this;
  }

  /** Bytes that are no page. */
  CraftedFile garbage(int... body) {
    for (int b : body) {
      pages.write(b);
    }

    return this;
  }

  /** Asserts that the file cannot be read, and why. */
  void assertBroken(String why) throws IOException {
    byte[] file = bytes();

    assertThatThrownBy(() -> TestTable.read(file, 0))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageStartingWith("Cannot read memory.parquet: column c in row group 0: ")
        .hasMessageContaining(why);
  }

  /** The whole file. */
  byte[] bytes() throws IOException {
    ColumnMetaData data =
        new ColumnMetaData(
            column.physical(),
            List.of(Encoding.PLAIN),
            List.of(column.name()),
            codec,
            rows,
            Integer.MAX_VALUE,
            pages.size(),
            ParquetFooter.BODY_START);
    ColumnChunk chunk = new ColumnChunk(0).setMeta_data(data);
    FileMetaData footer =
        Footers.file(List.of(column), List.of(Footers.rowGroup(List.of(chunk), rows, 0)), Map.of());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(ParquetFooter.MAGIC);
    pages.writeTo(file);
    file.write(Footers.tail(footer));
    return file.toByteArray();
  }

  /** A file with another footer. */
  static byte[] withFooter(byte[] file, Consumer<FileMetaData> change) throws IOException {
    try (ParquetFile opened = TestTable.open(file)) {
      FileMetaData footer = opened.footer().metadata().deepCopy();
      change.accept(footer);
      return concat(Arrays.copyOf(file, (int) opened.footer().bodyEnd()), Footers.tail(footer));
    }
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }

    return whole.toByteArray();
  }
}
