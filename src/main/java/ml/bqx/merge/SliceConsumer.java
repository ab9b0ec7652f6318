package ml.bqx.merge;

import java.io.IOException;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ValueLosses;

/** Takes the slices of one checkpoint: for every row block, one column chunk of every column. */
public interface SliceConsumer {
  /**
   * Slices that their file has in the form that the training file needs.
   *
   * @param reader reads that file
   */
  void stored(int block, Slice.Stored slices, ChunkReader reader) throws IOException;

  /**
   * A slice that had to be gathered and encoded.
   *
   * @param column index in the training file
   * @param chunk valid until the call returns
   */
  void encoded(int block, int column, EncodedChunk chunk) throws IOException;

  /** What encoding the values of a column has changed. */
  void lost(ValueLosses losses);
}
