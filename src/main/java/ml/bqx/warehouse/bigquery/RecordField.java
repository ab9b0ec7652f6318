package ml.bqx.warehouse.bigquery;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import ml.bqx.catalog.ColumnType;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.VectorBuilder;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;

/**
 * Moves the values of one field of Avro rows to a column, without an object for any of them.
 *
 * @param type of the column
 * @param nullBranch which branch of the field's union is null; -1 when the field is no union
 * @param scale digits behind the point of a decimal as it comes
 */
record RecordField(ColumnType type, int nullBranch, int scale) {
  /** A field that {@link RecordLayout} found to be of the column's type. */
  static RecordField of(ColumnType type, Schema field) {
    boolean isUnion = field.getType() == Schema.Type.UNION;
    boolean isDecimal = present(field).getLogicalType() instanceof LogicalTypes.Decimal;
    return new RecordField(
        type,
        isUnion ? field.getIndexNamed(Schema.Type.NULL.getName()) : -1,
        isDecimal ? ((LogicalTypes.Decimal) present(field).getLogicalType()).getScale() : 0);
  }

  /** The type beside null in a union. */
  static Schema present(Schema schema) {
    return schema.getType() != Schema.Type.UNION
        ? schema
        : schema.getTypes().stream()
            .filter(type -> type.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(schema);
  }

  /** Reads the next value, which is this field's. */
  void read(BinaryDecoder in, VectorBuilder column) throws IOException {
    if (nullBranch >= 0 && in.readIndex() == nullBranch) {
      column.appendNull();
      return;
    }

    switch (type.kind()) {
      case FLOAT64 ->
          ((VectorBuilder.OfLongs) column).append(Double.doubleToRawLongBits(in.readDouble()));
      case INT64, TIMESTAMP -> ((VectorBuilder.OfLongs) column).append(in.readLong());
      case DATE -> ((VectorBuilder.OfInts) column).append(in.readInt());
      case BOOL -> ((VectorBuilder.OfBooleans) column).append(in.readBoolean());
      case STRING, BYTES -> ((VectorBuilder.OfBinaries) column).append(bytes(in));
      case NUMERIC -> ((VectorBuilder.OfBinaries) column).append(decimal(bytes(in)));
    }
  }

  /** Strings and bytes are written alike. */
  private static byte[] bytes(BinaryDecoder in) throws IOException {
    return in.readBytes(null).array();
  }

  /** The unscaled value in as many bytes as the column's decimals have. */
  private byte[] decimal(byte[] unscaled) {
    int bytes = ColumnSchema.decimalBytes(type.precision());
    byte[] digits = unscaled;
    if (scale != type.scale() || unscaled.length > bytes) {
      BigDecimal value = new BigDecimal(new BigInteger(unscaled), scale);
      digits = value.setScale(type.scale()).unscaledValue().toByteArray();
    }

    return ColumnSchema.widened(digits, bytes);
  }
}
