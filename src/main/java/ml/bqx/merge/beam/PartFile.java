package ml.bqx.merge.beam;

import java.io.Serializable;

/**
 * A row block in a file of its own.
 *
 * @param block index of the block
 * @param path where the file is
 * @param crc32c of its bytes, 8 hex digits
 */
record PartFile(int block, String path, String crc32c) implements Serializable {}
