package ml.bqx.extract;

import java.io.IOException;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.options.ExtractConfig;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.bigquery.BigQueryTable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Makes the checkpoint of the targets, unless it is there: from it all others take the spine. */
final class CommitTargets extends DoFn<KV<Integer, Iterable<ColumnBatch>>, Void> {
  private static final long serialVersionUID = 1L;

  /** Rows of targets that were left out for a null. */
  static final MetricName INCOMPLETE = MetricName.named(CommitTargets.class, "incomplete");

  private final Storage storage;
  private final ExtractConfig config;
  private final BigQueryTable table;
  private final boolean isWhole;
  private final Counter extracted = counter(Extraction.EXTRACTED);
  private final Counter kept = counter(Extraction.KEPT);
  private final Counter done = counter(Extraction.DONE);
  private final Counter incomplete = counter(INCOMPLETE);

  CommitTargets(Storage storage, ExtractConfig config, BigQueryTable table, boolean isWhole) {
    this.storage = storage;
    this.config = config;
    this.table = table;
    this.isWhole = isWhole;
  }

  private static Counter counter(MetricName name) {
    return Metrics.counter(name.getNamespace(), name.getName());
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<ColumnBatch>> read) throws IOException {
    ColumnBatch rows = CommitGroup.rows(table, read.getValue(), isWhole);
    Targets targets = Targets.of(config, table.group(), rows.within(TimeRange.of(config.dates())));
    CheckpointCommit commit = new CheckpointCommit(storage, config, table.group(), targets.spine());
    if (commit.committed().isPresent()) {
      kept.inc();
    } else {
      commit.extract(targets.complete()::complete);
      extracted.inc();
    }

    incomplete.inc(targets.incomplete());
    done.inc();
  }
}
