package ml.bqx.merge;

import java.io.IOException;
import java.util.Locale;
import ml.bqx.catalog.Catalog;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * The key column of a Parquet file, whatever unit its writer chose: pandas likes nanoseconds, Spark
 * and BigQuery microseconds, Polars milliseconds too.
 */
public final class KeyColumn {
  private static final int MICROS_PER_MILLI = 1_000;
  private static final int NANOS_PER_MICRO = 1_000;

  private enum Unit {
    MILLIS,
    MICROS,
    NANOS
  }

  private KeyColumn() {}

  /**
   * Reads the whole column.
   *
   * @return microseconds since 1970, one entry a row; the vector's null rows have no timestamp
   */
  static Longs read(ParquetFile file) throws IOException {
    int column = index(file.footer());
    Unit unit = unit(file.footer(), column);
    Longs raw = (Longs) file.reader().read(file.footer(), column);
    long[] values = raw.values();
    for (int row = 0; row < values.length && unit != Unit.MICROS; row++) {
      if (unit == Unit.MILLIS) {
        values[row] = Math.multiplyExact(values[row], MICROS_PER_MILLI);
      } else if (values[row] % NANOS_PER_MICRO != 0) {
        throw new InvalidInputException(
            "Cannot read %s: %s in row %,d is not a whole number of microseconds (%d ns); round the key when writing the file"
                .formatted(file.footer().file(), Catalog.KEY_COLUMN, row, values[row]));
      } else {
        values[row] /= NANOS_PER_MICRO;
      }
    }

    return raw;
  }

  /**
   * Where the column is.
   *
   * @throws InvalidInputException when the file has none, naming the columns it has
   */
  public static int index(ParquetFooter footer) {
    int column = footer.indexOf(Catalog.KEY_COLUMN);
    if (column < 0) {
      throw new InvalidInputException(
          "Cannot merge %s: it has no column %s (it has %s)"
              .formatted(
                  footer.file(),
                  Catalog.KEY_COLUMN,
                  String.join(", ", footer.columns().stream().map(ColumnSchema::name).toList())));
    }

    unit(footer, column);
    return column;
  }

  private static Unit unit(ParquetFooter footer, int column) {
    ColumnSchema schema = footer.columns().get(column);
    if (schema.physical() == Type.INT64) {
      LogicalType logical = schema.element().getLogicalType();
      if (logical != null && logical.isSetTIMESTAMP()) {
        TimeUnit unit = logical.getTIMESTAMP().getUnit();
        // A format of the future, or a damaged footer, has a unit without a name.
        if (unit.isSet()) {
          return Unit.valueOf(unit.getSetField().name().toUpperCase(Locale.ROOT));
        }
      }

      if (schema.element().getConverted_type() == ConvertedType.TIMESTAMP_MICROS) {
        return Unit.MICROS;
      }

      if (schema.element().getConverted_type() == ConvertedType.TIMESTAMP_MILLIS) {
        return Unit.MILLIS;
      }
    }

    throw new InvalidInputException(
        "Cannot merge %s: %s is %s, it must be an INT64 TIMESTAMP; convert it when writing the file"
            .formatted(footer.file(), schema.name(), schema.typeName()));
  }
}
