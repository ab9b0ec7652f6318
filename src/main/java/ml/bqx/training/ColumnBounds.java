package ml.bqx.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The least and the greatest value of a column, as the footer of a file of ours tells.
 *
 * @param minimum a number, a boolean or a text; null when a row group with values does not tell
 * @param maximum in the same form
 */
public record ColumnBounds(@Nullable Object minimum, @Nullable Object maximum) {
  private static final ColumnBounds UNKNOWN = new ColumnBounds(null, null);

  /** The bounds of all row groups. */
  public static ColumnBounds of(ParquetFooter footer, int column) {
    ColumnSchema schema = footer.columns().get(column);
    Comparable<Object> minimum = null;
    Comparable<Object> maximum = null;
    for (int group = 0; group < footer.rowGroups(); group++) {
      Statistics statistics = footer.chunk(group, column).metadata().getStatistics();
      if (statistics == null || !statistics.isSetNull_count()) {
        return UNKNOWN;
      } else if (statistics.getNull_count() == footer.rows(group)) {
        continue;
      }

      Optional<Comparable<Object>> least = value(schema, statistics.getMin_value());
      Optional<Comparable<Object>> greatest = value(schema, statistics.getMax_value());
      if (least.isEmpty() || greatest.isEmpty()) {
        return UNKNOWN;
      }

      minimum = minimum == null || least.get().compareTo(minimum) < 0 ? least.get() : minimum;
      maximum = maximum == null || greatest.get().compareTo(maximum) > 0 ? greatest.get() : maximum;
    }

    return new ColumnBounds(inJson(schema, minimum), inJson(schema, maximum));
  }

  @SuppressWarnings("unchecked")
  private static Optional<Comparable<Object>> value(ColumnSchema schema, byte @Nullable [] bound) {
    if (bound == null) {
      return Optional.empty();
    }

    ByteBuffer bytes = ByteBuffer.wrap(bound).order(ByteOrder.LITTLE_ENDIAN);
    Object value =
        switch (schema.physical()) {
          case DOUBLE -> bytes.getDouble();
          case FLOAT -> bytes.getFloat();
          case INT64 -> bytes.getLong();
          case INT32 -> bytes.getInt();
          case BOOLEAN -> bytes.get() != 0;
          case BYTE_ARRAY -> isText(schema) ? new String(bound, UTF_8) : null;
          case FIXED_LEN_BYTE_ARRAY, INT96 -> null;
        };
    return Optional.ofNullable((Comparable<Object>) value);
  }

  private static boolean isText(ColumnSchema schema) {
    LogicalType type = schema.element().getLogicalType();
    return schema.element().getConverted_type() == ConvertedType.UTF8
        || (type != null && type.isSetSTRING());
  }

  private static @Nullable Object inJson(ColumnSchema schema, @Nullable Object value) {
    ConvertedType converted = schema.element().getConverted_type();
    LogicalType type = schema.element().getLogicalType();
    if (value instanceof Integer days
        && (converted == ConvertedType.DATE || (type != null && type.isSetDATE()))) {
      return LocalDate.ofEpochDay(days).toString();
    } else if (value instanceof Long time && type != null && type.isSetTIMESTAMP()) {
      return Instant.EPOCH.plus(time, unit(type.getTIMESTAMP().getUnit())).toString();
    }

    return value;
  }

  private static ChronoUnit unit(TimeUnit unit) {
    if (unit.isSetMILLIS()) {
      return ChronoUnit.MILLIS;
    }

    return unit.isSetMICROS() ? ChronoUnit.MICROS : ChronoUnit.NANOS;
  }
}
