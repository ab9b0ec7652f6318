package ml.bqx.parquet;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Column chunks of one row group as they are in a file, one behind the other.
 *
 * @param run where they are
 * @param bytes all of them; valid until the reader of the file reads again
 * @param checksums CRC32C of each one
 */
public record StoredChunks(List<ChunkReference> run, ByteBuffer bytes, int[] checksums) {}
