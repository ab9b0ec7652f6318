package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.checkpoint.Spine;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnConversion;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.RowGather;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.CompressionCodec;

/**
 * Joins one checkpoint with the spine and cuts it into row blocks, column by column: the memory of
 * one column, however many there are. Chunks of an aligned checkpoint are handed on as they are.
 */
public final class SourceSlicer {
  private final Storage storage;
  private final MergePlan plan;
  private final Spine spine;
  private final BlockLayout blocks;
  private final DuplicatePolicy onDuplicate;
  private final ChunkEncoder encoder;

  /** A slicer for one thread. */
  SourceSlicer(
      Storage storage,
      MergePlan plan,
      Spine spine,
      BlockLayout blocks,
      DuplicatePolicy onDuplicate,
      CompressionCodec codec) {
    this.storage = storage;
    this.plan = plan;
    this.spine = spine;
    this.blocks = blocks;
    this.onDuplicate = onDuplicate;
    this.encoder = new ChunkEncoder(codec);
  }

  /**
   * Hands all slices of the source to the consumer.
   *
   * @return how the source joined
   */
  public JoinedRows slice(SourcePlan source, SliceConsumer consumer) throws IOException {
    try (SourceTable table = SourceTable.open(storage, source)) {
      if (Alignment.problem(table.footers(), spine, blocks).isEmpty()) {
        stored(source, table, consumer);
        return JoinedRows.aligned(source);
      }

      JoinedRows joined = table.match(spine, onDuplicate, source.equals(plan.targets()));
      List<ColumnSchema> columns = plan.columns(source);
      for (int i = 0; i < columns.size(); i++) {
        String name = source.columns().get(i);
        ColumnVector values =
            ColumnConversion.convert(table.column(name), table.schema(name), columns.get(i));
        for (int block = 0; block < blocks.blocks(); block++) {
          ColumnVector slice =
              RowGather.gather(values, joined.rows(), blocks.from(block), blocks.to(block));
          consumer.encoded(block, source.firstColumn() + i, encoder.encode(columns.get(i), slice));
        }
      }

      return joined;
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
