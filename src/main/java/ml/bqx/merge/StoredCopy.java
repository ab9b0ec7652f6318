package ml.bqx.merge;

import java.io.IOException;
import java.util.List;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ParquetAssembler;

/**
 * Copies slices that lie in their file just as the training file needs them, many in one read and
 * one write: a chunk has about 130 kB, and calls for each cost more than its bytes.
 */
public final class StoredCopy {
  /**
   * Bytes that are copied at once, unless a single chunk has more: what a disk gives in one read.
   */
  private static final int PIECE_BYTES = 1 << 21;

  private StoredCopy() {}

  /**
   * Appends the slices to a row group.
   *
   * @param reader reads their file
   * @param file may be shared with other threads, which lock it too
   */
  public static void copy(
      Slice.Stored slices, ChunkReader reader, ParquetAssembler file, int rowGroup)
      throws IOException {
    List<ChunkReference> run = slices.run();
    for (int from = 0, to; from < run.size(); from = to) {
      to = pieceEnd(run, from);
      List<EncodedChunk> chunks = reader.raw(run.subList(from, to));
      synchronized (file) {
        file.append(rowGroup, slices.column() + from, chunks);
      }
    }
  }

  /** Behind the last chunk that goes in one piece with the one at {@code from}. */
  private static int pieceEnd(List<ChunkReference> run, int from) {
    int to = from + 1;
    while (to < run.size() && run.get(to).end() - run.get(from).start() <= PIECE_BYTES) {
      to++;
    }

    return to;
  }
}
