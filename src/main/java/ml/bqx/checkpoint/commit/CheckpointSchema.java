package ml.bqx.checkpoint.commit;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ColumnSchema;

/** How warehouse types are stored in Parquet. */
public final class CheckpointSchema {
  private CheckpointSchema() {}

  /**
   * The key column, then the group's features in their order.
   *
   * @param floatType of FLOAT64 columns
   */
  public static List<ColumnSchema> of(FeatureGroup group, FloatType floatType) {
    List<ColumnSchema> columns = new ArrayList<>();
    columns.add(ColumnSchema.timestampMicros(Catalog.KEY_COLUMN).asRequired());
    for (Column column : group.columns()) {
      columns.add(column(group.featureName(column), column.supportedType(), floatType));
    }

    return columns;
  }

  private static ColumnSchema column(String name, ColumnType type, FloatType floatType) {
    return switch (type.kind()) {
      case FLOAT64 ->
          floatType == FloatType.FLOAT32 ? ColumnSchema.float32(name) : ColumnSchema.float64(name);
      case INT64 -> ColumnSchema.int64(name);
      case BOOL -> ColumnSchema.bool(name);
      case STRING -> ColumnSchema.string(name);
      case BYTES -> ColumnSchema.bytes(name);
      case NUMERIC -> ColumnSchema.decimal(name, type.precision(), type.scale());
      case TIMESTAMP -> ColumnSchema.timestampMicros(name);
      case DATE -> ColumnSchema.date(name);
    };
  }
}
