package ml.bqx.checkpoint;

import java.io.Serializable;

/**
 * One file of a checkpoint, as it was when it was committed.
 *
 * @param name its name inside the directory of the pair
 * @param rows rows in it
 * @param bytes its size
 * @param crc32c CRC32C of its bytes, 8 hex digits
 */
public record CheckpointFile(String name, long rows, long bytes, String crc32c)
    implements Serializable {}
