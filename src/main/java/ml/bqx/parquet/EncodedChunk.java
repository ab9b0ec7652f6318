package ml.bqx.parquet;

import org.apache.parquet.format.ColumnMetaData;

/**
 * A column chunk in memory, ready to be put into a file.
 *
 * @param metadata its metadata; page offsets are those of the file it comes from, or of a file that
 *     begins with it
 * @param bytes holds its pages: {@code metadata.total_compressed_size} bytes from {@code offset} on
 * @param offset where in {@code bytes} the first page begins
 */
public record EncodedChunk(ColumnMetaData metadata, byte[] bytes, int offset) {
  /** Bytes of all pages. */
  public int length() {
    return (int) metadata.getTotal_compressed_size();
  }
}
