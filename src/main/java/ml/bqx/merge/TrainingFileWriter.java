package ml.bqx.merge;

import com.google.common.collect.Multimaps;
import com.google.common.collect.Ordering;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;

/**
 * Writes a training file in this process: its key first, then the columns in any order, from
 * checkpoints or from what another engine has joined. Every worker takes the next source, column by
 * column, and appends the chunks of all row blocks as soon as it has them.
 *
 * <p>Memory: at most one column a worker, and the footer. A column is read once, however many row
 * blocks there are, because chunks may be anywhere in the file.
 */
public final class TrainingFileWriter implements Closeable {
  /** Some more than work at a time: while some wait for the disk, it has more to do. */
  private static final int THREADS = MergePlan.WORKERS + 2;

  private final PlannedMerge merge;
  private final ParquetAssembler file;
  private ValueLosses losses = ValueLosses.NONE;

  private TrainingFileWriter(PlannedMerge merge, NewFile target) throws IOException {
    this.merge = merge;
    this.file = new ParquetAssembler(target.openLarge(), merge.plan().written());
  }

  /**
   * Begins a file with the key column.
   *
   * @param target where it is written before it is verified
   */
  public static TrainingFileWriter create(PlannedMerge merge, NewFile target) throws IOException {
    TrainingFileWriter writer = new TrainingFileWriter(merge, target);
    try {
      writer.writeKey();
    } catch (IOException | RuntimeException e) {
      writer.close();
      throw e;
    }

    return writer;
  }

  private void writeKey() throws IOException {
    BlockLayout blocks = merge.blocks();
    ChunkEncoder encoder = merge.encoder();
    for (int block = 0; block < blocks.blocks(); block++) {
      file.addRowGroup(blocks.rows(block));
      file.append(block, 0, encoder.encodeDeltas(merge.plan().columns().get(0), merge.key(block)));
      merge.appendPair(file, block, blocks.rows(block), encoder);
    }
  }

  /**
   * Joins checkpoints with the spine and writes their columns.
   *
   * @param written is called whenever one of them is done, from any thread
   * @return what the join has filled and left out
   */
  public JoinCounts writeCheckpoints(List<SourcePlan> sources, Runnable written)
      throws IOException {
    // It reads all of every checkpoint.
    return write(
        sources,
        new SourceSlicer(merge, merge.config().onDuplicate(), THREADS, SourceTable::openWhole),
        written);
  }

  /**
   * Writes the columns of a table that another engine has joined and stored as Parquet files, whose
   * row groups, footer and, here and there, types are not what a training file's must be. Its rows
   * may be in any order: they are put in that of the spine.
   *
   * @throws IllegalStateException when the table's rows are not exactly those of the spine
   * @throws InvalidInputException when the engine has stored values so that they cannot be had back
   *     in the type their column must have
   */
  public void writeJoined(JoinedTable table) throws IOException {
    JoinCounts counts;
    try {
      // A repeated row is not the user's mistake here: it is counted and reported below.
      counts =
          write(
              table.shares(MergePlan.WORKERS),
              new SourceSlicer(merge, DuplicatePolicy.FIRST, THREADS, SourceTable::open),
              () -> {});
    } catch (InvalidParquetException e) {
      throw new InvalidInputException(
          "Cannot merge with %s: %s; --mergeMethod=stream keeps values as they are"
              .formatted(table.engine(), e.getMessage()),
          e);
    }

    if (!counts.equals(JoinCounts.NONE)) {
      throw new IllegalStateException(
          "Cannot use the join of %s: by its key column, %,d rows of the spine are missing; %s"
              .formatted(table.engine(), counts.missing(), counts.droppedInWords()));
    }
  }

  /**
   * Slices of a row block.
   *
   * @param block its index
   */
  public record Placed(int block, Slice.Stored slices) {
    private String file() {
      return slices.file();
    }

    private long start() {
      return slices.run().get(0).start();
    }
  }

  /** Copies slices from the files that have them, each of which is opened once. */
  public void copy(List<Placed> placed) throws IOException {
    Storage storage = merge.storage();
    List<List<Placed>> files =
        Multimaps.asMap(Multimaps.index(placed, Placed::file)).values().stream().toList();
    SliceConsumer target = slices();
    ParallelCalls.of(
        THREADS,
        files,
        file -> {
          try (ParquetInput input = storage.openWhole(file.get(0).file())) {
            ChunkReader reader = new ChunkReader(input);
            for (Placed each : Ordering.natural().onResultOf(Placed::start).sortedCopy(file)) {
              target.stored(each.block(), each.slices(), reader);
            }
          }

          return file;
        });
  }

  private JoinCounts write(List<SourcePlan> sources, SourceSlicer slicer, Runnable written)
      throws IOException {
    return JoinCounts.sum(
        ParallelCalls.of(
            THREADS,
            sources,
            source -> {
              JoinCounts joined = slicer.slice(source, slices());
              written.run();
              return joined;
            }));
  }

  /** Takes column chunks of all columns but the key, in any order and from any thread. */
  public SliceConsumer slices() {
    return new ToFile();
  }

  /**
   * Writes the footer and closes the file.
   *
   * @param counts how the checkpoints joined
   * @return what it must be to be published
   */
  public Merge.Written finish(JoinCounts counts) throws IOException {
    TrainingFile training = merge.trainingFile();
    file.finish(training.keyValues(), merge.plan().order());
    file.close();
    return new Merge.Written(training, file.crc32c(), counts.with(losses));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Appends slices to the one file that all workers share. */
  private final class ToFile implements SliceConsumer {
    @Override
    public void stored(int block, Slice.Stored slices, ChunkReader reader) throws IOException {
      slices.copy(reader, file, block);
    }

    @Override
    public void encoded(int block, int column, EncodedChunk chunk) throws IOException {
      synchronized (file) {
        file.append(block, column, chunk);
      }
    }

    @Override
    public void lost(ValueLosses lost) {
      synchronized (file) {
        losses = losses.plus(lost);
      }
    }
  }
}
