package ml.bqx.parquet;

/**
 * Arrays that the reading of chunks fills again and again. Several readers may share them that one
 * thread uses by turns: what one has read is valid until any of them reads.
 */
public final class ChunkBuffers {
  private byte[] chunk = new byte[0];
  private byte[] page = new byte[0];
  private int[] indices = new int[0];

  /** Room for the bytes of a chunk. */
  byte[] chunk(int length) {
    if (chunk.length < length) {
      chunk = new byte[VectorBuilder.grown(chunk.length, length, Byte.BYTES)];
    }

    return chunk;
  }

  /** Room for the bytes of a page that is decompressed. */
  byte[] page(int length) {
    if (page.length < length) {
      page = new byte[VectorBuilder.grown(page.length, length, Byte.BYTES)];
    }

    return page;
  }

  /** Room for the dictionary indices of a page. */
  int[] indices(int count) {
    if (indices.length < count) {
      indices = new int[VectorBuilder.grown(indices.length, count, Integer.BYTES)];
    }

    return indices;
  }
}
