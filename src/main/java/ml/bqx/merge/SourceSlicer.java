package ml.bqx.merge;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import ml.bqx.merge.plan.CopiedPages;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.AscendingRows;
import ml.bqx.parquet.ChunkBuffers;
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
 * some pages for each whose rows are in the order of the spine, and of one column for any other
 * that is decoded at a time. Chunks of an aligned checkpoint are handed on as they are. Several
 * threads may share one.
 */
public final class SourceSlicer {
  private final PlannedMerge merge;
  private final BlockLayout blocks;
  private final DuplicatePolicy onDuplicate;
  private final Opening opening;

  /** One for each thread. */
  private final BlockingQueue<Tools> tools = new LinkedBlockingQueue<>();

  /**
   * Threads that may have a key or a column in memory as a whole; the others read forward, a few
   * pages at a time.
   */
  private final Semaphore whole = new Semaphore(MergePlan.WORKERS);

  /**
   * A slicer.
   *
   * @param threads how many may share it
   */
  SourceSlicer(PlannedMerge merge, DuplicatePolicy onDuplicate, int threads, Opening opening) {
    this.merge = merge;
    this.blocks = merge.blocks();
    this.onDuplicate = onDuplicate;
    this.opening = opening;
    for (int i = 0; i < threads; i++) {
      tools.add(new Tools(new ChunkBuffers(), merge.encoder()));
    }
  }

  /** What one thread decodes and encodes with, one checkpoint after the other. */
  private record Tools(ChunkBuffers buffers, ChunkEncoder encoder) {}

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
        withTools(
            table, encoder -> encoded(source, table, rows, this::isEncoded, encoder, consumer));
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
    return withTools(
        table,
        encoder -> {
          JoinedRows joined = join(source, table);
          joined = joined.aligned() ? joined.rowByRow(merge.spine().rows()) : joined;
          return encoded(source, table, joined, column -> true, encoder, consumer);
        });
  }

  private JoinedRows join(SourcePlan source, SourceTable table) throws IOException {
    whole.acquireUninterruptibly();
    try {
      return isSummed(source)
          ? table.join(merge, onDuplicate)
          : table.match(merge.spine(), onDuplicate, merge.plan().range());
    } finally {
      whole.release();
    }
  }

  /** What is done by one of the threads that may decode. */
  @FunctionalInterface
  private interface Decoding {
    JoinCounts with(ChunkEncoder encoder) throws IOException;
  }

  private JoinCounts withTools(SourceTable table, Decoding decoding) throws IOException {
    Tools own = Uninterruptibles.takeUninterruptibly(tools);
    try {
      table.readInto(own.buffers());
      return decoding.with(own.encoder());
    } finally {
      tools.add(own);
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
      if (cursor.isPresent() && isReadForward(table, name, column)) {
        cursor.get().begin(table.chunks(name));
        forward(cursor.get(), column, encoder, consumer);
      } else {
        whole.acquireUninterruptibly();
        try {
          gathered(table.column(name, columns.get(i)), column, joined.rows(), encoder, consumer);
        } finally {
          whole.release();
        }
      }
    }

    return joined.counts();
  }

  private boolean isReadForward(SourceTable table, String name, int column) {
    ColumnSchema type = merge.plan().columns().get(column);
    return !isEncoded(column) && LongCursor.takes(type) && table.has(name, type);
  }

  private void forward(LongCursor cursor, int column, ChunkEncoder encoder, SliceConsumer consumer)
      throws IOException {
    ColumnSchema schema = merge.plan().columns().get(column);
    for (int block = 0; block < blocks.blocks(); block++) {
      LongBlock rows = cursor.read(blocks.from(block), blocks.to(block));
      consumer.encoded(block, column, encoder.encode(schema, rows));
    }

    cursor.end();
  }

  private void gathered(
      ColumnVector raw, int column, int[] rows, ChunkEncoder encoder, SliceConsumer consumer)
      throws IOException {
    ColumnEncoding encoding = merge.plan().encodings().get(column);
    ColumnVector values = encoding.encode(raw);
    consumer.lost(encoding.losses(raw, rows));
    for (int block = 0; block < blocks.blocks(); block++) {
      ColumnVector slice = RowGather.gather(values, rows, blocks.from(block), blocks.to(block));
      consumer.encoded(block, column, encoder.encode(encoding.encoded(), slice));
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
