package ml.bqx.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes the Thrift structures of a footer, and moves chunks from one footer to another. */
final class Footers {
  /** The format's version field; 1 is what nearly all writers say, whatever encodings they use. */
  private static final int VERSION = 1;

  /** Name and version, as the format asks: application, version, build. */
  private static final String CREATED_BY = "bqx-ml version 0.1.0 (build 0)";

  /** How {@code created_by} begins in every file of ours. */
  private static final String OURS = "bqx-ml ";

  private Footers() {}

  /**
   * The chunk, {@code shift} bytes further behind in its file, under a name. Column and offset
   * index and bloom filter are outside the chunk and are not moved with it, so their offsets are
   * dropped: readers do without.
   */
  static ColumnChunk moved(ColumnMetaData chunk, String name, long shift) {
    // Parts that do not change are shared: a footer of 71,000 chunks is copied more than once.
    ColumnMetaData result =
        new ColumnMetaData(
            chunk.getType(),
            chunk.getEncodings(),
            List.of(name),
            chunk.getCodec(),
            chunk.getNum_values(),
            chunk.getTotal_uncompressed_size(),
            chunk.getTotal_compressed_size(),
            chunk.getData_page_offset() + shift);
    boolean dictionary = ParquetFooter.start(chunk) < chunk.getData_page_offset();
    if (dictionary) {
      result.setDictionary_page_offset(chunk.getDictionary_page_offset() + shift);
    }

    result.setStatistics(chunk.getStatistics());
    result.setEncoding_stats(chunk.getEncoding_stats());
    result.setSize_statistics(chunk.getSize_statistics());
    result.setKey_value_metadata(chunk.getKey_value_metadata());
    return new ColumnChunk(0).setMeta_data(result);
  }

  /** The statistics without minimum and maximum; null when there are none. */
  static @Nullable Statistics withoutBounds(@Nullable Statistics statistics) {
    if (statistics == null) {
      return null;
    }

    Statistics result = new Statistics(statistics);
    result.unsetMin_value();
    result.unsetMax_value();
    result.unsetIs_min_value_exact();
    result.unsetIs_max_value_exact();
    return result;
  }

  static RowGroup rowGroup(List<ColumnChunk> chunks, long rows, int ordinal) {
    long uncompressed = 0;
    long compressed = 0;
    for (ColumnChunk chunk : chunks) {
      uncompressed += chunk.getMeta_data().getTotal_uncompressed_size();
      compressed += chunk.getMeta_data().getTotal_compressed_size();
    }

    RowGroup result = new RowGroup(chunks, uncompressed, rows).setTotal_compressed_size(compressed);
    // The field has 16 bits; the format lets it be left out.
    return ordinal <= Short.MAX_VALUE ? result.setOrdinal((short) ordinal) : result;
  }

  static FileMetaData file(
      List<ColumnSchema> columns, List<RowGroup> rowGroups, Map<String, String> keyValues) {
    List<SchemaElement> schema = new ArrayList<>(columns.size() + 1);
    schema.add(new SchemaElement("schema").setNum_children(columns.size()));
    columns.forEach(column -> schema.add(column.element()));
    long rows = rowGroups.stream().mapToLong(RowGroup::getNum_rows).sum();
    FileMetaData file = new FileMetaData(VERSION, schema, rows, rowGroups);
    keyValues.forEach(
        (key, value) -> file.addToKey_value_metadata(new KeyValue(key).setValue(value)));
    // Without it readers must not trust minima and maxima.
    file.setColumn_orders(
        Collections.nCopies(columns.size(), ColumnOrder.TYPE_ORDER(new TypeDefinedOrder())));
    return file.setCreated_by(CREATED_BY);
  }

  /** Whether this package wrote the file, so that its statistics are known to the last bit. */
  static boolean isOurs(FileMetaData metadata) {
    return metadata.isSetCreated_by() && metadata.getCreated_by().startsWith(OURS);
  }

  /** What ends a file: footer, its length, magic. */
  static byte[] tail(FileMetaData metadata) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Util.writeFileMetaData(metadata, bytes);
    int length = bytes.size();
    bytes.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    bytes.write(ParquetFooter.MAGIC);
    return bytes.toByteArray();
  }
}
