package ml.bqx.warehouse;

import java.io.IOException;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.InvalidInputException;
import org.apache.beam.sdk.values.KV;

/** Reads the targets: the spine, how many rows were left out for a null, and a checkpoint. */
final class ExtractTargets extends WarehouseFn<FeatureGroup, KV<Spine, Long>> {
  private static final long serialVersionUID = 1L;

  ExtractTargets(ExtractConfig config) {
    super(config);
  }

  @ProcessElement
  public void process(@Element FeatureGroup targets, MultiOutputReceiver out) throws IOException {
    TimeRange dates =
        new TimeRange(config.dates().firstMicrosecond(), config.dates().endMicrosecond());
    ColumnBatch all = warehouse.read(targets.table(), targets.columns(), dates);
    ColumnBatch complete = all.complete(dates);
    Spine spine = Spine.of(complete.timestamps(), config.limit());
    if (spine.rows() == 0) {
      throw new InvalidInputException(
          "Cannot make a spine: table %s has %,d rows in the date range, none with all %d targets"
              .formatted(targets.table().qualifiedName(), all.rows(), targets.columns().size()));
    }

    CheckpointCommit commit = new CheckpointCommit(config, targets, spine);
    CheckpointEntry entry = checkpoint(commit, complete::complete);

    done.inc();
    out.get(Extraction.OUTCOME).output(GroupOutcome.committed(entry));
    out.get(Extraction.SPINE).output(KV.of(spine, (long) all.rows() - complete.rows()));
  }
}
