package ml.bqx.training;

import java.io.Serializable;
import java.util.Collection;
import ml.bqx.parquet.ValueLosses;

/**
 * Counts of what joining checkpoints has filled and dropped. What the extraction of an aligned
 * checkpoint left out is in the manifest and not counted again.
 *
 * @param missing spine rows that a checkpoint lacks, filled with nulls
 * @param outside rows of checkpoints whose timestamp is not in the spine
 * @param withoutTimestamp rows of checkpoints whose timestamp is null
 * @param duplicates rows of checkpoints that repeat a timestamp, dropped by policy
 * @param incomplete rows of the targets that lack a target, and so make no row of the spine
 * @param repeated rows whose key is a local time that the clock showed twice
 * @param losses values that are not what they were since they are of another type
 */
public record JoinCounts(
    long missing,
    long outside,
    long withoutTimestamp,
    long duplicates,
    long incomplete,
    long repeated,
    ValueLosses losses)
    implements Serializable {
  /** Nothing filled, nothing left out. */
  public static final JoinCounts NONE = new JoinCounts(0, 0, 0, 0, 0, 0, ValueLosses.NONE);

  /** The sum of the counts of several checkpoints. */
  public static JoinCounts sum(Collection<JoinCounts> counts) {
    return counts.stream().reduce(NONE, JoinCounts::plus);
  }

  /** The counts of an aligned checkpoint, whose extraction has left out all there was. */
  public static JoinCounts aligned(long missing) {
    return new JoinCounts(missing, 0, 0, 0, 0, 0, ValueLosses.NONE);
  }

  private JoinCounts plus(JoinCounts other) {
    return new JoinCounts(
        missing + other.missing,
        outside + other.outside,
        withoutTimestamp + other.withoutTimestamp,
        duplicates + other.duplicates,
        incomplete + other.incomplete,
        repeated + other.repeated,
        losses.plus(other.losses));
  }

  /** The same, and what encoding values has changed. */
  public JoinCounts with(ValueLosses lost) {
    return new JoinCounts(
        missing, outside, withoutTimestamp, duplicates, incomplete, repeated, losses.plus(lost));
  }

  /** The rows that were dropped, in the words of an extraction. */
  public String droppedInWords() {
    return "%,d not in the spine, %,d without timestamp, %,d duplicates, %,d incomplete targets"
        .formatted(outside, withoutTimestamp, duplicates, incomplete);
  }
}
