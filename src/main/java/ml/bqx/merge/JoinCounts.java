package ml.bqx.merge;

import java.util.Collection;

/**
 * Counts of what joining checkpoints has filled and dropped. What the extraction of an aligned
 * checkpoint left out is in the manifest and not counted again.
 *
 * @param missing spine rows that a checkpoint lacks, filled with nulls
 * @param dropped rows of checkpoints whose timestamp is null or not in the spine
 * @param duplicates rows of checkpoints that repeat a timestamp, dropped by policy
 */
public record JoinCounts(long missing, long dropped, long duplicates) {
  /** Nothing filled, nothing dropped. */
  public static final JoinCounts NONE = new JoinCounts(0, 0, 0);

  /** The sum of the counts of several checkpoints. */
  public static JoinCounts sum(Collection<JoinCounts> counts) {
    return counts.stream().reduce(NONE, JoinCounts::plus);
  }

  private JoinCounts plus(JoinCounts other) {
    return new JoinCounts(
        missing + other.missing, dropped + other.dropped, duplicates + other.duplicates);
  }
}
