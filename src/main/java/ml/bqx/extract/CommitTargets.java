package ml.bqx.extract;

import java.io.IOException;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.checkpoint.commit.CheckpointCommit;
import ml.bqx.checkpoint.commit.GroupReader;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.quality.statistics.GroupAccumulator;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Makes the checkpoint of the targets, unless it is there: from it all groups take the spine. */
final class CommitTargets extends DoFn<KV<Integer, Iterable<ColumnBatch>>, Void> {
  private static final long serialVersionUID = 1L;

  /** Rows of targets that were left out for a null. */
  static final Counter INCOMPLETE = Metrics.counter(CommitTargets.class, "incomplete");

  private final Storage storage;
  private final ExtractConfig config;
  private final DiscoveredTable table;
  private final WarehouseReader reader;

  /**
   * Commits targets.
   *
   * @param table of the targets, with its rows counted
   */
  CommitTargets(ExtractionPlan plan, DiscoveredTable table) {
    this.storage = plan.storage();
    this.config = plan.config();
    this.table = table;
    this.reader = plan.reader();
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<ColumnBatch>> read, PipelineOptions options)
      throws IOException {
    TimeRange dates = TimeRange.of(config.dates());
    try (GroupReader rows = reader.open(table, read.getValue(), dates, options)) {
      commit(rows.read(dates), dates);
    }
  }

  private void commit(ColumnBatch all, TimeRange dates) throws IOException {
    ColumnBatch complete = all.complete(dates);
    Spine spine = Spine.of(complete.timestamps(), config.limit());
    if (spine.rows() == 0) {
      throw new InvalidInputException(
          "Cannot make a spine: table %s has %,d rows in the date range, none with all %d targets"
              .formatted(table.name(), all.rows(), table.group().columns().size()));
    }

    CheckpointCommit commit = new CheckpointCommit(storage, config, table.group(), spine);
    if (commit.committed().isEmpty()) {
      commit.extract(
          complete::within, GroupAccumulator.of(table.group(), config.floatType(), spine.rows()));
      CommitGroup.EXTRACTED.inc();
    }

    INCOMPLETE.inc((long) all.rows() - complete.rows());
  }

  @Teardown
  public void close() {
    reader.close();
  }
}
