package ml.bqx.extract;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.Attempts;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.NotFinite;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.commit.CheckpointCommit;
import ml.bqx.config.ExtractConfig;
import ml.bqx.config.Wave;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.quality.statistics.PairStatistics;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a wave: fails when one of its groups did, and writes the manifest when all groups of the
 * catalog are committed. Of waves that run at the same time, the last one finds them so. Then it
 * deletes what workers that were killed have left.
 */
final class FinishWave extends DoFn<String, Void> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(FinishWave.class);

  private final Storage storage;
  private final ExtractConfig config;
  private final Catalog catalog;
  private final Wave wave;
  private final Attempts attempts;
  private final long incompleteTargets;
  private final PCollectionView<Iterable<String>> failures;

  /**
   * Ends a wave.
   *
   * @param attempts those of the wave
   * @param incompleteTargets target rows left out because a target is null
   * @param failures of the groups of the wave
   */
  FinishWave(
      ExtractionPlan plan,
      Wave wave,
      Attempts attempts,
      long incompleteTargets,
      PCollectionView<Iterable<String>> failures) {
    this.storage = plan.storage();
    this.config = plan.config();
    this.catalog = plan.catalog();
    this.wave = wave;
    this.attempts = attempts;
    this.incompleteTargets = incompleteTargets;
    this.failures = failures;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    List<String> failed = Lists.newArrayList(context.sideInput(failures));
    if (!failed.isEmpty()) {
      throw new FailedGroupsException(wave, failed);
    }

    publishManifest();
    attempts.deleteLeftOvers();
  }

  private void publishManifest() throws IOException {
    Spine spine = CommittedSpine.read(storage, config);
    List<CheckpointEntry> entries =
        ParallelCalls.of(
                catalog.all(),
                group -> new CheckpointCommit(storage, config, group, spine).recorded())
            .stream()
            .flatMap(Optional::stream)
            .toList();
    int all = catalog.all().size();
    if (entries.size() < all) {
      LOG.info(
          "{}: wave {} is complete; {} of {} checkpoints are still missing, so there is no manifest"
              + " yet",
          config.pair(),
          wave,
          all - entries.size(),
          all);
      return;
    }

    String directory = config.checkpointDirectory();
    Map<String, Long> notFinite = NotFinite.inTargets(storage, config);
    Manifest manifest = Manifest.of(config, catalog, spine, incompleteTargets, notFinite, entries);
    CheckpointNames.deleteStale(storage, directory, entries);
    // All at once: a disk takes a second for thousands of files together, and minutes one by one.
    try {
      storage.force(manifest.files(directory));
    } catch (NoSuchFileException e) {
      LOG.debug("Another run has deleted it", e);
      throw OtherExtraction.replaces(config);
    }

    Manifest whole = PairStatistics.publish(storage, directory, manifest, attempts);
    if (!isPublished(whole)) {
      whole.write(storage, directory);
    }
  }

  /** Of waves that all find all groups committed, the first one has published the manifest. */
  private boolean isPublished(Manifest manifest) throws IOException {
    try {
      return Manifest.read(storage, config.checkpointDirectory())
          .filter(manifest::equals)
          .isPresent();
    } catch (InvalidInputException e) {
      LOG.debug("The manifest is damaged, and is going to be replaced", e);
      return false;
    }
  }
}
