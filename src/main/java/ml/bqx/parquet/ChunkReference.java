package ml.bqx.parquet;

import java.util.OptionalInt;
import org.apache.parquet.format.ColumnMetaData;

/**
 * Where a column chunk is: enough to read it without the footer of its file.
 *
 * @param file name of the file
 * @param column name of the column in it, for messages
 * @param rowGroup index of the row group in it, for messages
 * @param metadata its metadata, with offsets in the file; treated as immutable
 * @param checksum CRC32C of its bytes, where a record of the file has it
 */
public record ChunkReference(
    String file, String column, int rowGroup, ColumnMetaData metadata, OptionalInt checksum) {
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

  /** Compares the sum of the chunk's bytes with its checksum, where it has one. */
  void check(int found) throws InvalidParquetException {
    if (checksum.isPresent() && found != checksum.getAsInt()) {
      throw broken(
          "its checksum is %08x, its record says %08x".formatted(found, checksum.getAsInt()));
    }
  }

  InvalidParquetException broken(String why) {
    return new InvalidParquetException(
        "Cannot read %s: column %s in row group %d: %s".formatted(file, column, rowGroup, why));
  }
}
