package ml.bqx.merge;

/**
 * The join of one checkpoint with the spine.
 *
 * @param rows for each spine row the checkpoint's row, or {@link ml.bqx.parquet.RowGather#NO_ROW}
 * @param missing spine rows that the checkpoint lacks: nulls in the training file
 * @param dropped rows of the checkpoint that are not in the training file because their timestamp
 *     is null or not in the spine
 * @param duplicates rows dropped because they repeat a timestamp
 */
public record JoinedRows(int[] rows, long missing, long dropped, long duplicates) {
  /**
   * The join of an aligned checkpoint: its extraction has done it, and the manifest has counted.
   */
  public static JoinedRows aligned(SourcePlan source) {
    return new JoinedRows(new int[0], source.provenance().rowsMissing(), 0, 0);
  }
}
