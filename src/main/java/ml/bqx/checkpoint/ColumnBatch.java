package ml.bqx.checkpoint;

import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.RowGather;
import ml.bqx.parquet.VectorBuilder;
import ml.bqx.parquet.VectorConcatenation;
import org.apache.parquet.format.Type;

/**
 * Rows of one warehouse table in columns, in the order the warehouse gave them.
 *
 * @param timestamps the key column, one entry a row, microseconds since 1970 in UTC
 * @param columns the columns asked for, in that order, each at least as long as {@code timestamps}
 * @param rowsWithoutTimestamp rows left out because their key is null; no spine row can match them
 */
public record ColumnBatch(
    long[] timestamps, List<ColumnVector> columns, long rowsWithoutTimestamp) {
  /**
   * Collects the values of a column.
   *
   * @param rows how many will come
   */
  public static VectorBuilder builder(Kind kind, int rows) {
    return VectorBuilder.of(
        switch (kind) {
          case FLOAT64, INT64, TIMESTAMP -> Type.INT64;
          case DATE -> Type.INT32;
          case BOOL -> Type.BOOLEAN;
          case STRING, BYTES, NUMERIC -> Type.BYTE_ARRAY;
        },
        rows);
  }

  /** Number of rows. */
  public int rows() {
    return timestamps.length;
  }

  /**
   * The rows of all batches, in their order.
   *
   * @param batches parts of one table, with the same columns; at least one
   */
  public static ColumnBatch concat(List<ColumnBatch> batches) {
    List<ColumnVector> columns =
        IntStream.range(0, batches.get(0).columns().size())
            .mapToObj(i -> batches.stream().map(batch -> batch.columns().get(i)).toList())
            .map(VectorConcatenation::of)
            .toList();
    return new ColumnBatch(
        Longs.concat(batches.stream().map(ColumnBatch::timestamps).toArray(long[][]::new)),
        columns,
        batches.stream().mapToLong(ColumnBatch::rowsWithoutTimestamp).sum());
  }

  /** The rows whose timestamp is in the range. */
  public ColumnBatch within(TimeRange range) {
    int[] kept =
        IntStream.range(0, rows()).filter(row -> range.contains(timestamps[row])).toArray();
    return kept.length == rows() ? this : rows(kept);
  }

  /**
   * The rows whose timestamp is in the range and that have no null in any column, in the order of
   * their timestamps: every read of the same table makes the same file of them.
   */
  public ColumnBatch complete(TimeRange range) {
    return rows(
        IntStream.range(0, rows())
            .filter(row -> range.contains(timestamps[row]))
            .filter(row -> columns.stream().noneMatch(column -> column.isNull(row)))
            .boxed()
            .sorted(Comparator.comparingLong(row -> timestamps[row]))
            .mapToInt(Integer::intValue)
            .toArray());
  }

  private ColumnBatch rows(int... kept) {
    return new ColumnBatch(
        Arrays.stream(kept).mapToLong(row -> timestamps[row]).toArray(),
        columns.stream().map(column -> RowGather.gather(column, kept, 0, kept.length)).toList(),
        rowsWithoutTimestamp);
  }
}
