package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.Composer;
import ml.bqx.parquet.Composer.PartColumn;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Concatenation;

/**
 * The merge of aligned checkpoints as a copy: the files one behind the other, and one new footer.
 * No page is looked at.
 *
 * <p>What stays unused in the result are the checkpoints' own key columns, a few hundred bytes
 * each.
 */
public final class ComposeMerge {
  private final PlannedMerge merge;
  private final List<Composer.Part> parts = new ArrayList<>();
  private final List<PartColumn> columns = new ArrayList<>();

  private ComposeMerge(PlannedMerge merge) {
    this.merge = merge;
  }

  /**
   * Writes and publishes the training file.
   *
   * @param temporary where it is written before it is verified
   * @param progress is told how many checkpoints are done
   * @throws InvalidInputException when a checkpoint is not aligned
   */
  public static JoinCounts run(PlannedMerge merge, String temporary, LongConsumer progress)
      throws IOException {
    TrainingFile training = merge.trainingFile();
    new ComposeMerge(merge).write(temporary, training.keyValues(), progress);
    training.publish(temporary);
    JoinCounts counts = JoinCounts.NONE;
    for (SourcePlan source : merge.plan().sources()) {
      counts = counts.plus(JoinedRows.aligned(source));
    }

    return counts;
  }

  private void write(String temporary, Map<String, String> keyValues, LongConsumer progress)
      throws IOException {
    // All are looked at before the first byte is copied.
    List<List<ParquetFooter>> footers = new ArrayList<>();
    for (SourcePlan source : merge.plan().sources()) {
      footers.add(alignedFooters(source));
    }

    try (Concatenation file = merge.storage().concatenate(temporary)) {
      for (int i = 0; i < footers.size(); i++) {
        append(file, merge.plan().sources().get(i), footers.get(i));
        progress.accept(i + 1);
      }

      file.finish(Composer.sideBySide(parts, columns, keyValues));
    }
  }

  private List<ParquetFooter> alignedFooters(SourcePlan source) throws IOException {
    try (SourceTable table = SourceTable.open(merge.storage(), source)) {
      List<ParquetFooter> footers = table.footers();
      Alignment.problem(footers, merge.spine(), merge.blocks())
          .ifPresent(
              problem -> {
                throw new InvalidInputException(
                    "Cannot compose: %s %s; extract with --layout=aligned, or merge with --mergeMethod=stream"
                        .formatted(source.files().get(0), problem));
              });
      return footers;
    }
  }

  private void append(Concatenation file, SourcePlan source, List<ParquetFooter> footers)
      throws IOException {
    List<Composer.Part> shards = new ArrayList<>();
    for (int i = 0; i < footers.size(); i++) {
      String crc32c = source.entry() == null ? null : source.entry().files().get(i).crc32c();
      shards.add(new Composer.Part(footers.get(i), file.append(footers.get(i), crc32c)));
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
