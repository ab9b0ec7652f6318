package ml.bqx.warehouse.duckdb;

import static ml.bqx.duckdb.DuckDb.quoted;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.VectorBuilder;
import org.apache.parquet.format.Type;
import org.duckdb.DuckDBReadableVector;

/** Collects one column of a stream of chunks. */
abstract sealed class DuckDbColumn {

  /**
   * Makes the collector for a type.
   *
   * @param rows how many rows will come
   */
  static DuckDbColumn of(Kind kind, int rows) {
    return switch (kind) {
      case FLOAT64 -> new Doubles(rows);
      case INT64, TIMESTAMP -> new Longs(rows);
      case DATE -> new Ints(rows);
      case BOOL -> new Booleans(rows);
      case STRING -> new Strings(rows);
      case BYTES -> new Bytes(rows);
      case NUMERIC -> new Numerics(rows);
    };
  }

  /** What to select, so that vectors have the type that {@link #of} reads. */
  static String expression(Column column) {
    String name = quoted(column.name());
    return switch (column.type().kind()) {
      case FLOAT64 -> name + "::DOUBLE";
      case INT64 -> name + "::BIGINT";
      case TIMESTAMP -> "epoch_us(%s)".formatted(name);
      case DATE -> "(%s - DATE '1970-01-01')::INTEGER".formatted(name);
      // The driver reads no bytes from a vector, only text.
      case BYTES -> "to_base64(%s)".formatted(name);
      case BOOL, STRING, NUMERIC -> name;
    };
  }

  /** Appends the rows of one vector. */
  void append(DuckDBReadableVector vector, int rows) {
    for (int row = 0; row < rows; row++) {
      if (vector.isNull(row)) {
        builder().appendNull();
      } else {
        appendValue(vector, row);
      }
    }
  }

  /** The column; nothing can be appended afterwards. */
  final ColumnVector build() {
    return builder().build();
  }

  abstract VectorBuilder builder();

  /** Appends a row that is not null. */
  abstract void appendValue(DuckDBReadableVector vector, int row);

  private static final class Doubles extends DuckDbColumn {
    private final VectorBuilder.OfLongs builder;

    Doubles(int rows) {
      builder = (VectorBuilder.OfLongs) VectorBuilder.of(Type.DOUBLE, rows);
    }

    @Override
    VectorBuilder builder() {
      return builder;
    }

    /** The same loop once more: compiled for nearly all values there are, it is a tenth faster. */
    @Override
    void append(DuckDBReadableVector vector, int rows) {
      for (int row = 0; row < rows; row++) {
        if (vector.isNull(row)) {
          builder.appendNull();
        } else {
          appendValue(vector, row);
        }
      }
    }

    @Override
    void appendValue(DuckDBReadableVector vector, int row) {
      builder.append(Double.doubleToRawLongBits(vector.getDouble(row, 0)));
    }
  }

  private static final class Longs extends DuckDbColumn {
    private final VectorBuilder.OfLongs builder;

    Longs(int rows) {
      builder = (VectorBuilder.OfLongs) VectorBuilder.of(Type.INT64, rows);
    }

    @Override
    VectorBuilder builder() {
      return builder;
    }

    @Override
    void appendValue(DuckDBReadableVector vector, int row) {
      builder.append(vector.getLong(row));
    }
  }

  private static final class Ints extends DuckDbColumn {
    private final VectorBuilder.OfInts builder;

    Ints(int rows) {
      builder = (VectorBuilder.OfInts) VectorBuilder.of(Type.INT32, rows);
    }

    @Override
    VectorBuilder builder() {
      return builder;
    }

    @Override
    void appendValue(DuckDBReadableVector vector, int row) {
      builder.append(vector.getInt(row));
    }
  }

  private static final class Booleans extends DuckDbColumn {
    private final VectorBuilder.OfBooleans builder;

    Booleans(int rows) {
      builder = (VectorBuilder.OfBooleans) VectorBuilder.of(Type.BOOLEAN, rows);
    }

    @Override
    VectorBuilder builder() {
      return builder;
    }

    @Override
    void appendValue(DuckDBReadableVector vector, int row) {
      builder.append(vector.getBoolean(row));
    }
  }

  /** Everything that ends up as bytes of its own length. */
  private abstract static sealed class Binaries extends DuckDbColumn {
    private final VectorBuilder.OfBinaries builder;

    Binaries(int rows) {
      builder = (VectorBuilder.OfBinaries) VectorBuilder.of(Type.BYTE_ARRAY, rows);
    }

    @Override
    final VectorBuilder builder() {
      return builder;
    }

    @Override
    final void appendValue(DuckDBReadableVector vector, int row) {
      builder.append(bytes(vector, row));
    }

    abstract byte[] bytes(DuckDBReadableVector vector, int row);
  }

  private static final class Strings extends Binaries {
    Strings(int rows) {
      super(rows);
    }

    @Override
    byte[] bytes(DuckDBReadableVector vector, int row) {
      return vector.getString(row).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static final class Bytes extends Binaries {
    Bytes(int rows) {
      super(rows);
    }

    @Override
    byte[] bytes(DuckDBReadableVector vector, int row) {
      return Base64.getDecoder().decode(vector.getString(row));
    }
  }

  /** The unscaled value as a fixed number of bytes, big-endian, in two's complement. */
  private static final class Numerics extends Binaries {
    Numerics(int rows) {
      super(rows);
    }

    @Override
    byte[] bytes(DuckDBReadableVector vector, int row) {
      return ColumnSchema.widened(
          vector.getBigDecimal(row).unscaledValue().toByteArray(), ColumnSchema.DECIMAL_BYTES);
    }
  }
}
