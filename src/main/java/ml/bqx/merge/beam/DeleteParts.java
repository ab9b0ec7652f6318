package ml.bqx.merge.beam;

import java.io.IOException;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.CheckpointUse;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a merge's temporary directory when the file is published, and its checkpoints if it was
 * told to; a failure to delete does no harm.
 */
final class DeleteParts extends DoFn<String, Void> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(DeleteParts.class);

  private final Storage storage;
  private final MergeConfig config;
  private final String manifest;
  private final boolean isLast;

  /**
   * Deletes what is temporary.
   *
   * @param isLast whether nobody waits for the pipeline, so that it has to end the merge
   */
  DeleteParts(MergePlan plan, boolean isLast) {
    this.storage = plan.storage();
    this.config = plan.config();
    this.manifest = plan.manifest();
    this.isLast = isLast;
  }

  @ProcessElement
  public void process(@Element String directory) {
    try {
      Workspace.delete(storage, config, directory);
      if (isLast) {
        CheckpointUse.endJob(storage, config, directory, manifest);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot delete {}: {}", directory, e.getMessage());
    }
  }
}
