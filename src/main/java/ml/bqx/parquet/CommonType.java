package ml.bqx.parquet;

import java.util.Optional;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * The type that holds the values of two columns: the wider of two integers or floats, a double for
 * integers beside doubles, the finer unit of two times. {@link ColumnConversion} brings the values
 * there, and refuses those that it would have to round.
 */
public final class CommonType {
  private CommonType() {}

  /** The type for the values of both columns, with the first one's name; empty if there is none. */
  public static Optional<ColumnSchema> of(ColumnSchema one, ColumnSchema other) {
    if (isSame(one, other)) {
      return Optional.of(one);
    } else if (isFloat(one) || isFloat(other)) {
      boolean numbers =
          (isFloat(one) || integerBits(one) > 0) && (isFloat(other) || integerBits(other) > 0);
      return numbers ? Optional.of(ColumnSchema.float64(one.name())) : Optional.empty();
    } else if (integerBits(one) > 0 && integerBits(other) > 0) {
      return integer(one, other);
    }

    return isTimestamp(one) && isTimestamp(other) && isUtc(one) == isUtc(other)
        ? Optional.of(unit(one) > unit(other) ? one : other.renamed(one.name()))
        : Optional.empty();
  }

  /** Whether values of both columns mean the same, without any change. */
  public static boolean isSame(ColumnSchema one, ColumnSchema other) {
    return one.sameType(other) && isUtc(one) == isUtc(other);
  }

  /** The type for messages, with what only the newer annotations of a timestamp tell. */
  public static String name(ColumnSchema column) {
    return isUtc(column) ? column.typeName() : column.typeName() + " without a time zone";
  }

  /** Integers with and without a sign go into the signed one when it is wider, or into INT64. */
  private static Optional<ColumnSchema> integer(ColumnSchema one, ColumnSchema other) {
    ColumnSchema wider = integerBits(one) >= integerBits(other) ? one : other;
    if (isUnsigned(one) == isUnsigned(other)) {
      return Optional.of(wider.renamed(one.name()));
    }

    ColumnSchema unsigned = isUnsigned(one) ? one : other;
    return integerBits(unsigned) < Long.SIZE
        ? Optional.of(ColumnSchema.int64(one.name()))
        : Optional.empty();
  }

  private static boolean isFloat(ColumnSchema column) {
    return column.physical() == Type.FLOAT || column.physical() == Type.DOUBLE;
  }

  /** Bits of an integer; 0 of all else. */
  private static int integerBits(ColumnSchema column) {
    int bits =
        switch (column.physical()) {
          case INT32 -> Integer.SIZE;
          case INT64 -> Long.SIZE;
          default -> 0;
        };
    LogicalType logical = column.element().getLogicalType();
    if (logical != null) {
      return logical.isSetINTEGER() ? logical.getINTEGER().getBitWidth() : 0;
    }

    ConvertedType converted = column.element().getConverted_type();
    if (converted == null) {
      return bits;
    }

    return switch (converted) {
      case INT_8, UINT_8 -> Byte.SIZE;
      case INT_16, UINT_16 -> Short.SIZE;
      case INT_32, UINT_32, INT_64, UINT_64 -> bits;
      default -> 0;
    };
  }

  private static boolean isUnsigned(ColumnSchema column) {
    LogicalType logical = column.element().getLogicalType();
    ConvertedType converted = column.element().getConverted_type();
    return logical != null
        ? logical.isSetINTEGER() && !logical.getINTEGER().isIsSigned()
        : converted != null && converted.name().startsWith("UINT");
  }

  private static boolean isTimestamp(ColumnSchema column) {
    return unit(column) > 0;
  }

  /** Digits behind the point of seconds; 0 of what is no timestamp. */
  private static int unit(ColumnSchema column) {
    LogicalType logical = column.element().getLogicalType();
    if (logical != null) {
      TimeUnit unit = logical.isSetTIMESTAMP() ? logical.getTIMESTAMP().getUnit() : null;
      return unit == null || unit.getSetField() == null
          ? 0
          : switch (unit.getSetField()) {
            case MILLIS -> 3;
            case MICROS -> 6;
            case NANOS -> 9;
          };
    }

    ConvertedType converted = column.element().getConverted_type();
    return converted == ConvertedType.TIMESTAMP_MILLIS
        ? 3
        : converted == ConvertedType.TIMESTAMP_MICROS ? 6 : 0;
  }

  /** Whether it is not by the clock of a place that nobody tells. */
  private static boolean isUtc(ColumnSchema column) {
    LogicalType logical = column.element().getLogicalType();
    return logical == null
        || !logical.isSetTIMESTAMP()
        || logical.getTIMESTAMP().isIsAdjustedToUTC();
  }
}
