package ml.bqx.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What {@code extract} can be told; {@link ExtractConfig#from} validates it. */
@Description("Extraction")
public interface ExtractOptions
    extends SelectionOptions, WarehouseOptions, BigQueryReadOptions, CheckpointOptions {
  @Description(
      "Order of the rows in a checkpoint: exactly the spine's, so that merging is copying, or"
          + " any, in as many files as the writer likes.")
  @Default.Enum("ALIGNED")
  Layout getLayout();

  void setLayout(Layout layout);

  @Description(
      "Rows that one file of a checkpoint holds at most; a larger feature group gets several"
          + " files. A multiple of --rowGroupRows, and by default the largest up to 1,048,576.")
  @Default.InstanceFactory(ShardRowsFactory.class)
  int getShardRows();

  void setShardRows(int shardRows);

  // Off by default: rows, columns and checksums are verified anyway, and the files of a smoke run
  // with --limit are rightly tiny, so that any other default would refuse good checkpoints.
  @Description("Bytes that a checkpoint must have at least to be accepted; 0 accepts any size.")
  @Default.Long(0)
  long getMinCheckpointBytes();

  void setMinCheckpointBytes(long minCheckpointBytes);

  @Description("What to do with a column whose type cannot be a feature's.")
  @Default.Enum("FAIL")
  UnsupportedTypePolicy getOnUnsupportedType();

  void setOnUnsupportedType(UnsupportedTypePolicy onUnsupportedType);

  @Description(
      "Reads that run at once, at most: workers of a Dataflow job, or threads of this machine; an"
          + " embedded warehouse is read by no more threads than there are processors.")
  @Default.Integer(25)
  int getExtractionWorkers();

  void setExtractionWorkers(int extractionWorkers);

  @Description(
      "Only connect to the warehouse, and print what would be read; nothing is written anywhere.")
  @Default.Boolean(false)
  boolean isValidateOnly();

  void setValidateOnly(boolean validateOnly);

  @Description("Extract every group again, also those whose checkpoint is whole and current.")
  @Default.Boolean(false)
  boolean isForce();

  void setForce(boolean force);

  /** Follows {@code --rowGroupRows}, so that setting that option alone is never an error. */
  class ShardRowsFactory implements DefaultValueFactory<Integer> {
    private static final int MOST = 1_048_576;

    @Override
    public Integer create(PipelineOptions options) {
      int rowGroupRows = options.as(CheckpointOptions.class).getRowGroupRows();

      return rowGroupRows < 1 || rowGroupRows > MOST ? MOST : MOST / rowGroupRows * rowGroupRows;
    }
  }
}
