package ml.bqx.merge.compose;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ml.bqx.cli.Progress;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.Alignment;
import ml.bqx.merge.JoinedRows;
import ml.bqx.merge.Merge;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SourceTable;
import ml.bqx.merge.TrainingFile;
import ml.bqx.merge.TrainingFileWriter;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.KeyColumn;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parquet.Composer;
import ml.bqx.parquet.Composer.PartColumn;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Concatenation;
import ml.bqx.training.JoinCounts;

/**
 * The merge of aligned checkpoints as a copy: the files one after the other, and one new footer. No
 * page is decoded.
 *
 * <p>What stays unused in the result are the checkpoints' own key columns, a few hundred bytes
 * each.
 */
public final class ComposeMerge implements Merge {
  private final PlannedMerge merge;
  private final Workspace workspace;
  private final List<Composer.Part> parts = new ArrayList<>();
  private final List<PartColumn> columns = new ArrayList<>();

  /** Prepares the merge. */
  public ComposeMerge(MergePlan plan, Workspace workspace) throws IOException {
    this.merge = PlannedMerge.of(plan);
    this.workspace = workspace;
    if (!isWhole() && !plan.config().isOnThisMachine()) {
      throw new InvalidInputException(
          "Cannot compose: not all columns of the checkpoints are taken as they are, and Cloud"
              + " Storage puts only whole files together; merge with --mergeMethod=stream");
    } else if (plan.config().choice().choosesRows()) {
      throw new InvalidInputException(
          "Cannot compose: --startDate and --endDate choose rows, and compose copies all of them;"
              + " merge with --mergeMethod=stream");
    }
  }

  /**
   * Makes the training file.
   *
   * @throws InvalidInputException when a checkpoint is not aligned
   */
  @Override
  public Result run() throws IOException {
    List<SourcePlan> sources = merge.plan().sources();
    TrainingFile training = merge.trainingFile();
    // All are checked before the first byte is copied.
    List<List<ParquetFooter>> footers = new ArrayList<>();
    for (SourcePlan source : sources) {
      footers.add(alignedFooters(source));
    }

    if (!isWhole()) {
      return copyRanges(sources);
    }

    try (Progress progress = merge.progress();
        Concatenation file = workspace.trainingFile().concatenate()) {
      file.expect(footers.stream().flatMap(List::stream).toList());
      for (int i = 0; i < sources.size(); i++) {
        append(file, sources.get(i), footers.get(i));
        progress.advanceTo(i + 1L);
      }

      List<PartColumn> ordered = merge.plan().order().stream().map(columns::get).toList();
      file.finish(Composer.sideBySide(parts, ordered, training.keyValues()));
      JoinCounts counts =
          JoinCounts.sum(sources.stream().map(each -> JoinedRows.aligned(each).counts()).toList());
      return new Written(
          training, file.checksum(merge.storage(), workspace.trainingFile().path()), counts);
    }
  }

  /** Whether the training file has nothing but the columns of whole checkpoints. */
  private boolean isWhole() {
    return !merge.config().choice().pairColumn()
        && merge.plan().sources().stream().allMatch(SourcePlan::whole);
  }

  /** Copies the chunks of the chosen columns, each compared with its checksum in the manifest. */
  private Result copyRanges(List<SourcePlan> sources) throws IOException {
    AtomicInteger done = new AtomicInteger();
    try (Progress progress = merge.progress();
        TrainingFileWriter file = TrainingFileWriter.create(merge, workspace.trainingFile())) {
      JoinCounts counts =
          file.writeCheckpoints(sources, () -> progress.advanceTo(done.incrementAndGet()));
      return file.finish(counts);
    }
  }

  private List<ParquetFooter> alignedFooters(SourcePlan source) throws IOException {
    try (SourceTable table = SourceTable.open(merge.storage(), source)) {
      List<ParquetFooter> footers = table.footers();
      Alignment.problem(footers, merge.spine(), merge.blocks())
          .ifPresent(
              problem -> {
                throw new InvalidInputException(
                    "Cannot compose: %s; extract with --layout=aligned, or merge with --mergeMethod=stream"
                        .formatted(problem));
              });
      if (source.provenance() instanceof Provenance.Foreign) {
        table.checkFooters();
      }

      return footers;
    }
  }

  private void append(Concatenation file, SourcePlan source, List<ParquetFooter> footers)
      throws IOException {
    List<Composer.Part> shards = new ArrayList<>();
    for (int i = 0; i < footers.size(); i++) {
      long shift = file.append(footers.get(i), source.provenance().crc32c(i));
      shards.add(new Composer.Part(footers.get(i), shift));
    }

    if (parts.isEmpty()) {
      // The key of the training file is the targets' own.
      int key = KeyColumn.index(footers.get(0));
      columns.add(new PartColumn(merge.plan().columns().get(0), 0, key));
    }

    Composer.Part whole =
        shards.size() == 1 ? shards.get(0) : new Composer.Part(Composer.appended(shards), 0);
    for (int i = 0; i < source.columns().size(); i++) {
      columns.add(
          new PartColumn(
              merge.plan().columns(source).get(i),
              parts.size(),
              whole.footer().indexOf(source.columns().get(i))));
    }

    parts.add(whole);
  }
}
