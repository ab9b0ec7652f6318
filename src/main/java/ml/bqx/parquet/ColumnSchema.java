package ml.bqx.parquet;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

/**
 * Name and type of one flat column: a leaf of a Parquet schema.
 *
 * @param element the leaf as the footer holds it; treated as immutable
 */
public record ColumnSchema(SchemaElement element) implements Serializable {
  /** Bytes that hold any NUMERIC of up to 38 digits, as BigQuery's loader and Arrow use. */
  public static final int DECIMAL_BYTES = 16;

  /** Bytes that hold any BIGNUMERIC, which has more digits than fit {@link #DECIMAL_BYTES}. */
  public static final int BIG_DECIMAL_BYTES = 32;

  /** Decimal digits that always fit {@link #DECIMAL_BYTES}. */
  private static final int DECIMAL_DIGITS = 38;

  /** DOUBLE. */
  public static ColumnSchema float64(String name) {
    return new ColumnSchema(leaf(name, Type.DOUBLE));
  }

  /** INT64. */
  public static ColumnSchema int64(String name) {
    return new ColumnSchema(leaf(name, Type.INT64));
  }

  /** BOOLEAN. */
  public static ColumnSchema bool(String name) {
    return new ColumnSchema(leaf(name, Type.BOOLEAN));
  }

  /** BYTE_ARRAY. */
  public static ColumnSchema bytes(String name) {
    return new ColumnSchema(leaf(name, Type.BYTE_ARRAY));
  }

  /** BYTE_ARRAY of UTF-8 text. */
  public static ColumnSchema string(String name) {
    return new ColumnSchema(
        leaf(name, Type.BYTE_ARRAY)
            .setConverted_type(ConvertedType.UTF8)
            .setLogicalType(LogicalType.STRING(new StringType())));
  }

  /** INT32 of days since 1970-01-01. */
  public static ColumnSchema date(String name) {
    return new ColumnSchema(
        leaf(name, Type.INT32)
            .setConverted_type(ConvertedType.DATE)
            .setLogicalType(LogicalType.DATE(new DateType())));
  }

  /** FIXED_LEN_BYTE_ARRAY of {@link #decimalBytes} bytes, big-endian two's complement. */
  public static ColumnSchema decimal(String name, int precision, int scale) {
    return new ColumnSchema(
        leaf(name, Type.FIXED_LEN_BYTE_ARRAY)
            .setType_length(decimalBytes(precision))
            .setConverted_type(ConvertedType.DECIMAL)
            .setPrecision(precision)
            .setScale(scale)
            .setLogicalType(LogicalType.DECIMAL(new DecimalType(scale, precision))));
  }

  /**
   * A number in more bytes, as decimals have it.
   *
   * @param number big-endian two's complement, at least one byte and not more than {@code bytes}
   */
  public static byte[] widened(byte[] number, int bytes) {
    byte[] wide = new byte[bytes];
    int start = bytes - number.length;
    Arrays.fill(wide, 0, start, (byte) (number[0] < 0 ? -1 : 0));
    System.arraycopy(number, 0, wide, start, number.length);
    return wide;
  }

  /** Bytes of a decimal with so many digits. */
  public static int decimalBytes(int precision) {
    return precision > DECIMAL_DIGITS ? BIG_DECIMAL_BYTES : DECIMAL_BYTES;
  }

  /** INT64 of microseconds since 1970 in UTC. */
  public static ColumnSchema timestampMicros(String name) {
    TimestampType type = new TimestampType(true, TimeUnit.MICROS(new MicroSeconds()));
    return new ColumnSchema(
        leaf(name, Type.INT64)
            .setConverted_type(ConvertedType.TIMESTAMP_MICROS)
            .setLogicalType(LogicalType.TIMESTAMP(type)));
  }

  private static SchemaElement leaf(String name, Type type) {
    return new SchemaElement(name).setType(type).setRepetition_type(FieldRepetitionType.OPTIONAL);
  }

  /** The column's name. */
  public String name() {
    return element.getName();
  }

  /** How values are stored. */
  public Type physical() {
    return element.getType();
  }

  /** Bytes of a FIXED_LEN_BYTE_ARRAY or INT96 value, 0 for all other types. */
  public int fixedBytes() {
    return switch (physical()) {
      case FIXED_LEN_BYTE_ARRAY -> element.getType_length();
      case INT96 -> 12;
      default -> 0;
    };
  }

  /** Whether no row may be null, so that pages carry no definition levels. */
  public boolean required() {
    return element.getRepetition_type() == FieldRepetitionType.REQUIRED;
  }

  /** The same type under another name. */
  public ColumnSchema renamed(String name) {
    return new ColumnSchema(element.deepCopy().setName(name));
  }

  /** The same column, where every row must have a value. */
  public ColumnSchema asRequired() {
    return new ColumnSchema(element.deepCopy().setRepetition_type(FieldRepetitionType.REQUIRED));
  }

  /** The same column, where rows may be null. */
  public ColumnSchema asOptional() {
    return new ColumnSchema(element.deepCopy().setRepetition_type(FieldRepetitionType.OPTIONAL));
  }

  /** Whether values of both columns mean the same, whatever name and nullability say. */
  public boolean sameType(ColumnSchema other) {
    return physical() == other.physical()
        && fixedBytes() == other.fixedBytes()
        && logical().equals(other.logical());
  }

  /** The type for messages, for example {@code DOUBLE} or {@code BYTE_ARRAY UTF8}. */
  public String typeName() {
    String logical = logical();
    return logical.isEmpty() ? physical().name() : physical() + " " + logical;
  }

  /** Writers may give the logical type, the older converted type, or both. */
  private String logical() {
    if (element.isSetConverted_type()) {
      boolean decimal = element.getConverted_type() == ConvertedType.DECIMAL;
      String parameters =
          decimal ? "(%d, %d)".formatted(element.getPrecision(), element.getScale()) : "";
      return element.getConverted_type() + parameters;
    }

    return element.isSetLogicalType() ? logicalName(element.getLogicalType()) : "";
  }

  private static String logicalName(LogicalType type) {
    if (!type.isSet()) {
      return "of a logical type that this tool does not know";
    }

    return switch (type.getSetField()) {
      case STRING -> ConvertedType.UTF8.name();
      case DATE -> ConvertedType.DATE.name();
      case DECIMAL ->
          "DECIMAL(%d, %d)"
              .formatted(type.getDECIMAL().getPrecision(), type.getDECIMAL().getScale());
      case TIMESTAMP -> "TIMESTAMP_" + type.getTIMESTAMP().getUnit().getSetField();
      default -> type.toString();
    };
  }
}
