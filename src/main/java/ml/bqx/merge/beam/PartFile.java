package ml.bqx.merge.beam;

import java.io.Serializable;

/**
 * A row block in a file of its own.
 *
 * @param block index of the block
 * @param path where the file is
 */
record PartFile(int block, String path) implements Serializable {}
