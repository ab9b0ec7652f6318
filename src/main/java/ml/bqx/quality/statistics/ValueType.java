package ml.bqx.quality.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.BaseEncoding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import ml.bqx.checkpoint.Spine;
import ml.bqx.parquet.ColumnSchema;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.Type;

/**
 * What the values of a column are to statistics.
 *
 * @param kind numbers have mean and quantiles, moments of time and texts have not
 * @param scale digits behind the point of a decimal
 * @param unit microseconds of a moment of time's unit; below 1 for nanoseconds
 */
record ValueType(Kind kind, int scale, double unit) {
  /** Kinds of values. */
  enum Kind {
    DOUBLE,
    FLOAT,
    INTEGER,
    BOOLEAN,
    DECIMAL,
    TIMESTAMP,
    DATE,
    TEXT,
    BYTES
  }

  static final ValueType DOUBLE = new ValueType(Kind.DOUBLE, 0, 0);
  static final ValueType FLOAT = new ValueType(Kind.FLOAT, 0, 0);

  /** Bytes of a value that are shown as hexadecimal digits. */
  private static final int SHOWN_BYTES = 16;

  /** Characters of a text that are shown. */
  private static final int SHOWN_CHARACTERS = 64;

  /** The type of a column's values. */
  static ValueType of(ColumnSchema column) {
    LogicalType logical = column.element().getLogicalType();
    ConvertedType converted = column.element().getConverted_type();
    boolean decimal =
        converted == ConvertedType.DECIMAL || (logical != null && logical.isSetDECIMAL());
    if (decimal) {
      int scale =
          logical != null && logical.isSetDECIMAL()
              ? logical.getDECIMAL().getScale()
              : column.element().getScale();
      return new ValueType(Kind.DECIMAL, scale, 0);
    }

    return switch (column.physical()) {
      case DOUBLE -> DOUBLE;
      case FLOAT -> FLOAT;
      case BOOLEAN -> new ValueType(Kind.BOOLEAN, 0, 0);
      case INT32, INT64 -> integer(column, logical, converted);
      case BYTE_ARRAY ->
          new ValueType(
              converted == ConvertedType.UTF8 || (logical != null && logical.isSetSTRING())
                  ? Kind.TEXT
                  : Kind.BYTES,
              0,
              0);
      case FIXED_LEN_BYTE_ARRAY, INT96 -> new ValueType(Kind.BYTES, 0, 0);
    };
  }

  private static ValueType integer(
      ColumnSchema column, LogicalType logical, ConvertedType converted) {
    if (converted == ConvertedType.DATE || (logical != null && logical.isSetDATE())) {
      return new ValueType(Kind.DATE, 0, 0);
    } else if (column.physical() == Type.INT64) {
      if (logical != null && logical.isSetTIMESTAMP()) {
        return switch (logical.getTIMESTAMP().getUnit().getSetField()) {
          case MILLIS -> new ValueType(Kind.TIMESTAMP, 0, 1e3);
          case MICROS -> new ValueType(Kind.TIMESTAMP, 0, 1);
          case NANOS -> new ValueType(Kind.TIMESTAMP, 0, 1e-3);
        };
      } else if (converted == ConvertedType.TIMESTAMP_MICROS) {
        return new ValueType(Kind.TIMESTAMP, 0, 1);
      } else if (converted == ConvertedType.TIMESTAMP_MILLIS) {
        return new ValueType(Kind.TIMESTAMP, 0, 1e3);
      }
    }

    return new ValueType(Kind.INTEGER, 0, 0);
  }

  /** Whether values can be added: whether they have a mean. */
  boolean isNumber() {
    return switch (kind) {
      case DOUBLE, FLOAT, INTEGER, BOOLEAN, DECIMAL -> true;
      case TIMESTAMP, DATE, TEXT, BYTES -> false;
    };
  }

  /** Whether values of bytes stand in their order by these bytes, or their number. */
  boolean isBytes() {
    return kind == Kind.DECIMAL || kind == Kind.TEXT || kind == Kind.BYTES;
  }

  /** The number of a decimal's bytes, big-endian two's complement. */
  double number(byte[] bytes, int from, int to) {
    return new BigDecimal(new BigInteger(bytes, from, to - from), scale).doubleValue();
  }

  /** Compares two values of bytes. */
  int compare(byte[] left, byte[] right) {
    return kind == Kind.DECIMAL
        ? new BigInteger(left).compareTo(new BigInteger(right))
        : Arrays.compareUnsigned(left, right);
  }

  /** A value of integers, dates or times for people. */
  String text(long value) {
    return switch (kind) {
      case BOOLEAN -> Boolean.toString(value != 0);
      case DATE -> LocalDate.ofEpochDay(value).toString();
      case TIMESTAMP -> Spine.text(unit == 1 ? value : (long) (value * unit));
      case DOUBLE, FLOAT, INTEGER, DECIMAL, TEXT, BYTES -> Long.toString(value);
    };
  }

  /** A value of bytes for people, shortened. */
  String text(byte[] value) {
    return switch (kind) {
      case DECIMAL -> new BigDecimal(new BigInteger(value), scale).toPlainString();
      case TEXT -> shortened(new String(value, UTF_8));
      case DOUBLE, FLOAT, INTEGER, BOOLEAN, TIMESTAMP, DATE, BYTES ->
          BaseEncoding.base16().lowerCase().encode(value, 0, Math.min(value.length, SHOWN_BYTES));
    };
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
