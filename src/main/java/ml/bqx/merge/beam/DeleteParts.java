package ml.bqx.merge.beam;

import java.io.IOException;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.Workspace;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a merge's temporary directory when the file is published; a failure to delete does no
 * harm.
 */
final class DeleteParts extends DoFn<String, Void> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(DeleteParts.class);

  private final Storage storage;
  private final MergeConfig config;

  DeleteParts(Storage storage, MergeConfig config) {
    this.storage = storage;
    this.config = config;
  }

  @ProcessElement
  public void process(@Element String directory) {
    try {
      Workspace.delete(storage, config, directory);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot delete {}: {}", directory, e.getMessage());
    }
  }
}
