package ml.bqx.options;

import ml.bqx.options.declaration.Description;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@code extract}; {@code ExtractConfig#from} validates them. */
@Description("Extraction")
public interface ExtractOptions extends WarehouseOptions, BigQueryReadOptions, CheckpointOptions {
  @Description(
      "Compression of Parquet pages: snappy, zstd, none; or best, which is zstd with each column"
          + " chunk in the encoding that makes it smallest.")
  default Compression getCompression() {
    return Compression.SNAPPY;
  }

  @Description(
      "Type of FLOAT64 columns in the checkpoints: float64, as they are; or float32, the nearest"
          + " numbers of half the size, which is what most trainers compute with. Values that become"
          + " infinite or lose digits for being too small are counted.")
  default FloatType getFloatType() {
    return FloatType.FLOAT64;
  }

  @Description(
      "Order of the rows in a checkpoint: aligned has exactly the rows of the spine, so that"
          + " merging is copying; sharded has any order, in any number of files.")
  default Layout getLayout() {
    return Layout.ALIGNED;
  }

  @Description(
      "Maximum rows of one checkpoint file; larger feature groups get several files. A multiple of"
          + " --rowGroupRows; 0 is the largest one up to 1,048,576.")
  default int getShardRows() {
    return 0;
  }

  // Off by default: rows, columns and checksums are verified anyway, and the files of a smoke run
  // with --limit are rightly tiny, so that any other default would refuse good checkpoints.
  @Description("Minimum size of a checkpoint in bytes; 0 accepts any size.")
  default long getMinCheckpointBytes() {
    return 0;
  }

  @Description("Exact number of checkpoints required, targets included; 0 disables the check.")
  default int getExpectedCheckpoints() {
    return 0;
  }

  @Description(
      "Maximum concurrent reads: workers of a Dataflow job, or threads on this machine. A DuckDB"
          + " warehouse is read by at most one thread per processor, BigQuery by three.")
  default int getExtractionWorkers() {
    return 25;
  }

  @Description(
      "Connect to the warehouse and print what would be read, and for BigQuery what it costs; write"
          + " nothing.")
  default boolean isValidateOnly() {
    return false;
  }

  @Description(
      "File with what was found in the warehouse: tables, columns, sizes, times of change. launch"
          + " hands it to its jobs, so that not every one of them asks BigQuery. Default: the"
          + " warehouse is asked.")
  default @Nullable String getDiscovery() {
    return null;
  }

  @Description("Extract every group again, even if its checkpoint is complete and current.")
  default boolean isForce() {
    return false;
  }
}
