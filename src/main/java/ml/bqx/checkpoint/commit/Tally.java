package ml.bqx.checkpoint.commit;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.RowGather;
import ml.bqx.parquet.ValueLosses;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Counts a group's rows and values (missing, dropped, null), shard by shard. */
final class Tally {
  private final FeatureGroup group;
  private final long[] nulls;
  private long rowsRead;
  private long missing;
  private long outside;
  private long withoutTimestamp;
  private long duplicates;

  Tally(FeatureGroup group) {
    this.group = group;
    this.nulls = new long[group.columns().size()];
  }

  /**
   * Adds a shard.
   *
   * @return for each column the nulls among the shard's spine rows, missing rows included
   */
  long[] add(MatchedBatch matched) {
    ColumnBatch batch = matched.batch();
    SpineMatch match = matched.match();
    rowsRead += batch.rows();
    missing += match.missing();
    outside += match.outside();
    duplicates += match.duplicates();
    // Every shard's read meets all rows without a timestamp: they belong to no range.
    withoutTimestamp = Math.max(withoutTimestamp, batch.rowsWithoutTimestamp());
    long[] shardNulls = new long[nulls.length];
    for (int i = 0; i < nulls.length; i++) {
      shardNulls[i] = match.missing() + nulls(batch.columns().get(i), match.rows());
      nulls[i] += shardNulls[i];
    }

    return shardNulls;
  }

  private static long nulls(ColumnVector column, int[] rows) {
    boolean[] valid = column.valid();
    if (valid == null) {
      return 0;
    }

    int count = 0;
    for (int row : rows) {
      if (row != RowGather.NO_ROW && !valid[row]) {
        count++;
      }
    }

    return count;
  }

  /**
   * The record of the checkpoint.
   *
   * @param asFloats what FLOAT64 columns lost when they became FLOAT; null when they did not
   */
  CheckpointEntry entry(
      String fingerprint, List<CheckpointFile> files, @Nullable ValueLosses asFloats) {
    List<ColumnEntry> columns = new ArrayList<>();
    for (int i = 0; i < nulls.length; i++) {
      Column column = group.columns().get(i);
      columns.add(
          new ColumnEntry(
              group.featureName(column),
              column.name(),
              column.supportedType().toString(),
              nulls[i]));
    }

    return new CheckpointEntry(
        group.name(),
        group.category(),
        group.table().dataset(),
        group.table().name(),
        group.table().lastModified() == null ? null : group.table().lastModified().toString(),
        fingerprint,
        columns,
        rowsRead,
        missing,
        outside,
        withoutTimestamp,
        duplicates,
        asFloats,
        List.copyOf(files));
  }
}
