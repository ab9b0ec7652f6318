package ml.bqx.warehouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.options.InvalidInputException;
import ml.bqx.parquet.ColumnSchema;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;

/**
 * Where the columns of a feature group are in the Avro records of a read session, which come in the
 * table's order whatever was asked for.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/storage#avro_schema_details">How
 *     BigQuery's types come in Avro</a>
 */
final class RecordLayout {
  private final int[] fields;
  private final ColumnType[] types;

  /** Digits behind the point of the decimals as they come. */
  private final int[] scales;

  private final boolean hasBytes;

  private RecordLayout(int[] fields, ColumnType[] types, int[] scales) {
    this.fields = fields;
    this.types = types;
    this.scales = scales;
    this.hasBytes = Arrays.stream(types).anyMatch(type -> isBytes(type.kind()));
  }

  /**
   * Finds the columns.
   *
   * @param table for messages
   * @param columns the key, then those of the group
   * @throws InvalidInputException when one is missing, or not of the type that discovery found
   */
  static RecordLayout of(String table, List<Column> columns, Schema schema) {
    int[] fields = new int[columns.size()];
    int[] scales = new int[columns.size()];
    for (int slot = 0; slot < fields.length; slot++) {
      Column column = columns.get(slot);
      Schema.Field field = schema.getField(column.name());
      Schema type = field == null ? null : present(field.schema());
      if (type == null || !matches(column.type().kind(), type)) {
        throw new InvalidInputException(
            "Cannot read column %s.%s: it was a %s at discovery and is now %s; run again"
                .formatted(
                    table,
                    column.name(),
                    column.sourceType(),
                    type == null ? "gone" : words(type)));
      }

      fields[slot] = field.pos();
      scales[slot] =
          type.getLogicalType() instanceof LogicalTypes.Decimal decimal ? decimal.getScale() : 0;
    }

    ColumnType[] types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
    return new RecordLayout(fields, types, scales);
  }

  /** What is read of a group: its key, then its columns. */
  static List<Column> columns(FeatureGroup group) {
    List<Column> columns = new ArrayList<>(List.of(key(group)));
    columns.addAll(group.columns());
    return columns;
  }

  /** The group's key column, however its name is written. */
  static Column key(FeatureGroup group) {
    return group.table().columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(Catalog.KEY_COLUMN))
        .findFirst()
        .orElseThrow();
  }

  static boolean isBytes(Kind kind) {
    return kind == Kind.STRING || kind == Kind.BYTES || kind == Kind.NUMERIC;
  }

  /** The type beside null in a union. */
  private static Schema present(Schema schema) {
    return schema.getType() != Schema.Type.UNION
        ? schema
        : schema.getTypes().stream()
            .filter(type -> type.getType() != Schema.Type.NULL)
            .findFirst()
            .orElse(schema);
  }

  private static boolean matches(Kind kind, Schema type) {
    String logical = type.getProp("logicalType");
    Schema.Type physical = type.getType();
    return switch (kind) {
      case FLOAT64 -> physical == Schema.Type.DOUBLE;
      case INT64 -> physical == Schema.Type.LONG && logical == null;
      case BOOL -> physical == Schema.Type.BOOLEAN;
      case STRING -> physical == Schema.Type.STRING && logical == null;
      case BYTES -> physical == Schema.Type.BYTES && logical == null;
      case NUMERIC -> physical == Schema.Type.BYTES && "decimal".equals(logical);
      case TIMESTAMP -> physical == Schema.Type.LONG && "timestamp-micros".equals(logical);
      case DATE -> physical == Schema.Type.INT && "date".equals(logical);
    };
  }

  private static String words(Schema type) {
    String logical = type.getProp("logicalType");
    String physical = type.getType().name().toLowerCase(Locale.ROOT);
    return logical == null ? "Avro " + physical : "Avro %s (%s)".formatted(physical, logical);
  }

  /** Copies a record's values: it may be used again for the next row. */
  WarehouseRow row(int group, GenericRecord record) {
    long[] values = new long[fields.length];
    byte[][] bytes = hasBytes ? new byte[fields.length][] : null;
    boolean[] nulls = null;
    for (int slot = 0; slot < fields.length; slot++) {
      Object value = record.get(fields[slot]);
      if (value == null) {
        nulls = nulls == null ? new boolean[fields.length] : nulls;
        nulls[slot] = true;
      } else if (isBytes(types[slot].kind())) {
        bytes[slot] = bytes(slot, value);
      } else {
        values[slot] = bits(value);
      }
    }

    return new WarehouseRow(group, values, bytes, nulls);
  }

  private static long bits(Object value) {
    if (value instanceof Double number) {
      return Double.doubleToRawLongBits(number);
    }

    return value instanceof Boolean bool ? (bool ? 1 : 0) : ((Number) value).longValue();
  }

  private byte[] bytes(int slot, Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] copy = new byte[buffer.remaining()];
      buffer.duplicate().get(copy);
      return types[slot].kind() == Kind.NUMERIC ? decimal(slot, copy) : copy;
    }

    Utf8 text = value instanceof Utf8 utf8 ? utf8 : new Utf8(value.toString());
    return Arrays.copyOf(text.getBytes(), text.getByteLength());
  }

  /** The unscaled value in as many bytes as the column's decimals have. */
  private byte[] decimal(int slot, byte[] unscaled) {
    ColumnType type = types[slot];
    byte[] fixed = new byte[ColumnSchema.decimalBytes(type.precision())];
    byte[] digits = unscaled;
    if (scales[slot] != type.scale() || unscaled.length > fixed.length) {
      BigDecimal value = new BigDecimal(new BigInteger(unscaled), scales[slot]);
      digits = value.setScale(type.scale()).unscaledValue().toByteArray();
    }

    int start = fixed.length - digits.length;
    Arrays.fill(fixed, 0, start, (byte) (digits[0] < 0 ? -1 : 0));
    System.arraycopy(digits, 0, fixed, start, digits.length);
    return fixed;
  }
}
