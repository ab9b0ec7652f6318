package ml.bqx.merge.plan;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import ml.bqx.catalog.Catalog;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.Int96;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * The key column of a Parquet file, whatever unit its writer chose: pandas likes nanoseconds, Spark
 * INT96, BigQuery microseconds, Polars milliseconds too.
 */
public final class KeyColumn {
  private static final int MICROS_PER_MILLI = 1_000;
  private static final int NANOS_PER_MICRO = 1_000;

  /** Milliseconds that fit 64 bits as microseconds: about 292,000 years. */
  private static final long MAX_MILLIS = Long.MAX_VALUE / MICROS_PER_MILLI;

  private enum Unit {
    MILLIS,
    MICROS,
    NANOS
  }

  private KeyColumn() {}

  /**
   * A key column.
   *
   * @param moments microseconds since 1970 in UTC, one entry a row; the vector's null rows have no
   *     timestamp
   * @param repeated rows whose local time the clock showed twice, so that something had to tell
   *     which moment is meant
   */
  public record Key(Longs moments, long repeated) {}

  /**
   * Reads the whole column.
   *
   * @param reader of the file
   * @param clock of timestamps that are stored without a zone
   * @throws InvalidInputException when a timestamp is not one moment in whole microseconds
   */
  public static Key read(ParquetFooter footer, ChunkReader reader, KeyClock clock)
      throws IOException {
    int column = index(footer);
    Unit unit = unit(footer, column);
    ColumnVector raw = reader.read(footer, column);
    if (raw instanceof Binaries days) {
      return new Key(Int96.micros(days, footer.file(), Catalog.KEY_COLUMN), 0);
    }

    Longs key = (Longs) raw;
    if (unit != Unit.MICROS) {
      toMicros(key.values(), unit, footer.file());
    }

    boolean isLocal = isIn(footer, clock);
    return new Key(key, isLocal ? LocalTimes.toUtc(key, clock, footer.file()) : 0);
  }

  private static void toMicros(long[] values, Unit unit, String file) {
    for (int row = 0; row < values.length; row++) {
      if (unit == Unit.NANOS) {
        values[row] = wholeMicros(values[row], file, row);
      } else if (values[row] >= -MAX_MILLIS && values[row] <= MAX_MILLIS) {
        values[row] *= MICROS_PER_MILLI;
      } else {
        throw tooFar(file, row, values[row] + " ms since 1970");
      }
    }
  }

  private static long wholeMicros(long nanos, String file, int row) {
    if (nanos % NANOS_PER_MICRO != 0) {
      throw new InvalidInputException(
          "Cannot read %s: %s in row %,d is not a whole number of microseconds (%d ns); round the key when writing the file"
              .formatted(file, Catalog.KEY_COLUMN, row, nanos));
    }

    return nanos / NANOS_PER_MICRO;
  }

  private static InvalidInputException tooFar(String file, int row, String time) {
    return new InvalidInputException(
        "Cannot read %s: %s in row %,d is %s, too far for 64 bits of microseconds; correct the row or leave it out when writing the file"
            .formatted(file, Catalog.KEY_COLUMN, row, time));
  }

  /**
   * Whether the timestamps are stored without a zone, and the clock shows another time than UTC.
   */
  public static boolean isIn(ParquetFooter footer, KeyClock clock) {
    return isLocal(footer) && !clock.isUtc();
  }

  /** Whether the key is under its own name, in a type that every engine takes for a time. */
  public static boolean isPlain(ParquetFooter footer) {
    int column = footer.indexOf(Catalog.KEY_COLUMN);
    if (column < 0 || footer.columns().get(column).physical() != Type.INT64) {
      return false;
    }

    // DuckDB has a type for nanoseconds in UTC, but no function that reads it.
    return isLocal(footer) || unit(footer, column) != Unit.NANOS;
  }

  /**
   * Where the column is. The case of its name does not count, as in SQL.
   *
   * @throws InvalidInputException when the file has none, naming the columns it has, or two
   */
  public static int index(ParquetFooter footer) {
    List<String> names = footer.columns().stream().map(ColumnSchema::name).toList();
    List<String> keys = names.stream().filter(Catalog.KEY_COLUMN::equalsIgnoreCase).toList();
    if (keys.isEmpty()) {
      throw new InvalidInputException(
          "Cannot merge %s: it has no column %s (it has %s); rename the column that holds the time when writing the file"
              .formatted(footer.file(), Catalog.KEY_COLUMN, String.join(", ", names)));
    } else if (keys.size() > 1) {
      throw new InvalidInputException(
          "Cannot merge %s: it has %d key columns (%s; their case does not count); rename or drop all but one when writing the file"
              .formatted(footer.file(), keys.size(), String.join(", ", keys)));
    }

    int column = names.indexOf(keys.get(0));
    unit(footer, column);
    return column;
  }

  /** Whether the timestamps are stored without a time zone: by the clock of wherever that was. */
  static boolean isLocal(ParquetFooter footer) {
    LogicalType logical = footer.columns().get(index(footer)).element().getLogicalType();
    return logical != null
        && logical.isSetTIMESTAMP()
        && !logical.getTIMESTAMP().isIsAdjustedToUTC();
  }

  private static Unit unit(ParquetFooter footer, int column) {
    ColumnSchema schema = footer.columns().get(column);
    if (schema.physical() == Type.INT96) {
      return Unit.NANOS;
    } else if (schema.physical() == Type.INT64 && schema.problem().isEmpty()) {
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
