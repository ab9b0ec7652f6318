package ml.bqx.extract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Spine;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.Wave;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a wave: fails when one of its groups did, and writes the manifest when all groups of the
 * catalog are committed. Of waves that run at the same time, the last one finds them so.
 */
final class FinishWave extends DoFn<KV<String, Iterable<GroupOutcome>>, Void> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(FinishWave.class);

  private final Storage storage;
  private final ExtractConfig config;
  private final Catalog catalog;
  private final Wave wave;
  private final long incompleteTargets;
  private final Counter stillMissing =
      Metrics.counter(
          WaveExtraction.STILL_MISSING.getNamespace(), WaveExtraction.STILL_MISSING.getName());

  FinishWave(
      Storage storage, ExtractConfig config, Catalog catalog, Wave wave, long incompleteTargets) {
    this.storage = storage;
    this.config = config;
    this.catalog = catalog;
    this.wave = wave;
    this.incompleteTargets = incompleteTargets;
  }

  @ProcessElement
  public void process(@Element KV<String, Iterable<GroupOutcome>> outcomes) throws IOException {
    List<String> failures = new ArrayList<>();
    int groups = 0;
    for (GroupOutcome outcome : outcomes.getValue()) {
      groups++;
      if (!outcome.committed()) {
        failures.add(outcome.text());
      }
    }

    if (!failures.isEmpty()) {
      throw new InvalidInputException(
          "Cannot complete wave %s: %,d of %,d checkpoints are missing; the others are kept, run again after fixing this"
              .formatted(wave, failures.size(), groups),
          failures.stream().sorted().toList());
    }

    publish();
  }

  private void publish() throws IOException {
    Spine spine = CommittedSpine.read(storage, config);
    List<CheckpointEntry> entries =
        new ArrayList<>(
            ParallelCalls.of(
                    catalog.all(),
                    group -> new CheckpointCommit(storage, config, group, spine).recorded())
                .stream()
                .flatMap(Optional::stream)
                .toList());
    int missing = catalog.all().size() - entries.size();
    stillMissing.inc(missing);
    if (missing > 0) {
      LOG.info(
          "{}: wave {} is whole; {} of {} checkpoints are still missing, so there is no manifest yet",
          config.pair(),
          wave,
          missing,
          catalog.all().size());
      return;
    }

    PublishManifest.manifest(config, catalog, spine, incompleteTargets, entries)
        .write(storage, config.checkpointDirectory());
  }
}
