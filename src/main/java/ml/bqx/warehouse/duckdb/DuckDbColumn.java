package ml.bqx.warehouse.duckdb;

import static ml.bqx.duckdb.DuckDb.quoted;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.VectorBuilder;
import org.duckdb.DuckDBReadableVector;

/** Collects one column of a stream of chunks. */
final class DuckDbColumn {
  private final VectorBuilder builder;
  private final Rows rows;

  private DuckDbColumn(VectorBuilder builder, Rows rows) {
    this.builder = builder;
    this.rows = rows;
  }

  /** Appends all rows of a vector. */
  @FunctionalInterface
  private interface Rows {
    void append(DuckDBReadableVector vector, int rows);
  }

  /** Appends a row of a vector that is not null. */
  @FunctionalInterface
  private interface Value {
    void append(DuckDBReadableVector vector, int row);
  }

  /** Takes a value that ends up as bytes of its own length. */
  @FunctionalInterface
  private interface Bytes {
    byte[] of(DuckDBReadableVector vector, int row);
  }

  /**
   * Makes the collector for a type.
   *
   * @param rows how many rows will come
   */
  static DuckDbColumn of(Kind kind, int rows) {
    VectorBuilder builder = ColumnBatch.builder(kind, rows);
    return switch (kind) {
      case FLOAT64 -> ofDoubles((VectorBuilder.OfLongs) builder);
      case INT64, TIMESTAMP -> ofLongs((VectorBuilder.OfLongs) builder);
      case DATE -> ofInts((VectorBuilder.OfInts) builder);
      case BOOL -> ofBooleans((VectorBuilder.OfBooleans) builder);
      case STRING ->
          ofBytes(builder, (vector, row) -> vector.getString(row).getBytes(StandardCharsets.UTF_8));
      case BYTES ->
          ofBytes(builder, (vector, row) -> Base64.getDecoder().decode(vector.getString(row)));
      case NUMERIC ->
          ofBytes(
              builder,
              (vector, row) ->
                  ColumnSchema.widened(
                      vector.getBigDecimal(row).unscaledValue().toByteArray(),
                      ColumnSchema.DECIMAL_BYTES));
    };
  }

  /** What to select, so that vectors have the type that {@link #of} reads. */
  static String expression(Column column) {
    String name = quoted(column.name());
    return switch (column.supportedType().kind()) {
      case FLOAT64 -> name + "::DOUBLE";
      case INT64 -> name + "::BIGINT";
      case TIMESTAMP -> "epoch_us(%s)".formatted(name);
      case DATE -> "(%s - DATE '1970-01-01')::INTEGER".formatted(name);
      // The driver reads no bytes from a vector, only text.
      case BYTES -> "to_base64(%s)".formatted(name);
      case STRING -> name + "::VARCHAR";
      case BOOL, NUMERIC -> name;
    };
  }

  /** Appends the rows of one vector. */
  void append(DuckDBReadableVector vector, int count) {
    rows.append(vector, count);
  }

  /** Rows for which there is room. */
  int capacity() {
    return builder.capacity();
  }

  /** Begins again, in the same arrays. */
  void clear() {
    builder.clear();
  }

  /** The column; nothing can be appended afterwards. */
  ColumnVector build() {
    return builder.build();
  }

  /** The column in arrays that may be longer, until something is done with this. */
  ColumnVector lend() {
    return builder.lend();
  }

  /** A loop of their own: compiled for nearly all values there are, it is a tenth faster. */
  private static DuckDbColumn ofDoubles(VectorBuilder.OfLongs builder) {
    return new DuckDbColumn(
        builder,
        (vector, rows) -> {
          for (int row = 0; row < rows; row++) {
            if (vector.isNull(row)) {
              builder.appendNull();
            } else {
              builder.append(Double.doubleToRawLongBits(vector.getDouble(row, 0)));
            }
          }
        });
  }

  private static DuckDbColumn ofLongs(VectorBuilder.OfLongs builder) {
    return ofValues(builder, (vector, row) -> builder.append(vector.getLong(row)));
  }

  private static DuckDbColumn ofInts(VectorBuilder.OfInts builder) {
    return ofValues(builder, (vector, row) -> builder.append(vector.getInt(row)));
  }

  private static DuckDbColumn ofBooleans(VectorBuilder.OfBooleans builder) {
    return ofValues(builder, (vector, row) -> builder.append(vector.getBoolean(row)));
  }

  private static DuckDbColumn ofBytes(VectorBuilder builder, Bytes value) {
    VectorBuilder.OfBinaries binaries = (VectorBuilder.OfBinaries) builder;
    return ofValues(binaries, (vector, row) -> binaries.append(value.of(vector, row)));
  }

  private static DuckDbColumn ofValues(VectorBuilder builder, Value value) {
    return new DuckDbColumn(
        builder,
        (vector, rows) -> {
          for (int row = 0; row < rows; row++) {
            if (vector.isNull(row)) {
              builder.appendNull();
            } else {
              value.append(vector, row);
            }
          }
        });
  }
}
