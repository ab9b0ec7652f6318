package ml.bqx.merge.beam;

import java.io.Serializable;
import ml.bqx.training.JoinCounts;

/**
 * A part of the training file in a file of its own.
 *
 * @param part its number in the layout
 * @param path where the file is
 * @param crc32c of its bytes, 8 hex digits
 * @param joined what of the checkpoints that are counted with this part was filled and dropped
 */
record PartFile(int part, String path, String crc32c, JoinCounts joined) implements Serializable {}
