package ml.bqx.extract;

import java.io.IOException;
import java.util.Objects;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.Spine;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ExtractConfig;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one feature group from its table to its checkpoint, unless it is there already. */
final class ExtractGroup extends WarehouseFn<FeatureGroup, GroupOutcome> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ExtractGroup.class);

  private final PCollectionView<KV<Spine, Long>> spine;

  ExtractGroup(Storage storage, ExtractConfig config, PCollectionView<KV<Spine, Long>> spine) {
    super(storage, config);
    this.spine = spine;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    FeatureGroup group = context.element();
    Spine rows = Objects.requireNonNull(context.sideInput(spine).getKey());
    context.output(outcome(group, new CheckpointCommit(storage, config, group, rows)));
    done.inc();
  }

  private GroupOutcome outcome(FeatureGroup group, CheckpointCommit commit) {
    try {
      return GroupOutcome.committed(
          checkpoint(commit, range -> warehouse.read(group.table(), group.columns(), range)));
    } catch (InvalidInputException | InvalidParquetException e) {
      return GroupOutcome.failed(e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot extract table {}", group.table().qualifiedName(), e);
      return GroupOutcome.failed(
          "Cannot extract table %s: %s".formatted(group.table().qualifiedName(), e));
    }
  }
}
