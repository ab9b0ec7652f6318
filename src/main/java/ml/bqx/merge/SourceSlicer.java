package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.merge.plan.CopiedPages;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.RowGather;

/**
 * Joins one checkpoint with the spine and cuts it into row blocks, column by column: the memory of
 * one column, however many there are. Chunks of an aligned checkpoint are handed on as they are.
 */
public final class SourceSlicer {
  private final PlannedMerge merge;
  private final BlockLayout blocks;
  private final DuplicatePolicy onDuplicate;
  private final ChunkEncoder encoder;

  /** A slicer for one thread. */
  SourceSlicer(PlannedMerge merge, DuplicatePolicy onDuplicate) {
    this.merge = merge;
    this.blocks = merge.blocks();
    this.onDuplicate = onDuplicate;
    this.encoder = new ChunkEncoder(merge.config().codec());
  }

  /**
   * Hands all slices of the source to the consumer.
   *
   * @return how the source joined
   */
  public JoinCounts slice(SourcePlan source, SliceConsumer consumer) throws IOException {
    try (SourceTable table = SourceTable.open(merge.storage(), source)) {
      // The footer's statistics of a foreign file are recomputed, never copied.
      boolean summed = source.provenance() instanceof Provenance.Extracted;
      JoinedRows joined =
          summed
              ? table.join(merge, onDuplicate)
              : table.match(merge.spine(), onDuplicate, merge.isTargets(source));
      if (joined.aligned()) {
        if (!CopiedPages.areOther(merge.config(), table.footers())) {
          stored(source, table, consumer);
          return joined.counts();
        }

        joined = joined.rowByRow(merge.spine().rows());
      }

      List<ColumnSchema> columns = merge.plan().columns(source);
      for (int i = 0; i < columns.size(); i++) {
        ColumnVector values = table.column(source.columns().get(i), columns.get(i));
        for (int block = 0; block < blocks.blocks(); block++) {
          ColumnVector slice =
              RowGather.gather(values, joined.rows(), blocks.from(block), blocks.to(block));
          consumer.encoded(block, source.firstColumn() + i, encoder.encode(columns.get(i), slice));
        }
      }

      return joined.counts();
    }
  }

  /** A run that ends before a column of the source. */
  private static Slice.Stored stored(SourcePlan source, int end, List<ChunkReference> run) {
    return new Slice.Stored(source.firstColumn() + end - run.size(), run);
  }

  private void stored(SourcePlan source, SourceTable table, SliceConsumer consumer)
      throws IOException {
    int block = 0;
    for (int file = 0; file < table.footers().size(); file++) {
      ParquetFooter footer = table.footers().get(file);
      for (int group = 0; group < footer.rowGroups(); group++) {
        List<ChunkReference> run = new ArrayList<>(source.columns().size());
        for (int i = 0; i < source.columns().size(); i++) {
          ChunkReference chunk = footer.chunk(group, footer.indexOf(source.columns().get(i)));
          if (!run.isEmpty() && !chunk.adjoins(run.get(run.size() - 1))) {
            consumer.stored(block, stored(source, i, run), table.reader(file));
            run = new ArrayList<>();
          }

          run.add(chunk);
        }

        consumer.stored(block, stored(source, source.columns().size(), run), table.reader(file));
        block++;
      }
    }
  }
}
