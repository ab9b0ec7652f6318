package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import ml.bqx.checkpoint.Storage;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ParquetAssembler;

/**
 * The merge in one process, straight into the file: every worker takes the next checkpoint, column
 * by column, and appends the chunks of all row blocks as soon as it has them. Chunks of aligned
 * checkpoints are copied, the others decoded, gathered and encoded.
 *
 * <p>Memory: one column a worker, and the footer. A column is read once, however many row blocks
 * there are, because chunks may lie anywhere in the file.
 */
final class StreamMerge {
  private final PlannedMerge merge;
  private final LongConsumer progress;
  private final AtomicReference<JoinCounts> counts = new AtomicReference<>(JoinCounts.NONE);
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  private StreamMerge(PlannedMerge merge, LongConsumer progress) {
    this.merge = merge;
    this.progress = progress;
  }

  /**
   * Writes and publishes the training file.
   *
   * @param temporary where it is written before it is verified
   * @param progress is told how many checkpoints are done
   */
  static JoinCounts run(PlannedMerge merge, String temporary, LongConsumer progress)
      throws IOException {
    StreamMerge stream = new StreamMerge(merge, progress);
    TrainingFile training = merge.trainingFile();
    try (ParquetAssembler file =
        new ParquetAssembler(Storage.create(temporary), merge.plan().columns())) {
      stream.writeKey(file);
      stream.writeSources(file);
      file.finish(training.keyValues());
    }

    training.publish(temporary);
    return stream.counts.get();
  }

  private void writeKey(ParquetAssembler file) throws IOException {
    BlockLayout blocks = merge.blocks();
    ChunkEncoder encoder = new ChunkEncoder(merge.config().compression().codec());
    for (int block = 0; block < blocks.blocks(); block++) {
      long[] timestamps =
          Arrays.copyOfRange(merge.spine().timestamps(), blocks.from(block), blocks.to(block));
      file.addRowGroup(timestamps.length);
      ColumnVector.Longs key = new ColumnVector.Longs(timestamps, null);
      file.append(block, 0, encoder.encodeDeltas(merge.plan().columns().get(0), key));
    }
  }

  private void writeSources(ParquetAssembler file) throws IOException {
    // One more than there are cores, so that one can wait for a disk.
    int workers = Runtime.getRuntime().availableProcessors() + 1;
    ExecutorService executor = Executors.newFixedThreadPool(workers);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        running.add(
            executor.submit(
                () -> {
                  work(file);
                  return null;
                }));
      }

      for (Future<?> worker : running) {
        Futures.join(worker);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private void work(ParquetAssembler file) throws IOException {
    List<SourcePlan> sources = merge.plan().sources();
    SourceSlicer slicer = merge.slicer();
    SliceConsumer toFile = new ToFile(file);
    for (int i = next.getAndIncrement(); i < sources.size(); i = next.getAndIncrement()) {
      JoinedRows joined = slicer.slice(sources.get(i), toFile);
      counts.updateAndGet(sum -> sum.plus(joined));
      progress.accept(done.incrementAndGet());
    }
  }

  /** Appends slices to the one file that all workers share. */
  private record ToFile(ParquetAssembler file) implements SliceConsumer {
    @Override
    public void stored(int block, int column, ChunkReference chunk, ChunkReader reader)
        throws IOException {
      encoded(block, column, reader.raw(chunk));
    }

    @Override
    public void encoded(int block, int column, EncodedChunk chunk) throws IOException {
      synchronized (file) {
        file.append(block, column, chunk);
      }
    }
  }
}
