package ml.bqx.merge.beam;

import java.io.Serializable;
import ml.bqx.training.JoinCounts;

/**
 * A row block in a file of its own.
 *
 * @param block index of the block
 * @param path where the file is
 * @param crc32c of its bytes, 8 hex digits
 * @param joined what of the checkpoints that are counted with this block was filled and dropped
 */
record PartFile(int block, String path, String crc32c, JoinCounts joined) implements Serializable {}
