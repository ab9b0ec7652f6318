package ml.bqx.checkpoint.commit;

import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.Spine;

/**
 * Rows of a table and which of them belong to which row of a part of the spine.
 *
 * @param batch the rows as they were read
 * @param spine the part of the spine
 * @param match for each row of that part its row in the batch
 */
public record MatchedBatch(ColumnBatch batch, Spine spine, SpineMatch match) {}
