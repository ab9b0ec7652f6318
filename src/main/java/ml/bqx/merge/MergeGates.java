package ml.bqx.merge;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.PlannedGates;
import ml.bqx.options.GatePolicy;
import ml.bqx.options.Layout;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.quality.gate.GateCheck;
import ml.bqx.quality.gate.GateFailure;
import ml.bqx.quality.gate.GateLimit;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the data of a merge against {@code --gates}: before anything is written, by the statistics
 * of the checkpoints, where these tell of the same rows; otherwise before the written file gets its
 * name, by reading it.
 */
final class MergeGates {
  private static final Logger LOG = LoggerFactory.getLogger(MergeGates.class);

  private MergeGates() {}

  /**
   * Checks the gates of a plan as far as its checkpoints tell.
   *
   * @throws InvalidInputException when the data does not pass, and that is to be an error
   */
  static MergePlan check(MergePlan plan) throws IOException {
    PlannedGates gates = plan.gates();
    String directory = plan.config().checkpointDirectory();
    if (gates == null || !doCheckpointsTell(plan, gates)) {
      return plan;
    }

    QualitySource source = QualitySource.of(plan.storage(), directory);
    return plan.with(
        new PlannedGates(
            gates.gates(), gates.onGate(), failed(plan.storage(), plan, gates, source)));
  }

  private static boolean doCheckpointsTell(MergePlan plan, PlannedGates gates) throws IOException {
    Optional<Manifest> manifest =
        Manifest.read(plan.storage(), plan.config().checkpointDirectory());
    return manifest.isPresent()
        && !plan.config().choice().choosesRows()
        && (!gates.gates().has(GateLimit.LEAKS)
            || (manifest.get().layout().equals(Layout.ALIGNED.toString())
                // Leaks are looked for among the rows to train on, which only the file tells.
                && !plan.config().split().isSplit()));
  }

  /**
   * The gates that a file does not pass, in words; it is read when the checkpoints did not tell.
   *
   * @param file written and verified, without its final name
   * @throws InvalidInputException when there are any, and that is to be an error
   */
  static List<String> failed(PlannedMerge merge, ParquetFile file) throws IOException {
    PlannedGates gates = merge.plan().gates();
    if (gates == null) {
      return List.of();
    }

    List<String> known = gates.failed();
    Storage storage = merge.storage();
    return known == null
        ? failed(
            storage,
            merge.plan(),
            gates,
            QualitySource.ofTrainingFile(storage, file.footer().file()))
        : known;
  }

  private static List<String> failed(
      Storage storage, MergePlan plan, PlannedGates gates, QualitySource source)
      throws IOException {
    Set<String> columns =
        plan.joined().stream().map(ColumnSchema::name).collect(Collectors.toUnmodifiableSet());
    String pair = plan.config().pair().name();
    List<String> failed =
        GateCheck.of(storage, gates.gates(), pair, source, columns).stream()
            .map(GateFailure::inWords)
            .toList();
    if (!failed.isEmpty() && gates.onGate() == GatePolicy.FAIL) {
      throw new InvalidInputException(
          "Cannot publish %s: its data does not pass %,d of the gates in %s (--onGate=warn publishes it all the same):"
              .formatted(plan.config().trainingFile(), failed.size(), gates.gates().file()),
          failed);
    }

    failed.forEach(gate -> LOG.warn("Gate failed: {}", gate));
    return failed;
  }
}
