package ml.bqx.merge;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import ml.bqx.merge.plan.CopiedPages;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.AscendingRows;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.LongBlock;
import ml.bqx.parquet.LongCursor;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.RowGather;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;

/**
 * Joins checkpoints with the spine and cuts them into row blocks, column by column: the memory of
 * one column for each that is decoded at a time, however many there are. Chunks of an aligned
 * checkpoint are handed on as they are. Several threads may share one.
 */
public final class SourceSlicer {
  private final PlannedMerge merge;
  private final BlockLayout blocks;
  private final DuplicatePolicy onDuplicate;
  private final Opening opening;

  /** One for each checkpoint that may be decoded at a time. */
  private final BlockingQueue<ChunkEncoder> encoders = new LinkedBlockingQueue<>();

  /**
   * A slicer.
   *
   * @param decoded how many checkpoints are decoded at a time, whatever the number of threads
   */
  SourceSlicer(PlannedMerge merge, DuplicatePolicy onDuplicate, int decoded, Opening opening) {
    this.merge = merge;
    this.blocks = merge.blocks();
    this.onDuplicate = onDuplicate;
    this.opening = opening;
    for (int i = 0; i < decoded; i++) {
      encoders.add(merge.encoder());
    }
  }

  /** How the files of a checkpoint are opened: to read all of them, or a part. */
  @FunctionalInterface
  interface Opening {
    /** Opens all files. */
    SourceTable open(Storage storage, SourcePlan source) throws IOException;
  }

  /**
   * Hands all slices of the source to the consumer.
   *
   * @return how the source joined
   */
  public JoinCounts slice(SourcePlan source, SliceConsumer consumer) throws IOException {
    try (SourceTable table = opening.open(merge.storage(), source)) {
      if (!isCopied(source, table)) {
        return decoded(source, table, consumer);
      }

      stored(source, table, consumer);
      JoinedRows joined = JoinedRows.aligned(source);
      if (isAnyEncoded(source)) {
        JoinedRows rows = joined.rowByRow(merge.spine().rows());
        withEncoder(encoder -> encoded(source, table, rows, this::isEncoded, encoder, consumer));
      }

      return joined.counts();
    }
  }

  private boolean isCopied(SourcePlan source, SourceTable table) {
    return isSummed(source)
        && table.isAligned(merge)
        && !CopiedPages.areOther(merge.config(), table.footers());
  }

  /** The footer's statistics of a foreign file are recomputed, never copied. */
  private static boolean isSummed(SourcePlan source) {
    return source.provenance() instanceof Provenance.Extracted;
  }

  private JoinCounts decoded(SourcePlan source, SourceTable table, SliceConsumer consumer)
      throws IOException {
    return withEncoder(
        encoder -> {
          JoinedRows joined =
              isSummed(source)
                  ? table.join(merge, onDuplicate)
                  : table.match(merge.spine(), onDuplicate, merge.plan().range());
          joined = joined.aligned() ? joined.rowByRow(merge.spine().rows()) : joined;
          return encoded(source, table, joined, column -> true, encoder, consumer);
        });
  }

  /** What is done by one of the threads that may decode. */
  @FunctionalInterface
  private interface Decoding {
    JoinCounts with(ChunkEncoder encoder) throws IOException;
  }

  private JoinCounts withEncoder(Decoding decoding) throws IOException {
    ChunkEncoder encoder = Uninterruptibles.takeUninterruptibly(encoders);
    try {
      return decoding.with(encoder);
    } finally {
      encoders.add(encoder);
    }
  }

  /** Whether the values of a column of the plan are written as other values. */
  private boolean isEncoded(int column) {
    return !merge.plan().encodings().get(column).isNone();
  }

  private boolean isAnyEncoded(SourcePlan source) {
    return IntStream.range(source.firstColumn(), source.firstColumn() + source.columns().size())
        .anyMatch(this::isEncoded);
  }

  private JoinCounts encoded(
      SourcePlan source,
      SourceTable table,
      JoinedRows joined,
      IntPredicate which,
      ChunkEncoder encoder,
      SliceConsumer consumer)
      throws IOException {
    Optional<LongCursor> cursor = AscendingRows.of(joined.rows()).map(LongCursor::new);
    List<ColumnSchema> columns = merge.plan().columns(source);
    for (int i = 0; i < columns.size(); i++) {
      int column = source.firstColumn() + i;
      if (!which.test(column)) {
        continue;
      }

      String name = source.columns().get(i);
      ColumnSchema type = columns.get(i);
      ColumnEncoding encoding = merge.plan().encodings().get(column);
      if (cursor.isPresent()
          && encoding.isNone()
          && LongCursor.takes(type)
          && table.has(name, type)) {
        cursor.get().begin(table.chunks(name));
        forward(cursor.get(), column, encoder, consumer);
        continue;
      }

      ColumnVector raw = table.column(name, type);
      ColumnVector values = encoding.encode(raw);
      consumer.lost(encoding.losses(raw, joined.rows()));
      for (int block = 0; block < blocks.blocks(); block++) {
        ColumnVector slice =
            RowGather.gather(values, joined.rows(), blocks.from(block), blocks.to(block));
        consumer.encoded(block, column, encoder.encode(encoding.encoded(), slice));
      }
    }

    return joined.counts();
  }

  private void forward(LongCursor cursor, int column, ChunkEncoder encoder, SliceConsumer consumer)
      throws IOException {
    ColumnSchema schema = merge.plan().encodings().get(column).encoded();
    for (int block = 0; block < blocks.blocks(); block++) {
      LongBlock rows = cursor.read(blocks.from(block), blocks.to(block));
      consumer.encoded(block, column, encoder.encode(schema, rows));
    }

    cursor.end();
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
