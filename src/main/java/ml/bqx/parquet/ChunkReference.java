package ml.bqx.parquet;

import org.apache.parquet.format.ColumnMetaData;

/**
 * Where a column chunk is: enough to read it without the footer of its file.
 *
 * @param file name of the file
 * @param column name of the column in it, for messages
 * @param rowGroup index of the row group in it, for messages
 * @param metadata its metadata, with offsets in the file; treated as immutable
 */
public record ChunkReference(String file, String column, int rowGroup, ColumnMetaData metadata) {
  /** First byte of the chunk: the dictionary page where there is one. */
  public long start() {
    return ParquetFooter.start(metadata);
  }

  /** Bytes of all its pages. */
  public int length() {
    return (int) metadata.getTotal_compressed_size();
  }

  /** First byte behind the chunk. */
  public long end() {
    return start() + length();
  }

  /** Whether it begins where another chunk of the same file ends. */
  public boolean adjoins(ChunkReference other) {
    return start() == other.end() && file.equals(other.file);
  }

  /** Rows in it. */
  public long rows() {
    return metadata.getNum_values();
  }

  InvalidParquetException broken(String why) {
    return new InvalidParquetException(
        "Cannot read %s: column %s in row group %d: %s".formatted(file, column, rowGroup, why));
  }
}
