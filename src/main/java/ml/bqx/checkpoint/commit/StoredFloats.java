package ml.bqx.checkpoint.commit;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.SingleFloats;
import ml.bqx.parquet.ValueLosses;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes the FLOAT64 columns of a group what they are stored as, and counts what that loses. */
final class StoredFloats {
  private final FeatureGroup group;
  private final FloatType type;
  private ValueLosses losses = ValueLosses.NONE;

  StoredFloats(FeatureGroup group, FloatType type) {
    this.group = group;
    this.type = type;
  }

  /** The rows as they are stored. */
  MatchedBatch of(MatchedBatch rows) {
    if (type == FloatType.FLOAT64) {
      return rows;
    }

    List<ColumnVector> columns = new ArrayList<>();
    for (int i = 0; i < group.columns().size(); i++) {
      ColumnVector column = rows.batch().columns().get(i);
      if (group.columns().get(i).supportedType().kind() == Kind.FLOAT64) {
        losses = losses.plus(SingleFloats.losses((Longs) column, rows.match().rows()));
        column = SingleFloats.of((Longs) column);
      }

      columns.add(column);
    }

    ColumnBatch batch = rows.batch();
    return new MatchedBatch(
        new ColumnBatch(batch.timestamps(), columns, batch.rowsWithoutTimestamp()),
        rows.spine(),
        rows.match());
  }

  /** What was lost so far; null when values are stored as they are. */
  @Nullable ValueLosses losses() {
    return type == FloatType.FLOAT64 ? null : losses;
  }
}
