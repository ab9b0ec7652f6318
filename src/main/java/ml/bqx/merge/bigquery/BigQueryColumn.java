package ml.bqx.merge.bigquery;

import com.google.api.services.bigquery.model.TableFieldSchema;
import java.util.Map;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;

/**
 * How a column of the training file passes through BigQuery and comes out as it went in.
 *
 * <p>Types that BigQuery loads from Parquet and <a
 * href="https://cloud.google.com/bigquery/docs/exporting-data#parquet_export_details">exports</a>
 * in one and the same form pass as themselves; they are those of the data contract. Of any other
 * (FLOAT, unsigned, nanoseconds, decimals of another scale ...) the bits pass, as INT64 or BYTES:
 * the join only carries them.
 *
 * @param column the column of the training file
 * @param carrier the column that BigQuery loads and exports
 * @param type its type there, as the REST interface spells it
 */
record BigQueryColumn(ColumnSchema column, ColumnSchema carrier, String type) {
  static final String INT64 = "INTEGER";
  static final String TIMESTAMP = "TIMESTAMP";
  private static final String BYTES = "BYTES";

  /** Digits before and behind the point of BigQuery's NUMERIC. */
  private static final ColumnSchema NUMERIC = ColumnSchema.decimal("", 38, 9);

  private static final Map<ColumnSchema, String> THEMSELVES =
      Map.of(
          ColumnSchema.float64(""),
          "FLOAT",
          ColumnSchema.int64(""),
          INT64,
          ColumnSchema.bool(""),
          "BOOLEAN",
          ColumnSchema.string(""),
          "STRING",
          ColumnSchema.bytes(""),
          BYTES,
          ColumnSchema.timestampMicros(""),
          TIMESTAMP,
          ColumnSchema.date(""),
          "DATE",
          NUMERIC,
          "NUMERIC");

  /** The way of a column. */
  static BigQueryColumn of(ColumnSchema column) {
    for (Map.Entry<ColumnSchema, String> type : THEMSELVES.entrySet()) {
      if (type.getKey().sameType(column)) {
        return new BigQueryColumn(column, type.getKey().renamed(column.name()), type.getValue());
      }
    }

    return switch (column.physical()) {
      case INT32, INT64, FLOAT, DOUBLE, BOOLEAN ->
          new BigQueryColumn(column, ColumnSchema.int64(column.name()), INT64);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 ->
          new BigQueryColumn(column, ColumnSchema.bytes(column.name()), BYTES);
    };
  }

  /** Whether a file that has the column can be loaded as it is. */
  boolean loadsAsItIs() {
    boolean local =
        column.element().isSetLogicalType()
            && column.element().getLogicalType().isSetTIMESTAMP()
            && !column.element().getLogicalType().getTIMESTAMP().isIsAdjustedToUTC();
    // BigQuery makes a DATETIME of a time without zone.
    return carrier.sameType(column) && !local;
  }

  /** The field of the table that is loaded, under that name. */
  TableFieldSchema field(String name) {
    return field(name, type);
  }

  /** A field of a table that is loaded. */
  static TableFieldSchema field(String name, String type) {
    return new TableFieldSchema().setName(name).setType(type);
  }

  /** The values as they are loaded. */
  ColumnVector carried(ColumnVector values) {
    if (values instanceof Ints ints && carrier.physical() == org.apache.parquet.format.Type.INT64) {
      long[] wide = new long[ints.size()];
      for (int row = 0; row < wide.length; row++) {
        wide[row] = ints.values()[row];
      }

      return new Longs(wide, ints.valid());
    }

    return values;
  }

  /**
   * The values as they were, of those that were exported.
   *
   * @throws IllegalStateException when they are of another type, which no export gives
   */
  ColumnVector restored(ColumnVector values) {
    return switch (column.physical()) {
      case INT32, FLOAT ->
          values instanceof Longs wide ? narrowed(wide) : checked(values, Ints.class);
      case INT64, DOUBLE -> checked(values, Longs.class);
      case BOOLEAN -> checked(values, Booleans.class);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> checked(values, Binaries.class);
    };
  }

  private static Ints narrowed(Longs wide) {
    int[] narrow = new int[wide.size()];
    for (int row = 0; row < narrow.length; row++) {
      narrow[row] = Math.toIntExact(wide.values()[row]);
    }

    return new Ints(narrow, wide.valid());
  }

  private ColumnVector checked(ColumnVector values, Class<? extends ColumnVector> expected) {
    if (!expected.isInstance(values)) {
      throw new IllegalStateException(
          "Cannot take column %s from BigQuery's export: it came back as %s"
              .formatted(column.name(), values.getClass().getSimpleName()));
    }

    return values;
  }
}
