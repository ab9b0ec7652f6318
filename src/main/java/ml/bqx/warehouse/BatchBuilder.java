package ml.bqx.warehouse;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.VectorBuilder;
import org.apache.parquet.format.Type;

/** Collects rows of one feature group in columns. */
final class BatchBuilder {
  private static final int INITIAL_ROWS = 1_024;

  private final VectorBuilder.OfLongs timestamps =
      (VectorBuilder.OfLongs) VectorBuilder.of(Type.INT64, INITIAL_ROWS);
  private final VectorBuilder[] columns;
  private long rowsWithoutTimestamp;

  BatchBuilder(FeatureGroup group) {
    columns =
        group.columns().stream()
            .map(Column::type)
            .map(type -> VectorBuilder.of(physical(type.kind()), INITIAL_ROWS))
            .toArray(VectorBuilder[]::new);
  }

  private static Type physical(Kind kind) {
    return switch (kind) {
      case FLOAT64, INT64, TIMESTAMP -> Type.INT64;
      case DATE -> Type.INT32;
      case BOOL -> Type.BOOLEAN;
      case STRING, BYTES, NUMERIC -> Type.BYTE_ARRAY;
    };
  }

  int rows() {
    return timestamps.size();
  }

  /** Adds a row; one without a timestamp is only counted, as no spine row can match it. */
  void add(WarehouseRow row) {
    if (row.isNull(0)) {
      rowsWithoutTimestamp++;
      return;
    }

    timestamps.append(row.values()[0]);
    for (int i = 0; i < columns.length; i++) {
      append(columns[i], row, i + 1);
    }
  }

  private static void append(VectorBuilder column, WarehouseRow row, int slot) {
    if (row.isNull(slot)) {
      column.appendNull();
    } else if (column instanceof VectorBuilder.OfLongs longs) {
      longs.append(row.values()[slot]);
    } else if (column instanceof VectorBuilder.OfBinaries binaries) {
      binaries.append(row.bytes()[slot]);
    } else if (column instanceof VectorBuilder.OfInts ints) {
      ints.append((int) row.values()[slot]);
    } else {
      ((VectorBuilder.OfBooleans) column).append(row.values()[slot] != 0);
    }
  }

  /** The rows added; nothing can be added afterwards. */
  ColumnBatch build() {
    ColumnVector.Longs keys = (ColumnVector.Longs) timestamps.build();
    List<ColumnVector> vectors = new ArrayList<>(columns.length);
    for (VectorBuilder column : columns) {
      vectors.add(column.build());
    }

    return new ColumnBatch(keys.values(), vectors, rowsWithoutTimestamp);
  }
}
