package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.DictionaryEncoder.Dictionary;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/**
 * Encodes a {@link ColumnVector} as a column chunk: a dictionary where it pays, DELTA_BINARY_PACKED
 * where asked for, PLAIN otherwise; version 1 data pages, which every reader knows, each with a
 * CRC; statistics. One thread at a time; working buffers are reused: the bytes of a chunk are valid
 * until the next one is encoded.
 */
public final class ChunkEncoder {
  /** Rows of a data page; parquet-java's default limit, and more than a row block of 16,384. */
  private static final int PAGE_ROWS = 20_000;

  private final CompressionCodec codec;
  private final PageBuffer page = new PageBuffer();
  private final PageBuffer chunk = new PageBuffer();
  private long uncompressed;

  /** Compresses pages with UNCOMPRESSED, SNAPPY or ZSTD. */
  public ChunkEncoder(CompressionCodec codec) {
    this.codec = codec;
  }

  /** Encodes with a dictionary where it pays and PLAIN otherwise. */
  public EncodedChunk encode(ColumnSchema column, ColumnVector vector) throws IOException {
    int nulls = vector.nullCount();
    Dictionary dictionary = DictionaryEncoder.encode(vector, vector.size() - nulls);
    begin();
    if (dictionary == null) {
      dataPages(column, vector, Encoding.PLAIN, ValueEncoder.plain(column, vector));
      return finish(column, vector, nulls, 0, Encoding.PLAIN, Encoding.RLE);
    }

    ValueEncoder.plain(column, dictionary.entries()).append(0, dictionary.size(), page);
    emit(
        new PageHeader(PageType.DICTIONARY_PAGE, 0, 0)
            .setDictionary_page_header(
                new DictionaryPageHeader(dictionary.size(), Encoding.PLAIN)));
    int dataOffset = chunk.size();
    dataPages(column, vector, Encoding.RLE_DICTIONARY, ValueEncoder.indices(dictionary, vector));
    EncodedChunk result =
        finish(
            column,
            vector,
            nulls,
            dataOffset,
            Encoding.PLAIN,
            Encoding.RLE,
            Encoding.RLE_DICTIONARY);
    result.metadata().setDictionary_page_offset(0);
    return result;
  }

  /**
   * Encodes timestamps as DELTA_BINARY_PACKED: evenly spaced ones cost a few bytes a thousand rows.
   */
  public EncodedChunk encodeDeltas(ColumnSchema column, Longs vector) throws IOException {
    begin();
    dataPages(column, vector, Encoding.DELTA_BINARY_PACKED, ValueEncoder.deltas(vector));
    return finish(
        column, vector, vector.nullCount(), 0, Encoding.DELTA_BINARY_PACKED, Encoding.RLE);
  }

  private void begin() {
    page.clear();
    chunk.clear();
    uncompressed = 0;
  }

  private void dataPages(
      ColumnSchema column, ColumnVector vector, Encoding encoding, ValueEncoder values)
      throws IOException {
    int rows = vector.size();
    for (int from = 0; from == 0 || from < rows; from += PAGE_ROWS) {
      int to = Math.min(rows, from + PAGE_ROWS);
      if (!column.required()) {
        ValueEncoder.levels(vector, from, to, page);
      }

      values.append(from, to, page);
      emit(
          new PageHeader(PageType.DATA_PAGE, 0, 0)
              .setData_page_header(
                  new DataPageHeader(to - from, encoding, Encoding.RLE, Encoding.RLE)));
    }
  }

  /** Compresses the page, appends it behind its header to the chunk, and clears it. */
  private void emit(PageHeader header) throws IOException {
    byte[] compressed = new byte[Codec.maxCompressedLength(codec, page.size())];
    int bytes = Codec.compress(codec, page.array(), page.size(), compressed, 0);
    CRC32 crc = new CRC32();
    crc.update(compressed, 0, bytes);
    header
        .setUncompressed_page_size(page.size())
        .setCompressed_page_size(bytes)
        .setCrc((int) crc.getValue());
    int start = chunk.size();
    Util.writePageHeader(header, chunk);
    uncompressed += chunk.size() - start + (long) page.size();
    chunk.write(compressed, 0, bytes);
    page.clear();
  }

  private EncodedChunk finish(
      ColumnSchema column, ColumnVector vector, int nulls, int dataOffset, Encoding... encodings) {
    ColumnMetaData metadata =
        new ColumnMetaData(
            column.physical(),
            Arrays.asList(encodings),
            List.of(column.name()),
            codec,
            vector.size(),
            uncompressed,
            chunk.size(),
            dataOffset);
    metadata.setStatistics(ChunkStatistics.of(column, vector, nulls));
    return new EncodedChunk(metadata, chunk.array(), 0);
  }
}
