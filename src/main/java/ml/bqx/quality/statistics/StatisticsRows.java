package ml.bqx.quality.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.ParquetFile;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The rows of a file of statistics, a cell at a time. */
final class StatisticsRows {
  private final int count;
  private final Map<String, ColumnVector> columns;

  private StatisticsRows(int count, Map<String, ColumnVector> columns) {
    this.count = count;
    this.columns = columns;
  }

  /**
   * Reads columns of a file.
   *
   * @throws InvalidParquetException when one is missing or of another type
   */
  static StatisticsRows of(ParquetFile file, List<ColumnSchema> wanted) throws IOException {
    ChunkReader reader = file.reader();
    Map<String, ColumnVector> columns = new HashMap<>();
    for (ColumnSchema column : wanted) {
      int at = file.footer().indexOf(column.name());
      if (at < 0 || !file.footer().columns().get(at).sameType(column)) {
        throw new InvalidParquetException(
            "Cannot read %s: it has no column %s of type %s"
                .formatted(file.footer().file(), column.name(), column.typeName()));
      }

      columns.put(column.name(), reader.read(file.footer(), at));
    }

    return new StatisticsRows(Math.toIntExact(file.footer().rows()), columns);
  }

  int count() {
    return count;
  }

  boolean has(String column, int row) {
    return !vector(column).isNull(row);
  }

  String text(String column, int row) {
    return new String(bytes(column, row), UTF_8);
  }

  byte[] bytes(String column, int row) {
    Binaries values = (Binaries) vector(column);
    return Arrays.copyOfRange(values.bytes(), values.offsets()[row], values.offsets()[row + 1]);
  }

  long number(String column, int row) {
    return ((Longs) vector(column)).values()[row];
  }

  @Nullable Double decimal(String column, int row) {
    return has(column, row) ? Double.longBitsToDouble(number(column, row)) : null;
  }

  boolean flag(String column, int row) {
    return ((Booleans) vector(column)).values()[row];
  }

  private ColumnVector vector(String column) {
    return Objects.requireNonNull(columns.get(column), column);
  }
}
