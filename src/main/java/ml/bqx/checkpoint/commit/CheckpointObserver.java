package ml.bqx.checkpoint.commit;

import java.util.Optional;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CommitRecord;

/** Sees the rows of a checkpoint while it is made, and has something to keep about them. */
public interface CheckpointObserver {
  /**
   * The rows of a shard of the spine; shards come in their order.
   *
   * @param firstRow which row of the spine the shard's first one is
   */
  void add(MatchedBatch rows, int firstRow);

  /**
   * What is kept about the rows, written as JSON with the commit record; see {@link CommitRecord}.
   *
   * @param entry the checkpoint's commit record
   */
  Optional<Object> record(CheckpointEntry entry);
}
