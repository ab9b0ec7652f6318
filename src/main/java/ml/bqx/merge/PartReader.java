package ml.bqx.merge;

import java.io.IOException;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnConversion;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.Int96;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.NearestDoubles;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.VectorBuilder;
import org.apache.parquet.format.Type;

/** Reads columns of a file that is a part of a table and has them in a type of its own. */
final class PartReader {
  private PartReader() {}

  /**
   * One column of a file.
   *
   * @param type what the values must be; all are null when the file lacks the column
   * @param parts of the table, this file among them
   * @throws InvalidInputException when a value of one of several parts cannot be had in that type
   * @throws InvalidParquetException when one of the only part cannot
   */
  static ColumnVector read(
      ParquetFooter footer, ChunkReader reader, String name, ColumnSchema type, int parts)
      throws IOException {
    int column = footer.indexOf(name);
    if (column < 0) {
      return nulls(type, footer.rows());
    }

    ColumnSchema schema = footer.columns().get(column);
    ColumnVector raw = reader.read(footer, column);
    if (schema.isAlwaysNull() && raw.nullCount() == raw.size()) {
      return nulls(type, raw.size());
    } else if (schema.physical() == Type.INT96) {
      ColumnVector micros = Int96.micros((Binaries) raw, footer.file(), name);
      return converted(micros, ColumnSchema.timestampMicros(name), type, footer.file(), parts);
    }

    return schema.isWideDecimal() && type.physical() == Type.DOUBLE
        ? NearestDoubles.of((Binaries) raw, schema)
        : converted(raw, schema, type, footer.file(), parts);
  }

  private static ColumnVector converted(
      ColumnVector values, ColumnSchema from, ColumnSchema to, String file, int parts)
      throws InvalidParquetException {
    try {
      return ColumnConversion.convert(values, from, to);
    } catch (InvalidParquetException e) {
      if (parts == 1) {
        throw e;
      }

      throw new InvalidInputException(
          "%s (%s); write it in one type in all parts".formatted(e.getMessage(), file), e);
    }
  }

  private static ColumnVector nulls(ColumnSchema type, long rows) {
    VectorBuilder target = ChunkReader.builder(type, rows);
    for (long row = 0; row < rows; row++) {
      target.appendNull();
    }

    return target.build();
  }
}
