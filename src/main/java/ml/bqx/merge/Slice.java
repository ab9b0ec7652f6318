package ml.bqx.merge;

import java.util.List;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.EncodedChunk;

/** Columns of one row block on their way through the join: where they lie, or what they are. */
public sealed interface Slice {
  /** Index of the column, or of the first one, in the training file. */
  int column();

  /**
   * The bytes lie in a file as they are needed; a few bytes travel instead of them.
   *
   * @param column index of the first chunk's column in the training file; the others' follow it
   * @param run chunks of one row group of one file that adjoin, at least one
   */
  record Stored(int column, List<ChunkReference> run) implements Slice {
    /** The file all of them lie in. */
    public String file() {
      return run.get(0).file();
    }
  }

  /** The bytes travel. */
  record Inline(int column, EncodedChunk chunk) implements Slice {
    /** Copies the bytes, as those handed to a consumer are soon overwritten. */
    public static Inline copyOf(int column, EncodedChunk chunk) {
      byte[] bytes = new byte[chunk.length()];
      System.arraycopy(chunk.bytes(), chunk.offset(), bytes, 0, bytes.length);
      return new Inline(column, new EncodedChunk(chunk.metadata(), bytes, 0));
    }
  }
}
