package ml.bqx.parquet;

import java.util.Optional;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * Which logical types a physical type may have, by the format's LogicalTypes.md. A file that has
 * another one, as one damaged bit makes it, is refused by other readers.
 */
final class Annotation {
  private static final int UUID_BYTES = 16;

  private static final int FLOAT16_BYTES = 2;

  private static final int INTERVAL_BYTES = 12;

  private Annotation() {}

  /** The name of a logical type that a leaf's physical type cannot have; empty if all is well. */
  static Optional<String> impossible(SchemaElement leaf) {
    ConvertedType converted = leaf.getConverted_type();
    if (converted != null && !fits(converted, leaf)) {
      return Optional.of(converted.name());
    }

    LogicalType logical = leaf.getLogicalType();
    return logical != null && logical.getSetField() != null && !fits(logical, leaf)
        ? Optional.of(logical.getSetField().name())
        : Optional.empty();
  }

  private static boolean fits(ConvertedType converted, SchemaElement leaf) {
    return switch (converted) {
      case UTF8, ENUM, JSON, BSON -> leaf.getType() == Type.BYTE_ARRAY;
      case DATE, TIME_MILLIS, INT_8, INT_16, INT_32, UINT_8, UINT_16, UINT_32 ->
          leaf.getType() == Type.INT32;
      case TIME_MICROS, TIMESTAMP_MILLIS, TIMESTAMP_MICROS, INT_64, UINT_64 ->
          leaf.getType() == Type.INT64;
      case INTERVAL -> isFixed(leaf, INTERVAL_BYTES);
      case DECIMAL -> mayBeDecimal(leaf, leaf.getPrecision(), leaf.getScale());
      case MAP, MAP_KEY_VALUE, LIST -> false;
    };
  }

  private static boolean fits(LogicalType logical, SchemaElement leaf) {
    return switch (logical.getSetField()) {
      case STRING, ENUM, JSON, BSON -> leaf.getType() == Type.BYTE_ARRAY;
      case DATE -> leaf.getType() == Type.INT32;
      case INTEGER ->
          switch (logical.getINTEGER().getBitWidth()) {
            case 8, 16, 32 -> leaf.getType() == Type.INT32;
            case 64 -> leaf.getType() == Type.INT64;
            default -> false;
          };
      case TIME ->
          leaf.getType()
              == (logical.getTIME().getUnit().getSetField() == TimeUnit._Fields.MILLIS
                  ? Type.INT32
                  : Type.INT64);
      case TIMESTAMP -> leaf.getType() == Type.INT64;
      case DECIMAL ->
          mayBeDecimal(leaf, logical.getDECIMAL().getPrecision(), logical.getDECIMAL().getScale());
      case UUID -> isFixed(leaf, UUID_BYTES);
      case FLOAT16 -> isFixed(leaf, FLOAT16_BYTES);
      case MAP, LIST -> false;
      default -> true;
    };
  }

  private static boolean mayBeDecimal(SchemaElement leaf, int precision, int scale) {
    return precision > 0
        && scale >= 0
        && scale <= precision
        && switch (leaf.getType()) {
          case INT32, INT64, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> true;
          default -> false;
        };
  }

  private static boolean isFixed(SchemaElement leaf, int bytes) {
    return leaf.getType() == Type.FIXED_LEN_BYTE_ARRAY && leaf.getType_length() == bytes;
  }
}
