package ml.bqx.parquet;

import java.io.IOException;

/** A Parquet file is broken, or uses something bqx-ml does not read; the message is for users. */
public final class InvalidParquetException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message names the file, and the column and row group where there is one. */
  public InvalidParquetException(String message) {
    super(message);
  }

  /** The message names the file, and the column and row group where there is one. */
  public InvalidParquetException(String message, Throwable cause) {
    super(message, cause);
  }
}
