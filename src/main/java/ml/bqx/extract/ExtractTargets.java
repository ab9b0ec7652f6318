package ml.bqx.extract;

import java.io.IOException;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.options.ExtractConfig;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.values.KV;

/** Reads the targets: the spine, how many rows were left out for a null, and a checkpoint. */
final class ExtractTargets extends WarehouseFn<FeatureGroup, KV<Spine, Long>> {
  private static final long serialVersionUID = 1L;

  ExtractTargets(Storage storage, ExtractConfig config) {
    super(storage, config);
  }

  @ProcessElement
  public void process(@Element FeatureGroup group, MultiOutputReceiver out) throws IOException {
    ColumnBatch all = warehouse.read(group.table(), group.columns(), TimeRange.of(config.dates()));
    Targets targets = Targets.of(config, group, all);
    CheckpointCommit commit = new CheckpointCommit(storage, config, group, targets.spine());
    CheckpointEntry entry = checkpoint(commit, targets.complete()::complete);
    done.inc();
    out.get(Extraction.OUTCOME).output(GroupOutcome.committed(entry));
    out.get(Extraction.SPINE).output(KV.of(targets.spine(), targets.incomplete()));
  }
}
