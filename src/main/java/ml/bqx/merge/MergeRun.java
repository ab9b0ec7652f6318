package ml.bqx.merge;

import com.google.common.io.Closer;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import ml.bqx.catalog.Skipped;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.NotFinite;
import ml.bqx.cli.NativeLibraries;
import ml.bqx.cli.Summary;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.ChangedCheckpoints;
import ml.bqx.merge.plan.CheckpointFiles;
import ml.bqx.merge.plan.Findings;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.MergePlanner;
import ml.bqx.merge.plan.PlannedGates;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingSplits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One merge from plan to summary, by any method: temporary files, cleaning up, verification and
 * publication are the same for all of them. What is temporary is deleted at the end, after a
 * failure too, and when the process is stopped.
 */
public final class MergeRun implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(MergeRun.class);

  private final MergePlan plan;
  private final CheckpointUse checkpoints;
  private final Closer resources = Closer.create();
  private final Thread hook = new Thread(this::stop, "stop");
  private boolean stopped;

  private MergeRun(MergePlan plan, CheckpointUse checkpoints) {
    this.plan = plan;
    this.checkpoints = checkpoints;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Merges the checkpoints of a pair.
   *
   * @param method the method
   * @throws ml.bqx.failure.InvalidInputException when they do not make a training file
   */
  public static void run(Storage storage, MergeConfig config, Merge.Factory method)
      throws IOException {
    long start = System.nanoTime();
    NativeLibraries.load();
    try (CheckpointUse checkpoints = CheckpointUse.of(storage, config)) {
      MergePlan plan = MergeGates.check(MergePlanner.plan(storage, config));
      checkDeletable(plan);
      storage.checkWritable(config.output());
      Optional<TrainingCard> card;
      try (MergeRun run = new MergeRun(plan, checkpoints)) {
        card =
            ChangedCheckpoints.explain(storage, config, plan.manifest(), () -> run.merge(method));
      }

      if (card.isPresent()) {
        Summary summary =
            addFindings(plan.findings(), addSplits(card.get(), summary(plan, card.get())));
        if (config.deleteCheckpoints()) {
          summary.add("checkpoints deleted", checkpoints.delete(plan.manifest()));
        }

        summary.secondsSince("seconds", start).add("path", config.trainingFile()).print(System.out);
      }
    }
  }

  private static void checkDeletable(MergePlan plan) {
    if (plan.config().deleteCheckpoints() && plan.manifest().equals(FooterKeys.NO_MANIFEST)) {
      throw new InvalidInputException(
          "Cannot merge %s with --deleteCheckpoints: it has no manifest, so extract did not make its files; merge without this option"
              .formatted(plan.config().checkpointDirectory()));
    }
  }

  /** Returns nothing when a service continues the merge. */
  private Optional<TrainingCard> merge(Merge.Factory method) throws IOException {
    Workspace workspace = workspace();
    Merge merge = use(method.prepare(plan, workspace));
    Merge.Result result = run(merge);
    if (result instanceof Merge.Written written) {
      // A failed clean-up is reported as an error, and then nothing is published.
      merge.close();
      return Optional.of(
          written.file().publish(workspace.trainingFile(), written.crc32c(), written.counts()));
    } else if (result instanceof Merge.Published) {
      return Optional.of(card());
    }

    workspace.handOver();
    checkpoints.leaveTo(workspace.directory());
    return Optional.empty();
  }

  private TrainingCard card() throws IOException {
    String file = plan.config().trainingFile();
    return TrainingCard.read(plan.storage(), file)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Cannot report on %s: it was verified and published, but another merge of the pair is replacing it"
                        .formatted(file)));
  }

  private Merge.Result run(Merge merge) throws IOException {
    List<String> outline = merge.outline();
    if (!outline.isEmpty()) {
      System.out.println("plan of " + plan.config().mergeMethod());
      outline.forEach(line -> System.out.println("  " + line));
    }

    try {
      return merge.run();
    } finally {
      merge.billed().ifPresent(billed -> billed.print(System.out));
    }
  }

  private static Summary summary(MergePlan plan, TrainingCard card) {
    MergeConfig config = plan.config();
    JoinCounts counts = card.joined();
    Summary summary =
        new Summary("merged " + config.pair())
            .add("method", config.mergeMethod())
            .count("rows", card.rows())
            .count("features", plan.featureCount())
            .count("targets", plan.targetCount())
            .count("checkpoints", plan.sources().size())
            .count("rows filled with nulls", counts.missing())
            .add("rows dropped", counts.droppedInWords())
            .add("NaN or infinite targets", NotFinite.inWords(card.notFiniteTargets()))
            .count("row groups", card.rowGroups())
            .bytes("size", card.bytes());
    addFilledBefore(plan, summary);
    addGates(plan, card, summary);
    addLosses(config.choice().floatType(), counts.losses(), summary);
    return counts.repeated() == 0
        ? summary
        : summary.add(
            "keys at clock changes",
            "%,d, told apart by --repeatedTimes=%s"
                .formatted(counts.repeated(), config.foreign().repeatedTimes()));
  }

  private static void addGates(MergePlan plan, TrainingCard card, Summary summary) {
    PlannedGates gates = plan.gates();
    if (gates != null) {
      List<String> failed = card.failedGates();
      summary.add(
          "gates",
          failed.isEmpty()
              ? "passed (%s)".formatted(gates.gates().file())
              : "%,d FAILED, published by --onGate=warn".formatted(failed.size()));
      for (int i = 0; i < failed.size(); i++) {
        summary.add("failed gate %d".formatted(i + 1), failed.get(i));
      }
    }
  }

  /** Aligned checkpoints have these rows already, and do not tell which they are. */
  private static void addFilledBefore(MergePlan plan, Summary summary) {
    long before = plan.findings().filledBefore();
    if (before > 0) {
      summary.add(
          "rows filled by the extraction", "%,d, some maybe not of these days".formatted(before));
    }
  }

  private static void addLosses(FloatType type, ValueLosses losses, Summary summary) {
    if (losses.rounded() > 0) {
      summary.add(
          "integers rounded",
          "%,d, beyond 2^53 and not the value of a double".formatted(losses.rounded()));
    }

    if (type == FloatType.FLOAT32) {
      summary.add("stored as float32", "all DOUBLE columns; " + losses.ofFloatsInWords());
    }
  }

  private static Summary addSplits(TrainingCard card, Summary summary) {
    TrainingSplits splits = card.splits();
    if (splits == null) {
      return summary;
    }

    for (TrainingSplits.Part part : splits.parts()) {
      addRows("rows of " + part.name(), part.rows(), summary);
    }

    for (int i = 0; i < splits.folds().size(); i++) {
      addRows("fold %d, train".formatted(i + 1), splits.folds().get(i).train(), summary);
      addRows("fold %d, test".formatted(i + 1), splits.folds().get(i).test(), summary);
    }

    return summary.add(
        "rows in no part",
        "%,d by a purge of %d minutes, %,d by an embargo of %d minutes, %,d of other days"
            .formatted(
                splits.rowsPurged(),
                splits.purgeMinutes(),
                splits.rowsEmbargoed(),
                splits.embargoMinutes(),
                splits.rowsElsewhere()));
  }

  private static void addRows(String name, TrainingSplits.Rows rows, Summary summary) {
    summary.add(name, "%,d (%s to %s)".formatted(rows.count(), rows.first(), rows.last()));
  }

  private static Summary addFindings(Findings findings, Summary summary) {
    summary.add("left out", Skipped.inWords(findings.leftOut()));
    addNames("filled by --union", findings.filled(), summary);
    addNames("widened by --union", findings.widened(), summary);
    addNames("renamed", findings.renamed(), summary);
    addNames("rounded to doubles", findings.rounded(), summary);
    return summary;
  }

  private static void addNames(String what, List<String> names, Summary summary) {
    if (!names.isEmpty()) {
      summary.add(what, "%,d (%s)".formatted(names.size(), CheckpointFiles.inWords(names)));
    }
  }

  /** Made whole before a signal is heeded, or not at all: nobody else would delete a half of it. */
  private synchronized Workspace workspace() throws IOException {
    requireRunning();
    return use(Workspace.create(plan));
  }

  private synchronized <T extends Closeable> T use(T resource) throws IOException {
    resources.register(resource);
    requireRunning();
    return resource;
  }

  private void requireRunning() throws IOException {
    if (stopped) {
      resources.close();
      throw new IllegalStateException("Cannot merge: the process is being stopped");
    }
  }

  private void stop() {
    LOG.warn("Stopped: deleting temporary files");
    try {
      closeResources();
    } catch (IOException | RuntimeException e) {
      LOG.error("Cannot clean up: {}", e.getMessage());
    }

    checkpoints.close();
  }

  private synchronized void closeResources() throws IOException {
    stopped = true;
    resources.close();
  }

  @Override
  public void close() throws IOException {
    try {
      closeResources();
    } finally {
      removeHook();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The process is stopping, and the hook at work", e);
    }
  }
}
