package ml.bqx.merge.beam;

import java.io.Serializable;
import java.util.UUID;
import ml.bqx.training.JoinCounts;

/**
 * A part of the training file: a Parquet file of its own, or a list of where its columns are.
 *
 * @param part its number in the layout
 * @param path where the file or the list is
 * @param listed whether it is a list
 * @param crc32c of its bytes, 8 hex digits
 * @param joined what of the checkpoints that are counted with this part was filled and dropped
 */
record PartFile(int part, String path, boolean listed, String crc32c, JoinCounts joined)
    implements Serializable {
  /**
   * A name for a part that no other has: a bundle may be tried twice, also at the same time, and
   * each try writes files of its own.
   */
  static String newPath(String directory, int part) {
    return "%s/part-%05d-%s".formatted(directory, part, UUID.randomUUID());
  }
}
