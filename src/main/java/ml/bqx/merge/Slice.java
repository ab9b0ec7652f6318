package ml.bqx.merge;

import java.io.IOException;
import java.util.List;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.StoredChunks;
import ml.bqx.training.JoinCounts;

/**
 * Columns of one row block on their way through the join, by reference or by value, and counts of
 * what joining them has filled and dropped.
 */
public sealed interface Slice {
  /**
   * A reference to bytes that a file has in the needed form.
   *
   * @param column index of the first chunk's column in the training file; the others' follow it
   * @param run chunks of one row group of one file that adjoin, at least one
   */
  record Stored(int column, List<ChunkReference> run) implements Slice {
    /**
     * Bytes that are copied at once, unless a single chunk has more: what a disk gives in one read.
     * A chunk has about 130 kB, and calls for each cost more than its bytes.
     */
    private static final int PIECE_BYTES = 1 << 21;

    /** The file all of them are in. */
    public String file() {
      return run.get(0).file();
    }

    /**
     * Appends them to a row group.
     *
     * @param reader reads their file
     * @param target may be shared with other threads, which lock it too
     */
    public void copy(ChunkReader reader, ParquetAssembler target, int rowGroup) throws IOException {
      for (int from = 0, to; from < run.size(); from = to) {
        to = pieceEnd(from);
        StoredChunks chunks = reader.raw(run.subList(from, to));
        synchronized (target) {
          target.append(rowGroup, column + from, chunks);
        }
      }
    }

    /** End of the run of adjoining chunks that starts at {@code from}. */
    private int pieceEnd(int from) {
      int to = from + 1;
      while (to < run.size() && run.get(to).end() - run.get(from).start() <= PIECE_BYTES) {
        to++;
      }

      return to;
    }
  }

  /**
   * Counts of a whole checkpoint, which travel with the slices of one of its blocks.
   *
   * @param counts of all its rows
   */
  record Counted(JoinCounts counts) implements Slice {}

  /**
   * The bytes themselves.
   *
   * @param column index in the training file
   */
  record Inline(int column, EncodedChunk chunk) implements Slice {
    /** Copies the bytes, as those handed to a consumer are soon overwritten. */
    public static Inline copyOf(int column, EncodedChunk chunk) {
      byte[] bytes = new byte[chunk.length()];
      System.arraycopy(chunk.bytes(), chunk.offset(), bytes, 0, bytes.length);
      return new Inline(column, new EncodedChunk(chunk.metadata(), bytes, 0));
    }
  }
}
