package ml.bqx.extract;

import java.io.IOException;
import java.util.Optional;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.GroupReader;
import ml.bqx.options.ExtractConfig;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;
import ml.bqx.warehouse.duckdb.Warehouses;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Has the warehouse open while a worker lives. */
abstract class WarehouseFn<I, O> extends DoFn<I, O> {
  private static final long serialVersionUID = 1L;

  final Storage storage;
  final ExtractConfig config;
  transient DuckDbWarehouse warehouse;
  final Counter done = counter(Extraction.DONE);
  private final Counter extracted = counter(Extraction.EXTRACTED);
  private final Counter kept = counter(Extraction.KEPT);

  WarehouseFn(Storage storage, ExtractConfig config) {
    this.storage = storage;
    this.config = config;
  }

  @Setup
  public void open() {
    warehouse = Warehouses.open(config.warehouse());
  }

  @Teardown
  public void close() {
    if (warehouse != null) {
      warehouse.close();
    }
  }

  private static Counter counter(MetricName name) {
    return Metrics.counter(name.getNamespace(), name.getName());
  }

  /** The group's checkpoint: the one that is there when it can be kept, else a new one. */
  final CheckpointEntry checkpoint(CheckpointCommit commit, GroupReader reader) throws IOException {
    Optional<CheckpointEntry> committed = commit.committed();
    if (committed.isPresent()) {
      kept.inc();
      return committed.get();
    }

    CheckpointEntry entry = commit.extract(reader);
    extracted.inc();
    return entry;
  }
}
