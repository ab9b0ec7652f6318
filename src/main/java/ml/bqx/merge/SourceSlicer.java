package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import ml.bqx.merge.plan.CopiedPages;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnEncoding;
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
              : table.match(merge.spine(), onDuplicate, merge.plan().range());
      if (joined.aligned()) {
        boolean copied = !CopiedPages.areOther(merge.config(), table.footers());
        if (copied) {
          stored(source, table, consumer);
        }

        joined = joined.rowByRow(merge.spine().rows());
        encoded(source, table, joined, copied ? this::isEncoded : column -> true, consumer);
      } else {
        encoded(source, table, joined, column -> true, consumer);
      }

      return joined.counts();
    }
  }

  /** Whether the values of a column of the plan are written as other values. */
  private boolean isEncoded(int column) {
    return merge.plan().encodings().get(column).kind() != ColumnEncoding.Kind.NONE;
  }

  private void encoded(
      SourcePlan source,
      SourceTable table,
      JoinedRows joined,
      IntPredicate which,
      SliceConsumer consumer)
      throws IOException {
    List<ColumnSchema> columns = merge.plan().columns(source);
    for (int i = 0; i < columns.size(); i++) {
      int column = source.firstColumn() + i;
      if (!which.test(column)) {
        continue;
      }

      ColumnEncoding encoding = merge.plan().encodings().get(column);
      ColumnVector values = encoding.encode(table.column(source.columns().get(i), columns.get(i)));
      for (int block = 0; block < blocks.blocks(); block++) {
        ColumnVector slice =
            RowGather.gather(values, joined.rows(), blocks.from(block), blocks.to(block));
        consumer.encoded(block, column, encoder.encode(encoding.encoded(), slice));
      }
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
          boolean skipped = isEncoded(source.firstColumn() + i);
          if (!run.isEmpty() && (skipped || !chunk.adjoins(run.get(run.size() - 1)))) {
            consumer.stored(block, stored(source, i, run), table.reader(file));
            run = new ArrayList<>();
          }

          if (!skipped) {
            run.add(chunk);
          }
        }

        if (!run.isEmpty()) {
          consumer.stored(block, stored(source, source.columns().size(), run), table.reader(file));
        }

        block++;
      }
    }
  }
}
