package ml.bqx.parquet;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
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
 * Name and type of one column: a leaf of a Parquet schema, or what is nested in place of one.
 *
 * @param element the column as the footer holds it; treated as immutable
 */
public record ColumnSchema(SchemaElement element) implements Serializable {
  /** Bytes that hold any NUMERIC of up to 38 digits, as BigQuery's loader and Arrow use. */
  public static final int DECIMAL_BYTES = 16;

  /** Bytes that hold any BIGNUMERIC, which has more digits than fit {@link #DECIMAL_BYTES}. */
  public static final int BIG_DECIMAL_BYTES = 32;

  /** Follows the physical type: GEOMETRY and VARIANT were such types once. */
  private static final String NEW_TYPE = "of a logical type that this tool does not know";

  /** Decimal digits that always fit {@link #DECIMAL_BYTES}. */
  private static final int DECIMAL_DIGITS = 38;

  /** DOUBLE. */
  public static ColumnSchema float64(String name) {
    return new ColumnSchema(leaf(name, Type.DOUBLE));
  }

  /** FLOAT. */
  public static ColumnSchema float32(String name) {
    return new ColumnSchema(leaf(name, Type.FLOAT));
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
      case INT96 -> Int96.BYTES;
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
    if (!isFlat()) {
      return element.isSetType() ? "repeated " + physical() : ("nested " + logical()).strip();
    }

    String logical = logical();
    return logical.isEmpty() ? physical().name() : physical() + " " + logical;
  }

  /** Whether every row has one value at most: whether the column is not nested, nor repeated. */
  public boolean isFlat() {
    return element.isSetType() && element.getRepetition_type() != FieldRepetitionType.REPEATED;
  }

  /** Why the column's values cannot be used, in words that follow its name; empty if they can. */
  public Optional<String> problem() {
    if (!isFlat()) {
      return Optional.of("is %s, and only flat columns can be read".formatted(typeName()));
    }

    if (hasNewType()) {
      return Optional.of("is " + typeName());
    }

    return Annotation.impossible(element)
        .map(type -> "is %s, which cannot be %s".formatted(physical(), type));
  }

  /** Whether it is a decimal of more digits than most readers take. */
  public boolean isWideDecimal() {
    LogicalType type = element.getLogicalType();
    boolean decimal =
        element.getConverted_type() == ConvertedType.DECIMAL
            || (type != null && type.isSetDECIMAL());
    int digits =
        type != null && type.isSetDECIMAL()
            ? type.getDECIMAL().getPrecision()
            : element.getPrecision();
    return decimal && digits > DECIMAL_DIGITS;
  }

  /** Digits behind the point of a decimal. */
  int decimalScale() {
    LogicalType type = element.getLogicalType();
    return type != null && type.isSetDECIMAL() ? type.getDECIMAL().getScale() : element.getScale();
  }

  /** Whether all rows are null by the type: Arrow's null type. */
  public boolean isAlwaysNull() {
    LogicalType type = element.getLogicalType();
    return type != null && type.isSetUNKNOWN();
  }

  /** Writers may give the logical type, the older converted type, or both. */
  private String logical() {
    if (hasNewType()) {
      return NEW_TYPE;
    } else if (!element.isSetConverted_type()) {
      return element.isSetLogicalType() ? logicalName(element.getLogicalType()) : "";
    }

    boolean decimal = element.getConverted_type() == ConvertedType.DECIMAL;
    return decimal
        ? "DECIMAL(%d, %d)".formatted(element.getPrecision(), element.getScale())
        : plain(element.getConverted_type().name());
  }

  private String logicalName(LogicalType type) {
    return switch (type.getSetField()) {
      case STRING -> ConvertedType.UTF8.name();
      case DECIMAL ->
          "DECIMAL(%d, %d)"
              .formatted(type.getDECIMAL().getPrecision(), type.getDECIMAL().getScale());
      case TIMESTAMP -> "TIMESTAMP_" + type.getTIMESTAMP().getUnit().getSetField();
      case TIME -> "TIME_" + type.getTIME().getUnit().getSetField();
      case INTEGER ->
          plain(
              (type.getINTEGER().isIsSigned() ? "INT_" : "UINT_")
                  + type.getINTEGER().getBitWidth());
      case UNKNOWN -> "NULL";
      default -> type.getSetField().name();
    };
  }

  /** A signed integer of the physical type's own width is nothing but that. */
  private String plain(String name) {
    return name.equals(physical() == Type.INT32 ? "INT_32" : "INT_64") ? "" : name;
  }

  /** What a union holds that has a member which the format has got since this was written. */
  private boolean hasNewType() {
    LogicalType type = element.getLogicalType();
    if (type == null) {
      return false;
    } else if (type.isSetTIMESTAMP()) {
      return type.getTIMESTAMP().getUnit().getSetField() == null;
    } else if (type.isSetTIME()) {
      return type.getTIME().getUnit().getSetField() == null;
    }

    return type.getSetField() == null;
  }
}
