package ml.bqx.quality.report;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.quality.statistics.GroupStatistics.Timing;
import ml.bqx.quality.statistics.PairStatistics;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;

/**
 * What is known of the run that made a set.
 *
 * @param bytes size of the checkpoints or of the training file; 0 when they are gone
 * @param groupBytes size of each group's checkpoint; empty of a training file
 * @param timings when each group was extracted; without those of which it is not known
 * @param steps what came after it, in the order of time
 */
record RunRecord(
    long bytes, Map<String, Long> groupBytes, Map<String, Timing> timings, List<Step> steps) {
  /** A step with its first and its last moment, ISO 8601. */
  record Step(String name, String began, String ended) {
    static Step until(String name, Instant began, Instant ended) {
      return new Step(name, began.toString(), ended.toString());
    }
  }

  /**
   * Reads what there is.
   *
   * @param reported the steps of the report itself
   */
  static RunRecord of(
      Storage storage, ReportConfig config, QualitySource source, List<Step> reported)
      throws IOException {
    List<Step> steps = new ArrayList<>();
    Optional<TrainingCard> card = TrainingCard.read(storage, config.trainingFile());
    if (source.isTrainingFile()) {
      card.map(RunRecord::merge).ifPresent(steps::add);
      steps.addAll(reported);
      long bytes = storage.status(source.location()).map(FileStatus::bytes).orElse(0L);
      return new RunRecord(bytes, Map.of(), Map.of(), steps);
    }

    Manifest manifest = Manifest.read(storage, source.location()).orElseThrow();
    card.filter(known -> known.manifest().equals(manifest.fingerprint()))
        .map(RunRecord::merge)
        .ifPresent(steps::add);
    steps.addAll(reported);
    Map<String, Long> bytes = new HashMap<>();
    for (CheckpointEntry entry : manifest.checkpoints()) {
      bytes.put(entry.group(), entry.bytes());
    }

    return new RunRecord(
        manifest.bytes(),
        bytes,
        new TreeMap<>(PairStatistics.timings(storage, source.location(), manifest)),
        steps);
  }

  private static Step merge(TrainingCard card) {
    return new Step("merge by " + card.method(), card.started(), card.published());
  }
}
