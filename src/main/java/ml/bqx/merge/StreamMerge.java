package ml.bqx.merge;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * The merge in one process, straight into the file: chunks of aligned checkpoints are copied, the
 * others decoded, gathered and encoded.
 */
public final class StreamMerge {
  private StreamMerge() {}

  /**
   * Writes and publishes the training file.
   *
   * @param temporary where it is written before it is verified
   * @param progress is told how many checkpoints are done
   */
  public static JoinCounts run(PlannedMerge merge, String temporary, LongConsumer progress)
      throws IOException {
    AtomicInteger done = new AtomicInteger();
    try (TrainingFileWriter file = TrainingFileWriter.create(merge, temporary)) {
      JoinCounts counts =
          file.writeCheckpoints(
              merge.plan().sources(), () -> progress.accept(done.incrementAndGet()));
      file.publish();
      return counts;
    }
  }
}
