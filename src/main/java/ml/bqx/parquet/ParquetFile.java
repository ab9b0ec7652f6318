package ml.bqx.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * An open Parquet file with its footer.
 *
 * @param input its bytes; closed with this
 * @param footer its checked footer
 */
public record ParquetFile(ParquetInput input, ParquetFooter footer) implements Closeable {
  /**
   * Reads the footer of an input and takes it over; closes it when the footer is not right.
   *
   * @param checksums of the file's parts, where a record has them: whatever is read of the file is
   *     compared with them
   */
  public static ParquetFile of(ParquetInput input, Optional<PartChecksums> checksums)
      throws IOException {
    try {
      return new ParquetFile(input, ParquetFooter.read(input, checksums));
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  /** Whether an input begins and ends like a Parquet file; closes it. */
  public static boolean isParquet(ParquetInput input) throws IOException {
    try (input) {
      int magic = ParquetFooter.MAGIC.length;
      byte[] ends = new byte[2 * magic];
      if (input.length() >= ends.length) {
        input.read(input.length() - magic, ends, magic);
        System.arraycopy(ends, 0, ends, magic, magic);
        input.read(0, ends, magic);
      }

      return Arrays.equals(ends, 0, magic, ParquetFooter.MAGIC, 0, magic)
          && Arrays.equals(ends, magic, ends.length, ParquetFooter.MAGIC, 0, magic);
    }
  }

  /** A reader of its column chunks. */
  public ChunkReader reader() {
    return new ChunkReader(input, footer.pageEnds());
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
