package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What {@code extract} can be told; {@link ExtractConfig#from} validates it. */
@Description("Extraction")
public interface ExtractOptions extends WarehouseOptions, BigQueryReadOptions, CheckpointOptions {
  @Description(
      "Order of the rows in a checkpoint: aligned has exactly the rows of the spine, so that"
          + " merging is copying; sharded has any order, in any number of files.")
  @Default.Enum("ALIGNED")
  Layout getLayout();

  void setLayout(Layout layout);

  @Description(
      "Maximum rows of one checkpoint file; larger feature groups get several files. A multiple of"
          + " --rowGroupRows, by default the largest one up to 1,048,576.")
  @Default.InstanceFactory(ShardRowsFactory.class)
  int getShardRows();

  void setShardRows(int shardRows);

  // Off by default: rows, columns and checksums are verified anyway, and the files of a smoke run
  // with --limit are rightly tiny, so that any other default would refuse good checkpoints.
  @Description("Minimum size of a checkpoint in bytes; 0 accepts any size.")
  @Default.Long(0)
  long getMinCheckpointBytes();

  void setMinCheckpointBytes(long minCheckpointBytes);

  @Description(
      "What to do with a column of an unsupported type: fail; skip it; or read numbers, such as"
          + " DuckDB's HUGEINT, as the nearest double and skip other types. What was skipped or"
          + " rounded is counted.")
  @Default.Enum("FAIL")
  UnsupportedTypePolicy getOnUnsupportedType();

  void setOnUnsupportedType(UnsupportedTypePolicy onUnsupportedType);

  @Description(
      "Maximum concurrent reads: workers of a Dataflow job, or threads on this machine. A DuckDB"
          + " warehouse is read by at most one thread per processor.")
  @Default.Integer(25)
  int getExtractionWorkers();

  void setExtractionWorkers(int extractionWorkers);

  @Description(
      "Connect to the warehouse and print what would be read, and for BigQuery what it costs; write"
          + " nothing.")
  @Default.Boolean(false)
  boolean isValidateOnly();

  void setValidateOnly(boolean validateOnly);

  @Description("Extract every group again, even if its checkpoint is complete and current.")
  @Default.Boolean(false)
  boolean isForce();

  void setForce(boolean force);

  /** Follows {@code --rowGroupRows}, so that setting that option alone is never an error. */
  class ShardRowsFactory implements DefaultValueFactory<Integer> {
    @Override
    public Integer create(PipelineOptions options) {
      int rowGroupRows = options.as(CheckpointOptions.class).getRowGroupRows();

      return rowGroupRows < 1 || rowGroupRows > MOST_ROW_GROUP_ROWS
          ? MOST_ROW_GROUP_ROWS
          : MOST_ROW_GROUP_ROWS / rowGroupRows * rowGroupRows;
    }
  }
}
