package ml.bqx.parquet;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open Parquet file with its footer.
 *
 * @param input its bytes; closed with this
 * @param footer its checked footer
 */
public record ParquetFile(ParquetInput input, ParquetFooter footer) implements Closeable {
  /** Reads the footer of an input and takes it over; closes it when the footer is not right. */
  public static ParquetFile of(ParquetInput input) throws IOException {
    try {
      return new ParquetFile(input, ParquetFooter.read(input));
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  /** A reader of its column chunks. */
  public ChunkReader reader() {
    return new ChunkReader(input);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
