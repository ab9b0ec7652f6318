package ml.bqx.merge;

import java.util.stream.IntStream;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.training.JoinCounts;

/**
 * The join of one checkpoint with the spine.
 *
 * @param aligned whether the checkpoint's rows are the spine's, so that nothing was joined
 * @param rows for each spine row the checkpoint's row, or {@link ml.bqx.parquet.RowGather#NO_ROW};
 *     empty when it is aligned
 */
public record JoinedRows(boolean aligned, int[] rows, JoinCounts counts) {
  /** The join of an aligned checkpoint: its extraction has done it. */
  public static JoinedRows aligned(SourcePlan source) {
    long missing = source.provenance().rowsMissing();
    return new JoinedRows(true, new int[0], JoinCounts.aligned(missing));
  }

  /** The join of an aligned checkpoint, in the form of any other. */
  JoinedRows rowByRow(int spineRows) {
    return new JoinedRows(false, IntStream.range(0, spineRows).toArray(), counts);
  }
}
