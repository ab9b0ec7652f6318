package ml.bqx.checkpoint;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import ml.bqx.parquet.PartChecksums;

/**
 * One file of a checkpoint, as it was when it was committed. Checksums are CRC32C, each as 8 hex
 * digits.
 *
 * @param name its name inside the directory of the pair
 * @param rows rows in it
 * @param bytes its size
 * @param crc32c checksum of all its bytes
 * @param footer checksum of the bytes after its data
 * @param chunks for each row group the checksums of its column chunks, one after the other
 */
public record CheckpointFile(
    String name, long rows, long bytes, String crc32c, String footer, List<String> chunks)
    implements Serializable {
  private static final int DIGITS = 8;

  /** A file with the checksums of its parts. */
  public static CheckpointFile of(
      String name, long rows, long bytes, String crc32c, PartChecksums checksums) {
    return new CheckpointFile(
        name,
        rows,
        bytes,
        crc32c,
        hex(checksums.footer()),
        checksums.chunks().stream()
            .map(group -> Arrays.stream(group).mapToObj(CheckpointFile::hex))
            .map(group -> group.collect(Collectors.joining()))
            .toList());
  }

  private static String hex(int checksum) {
    return "%08x".formatted(checksum);
  }

  /** The checksums of its parts, for comparison while reading. */
  public PartChecksums checksums() {
    return new PartChecksums(
        Integer.parseUnsignedInt(footer, 16),
        chunks.stream().map(CheckpointFile::checksums).toList());
  }

  private static int[] checksums(String group) {
    int[] checksums = new int[(group.length() + DIGITS - 1) / DIGITS];
    for (int i = 0; i < checksums.length; i++) {
      int end = Math.min((i + 1) * DIGITS, group.length());
      checksums[i] = Integer.parseUnsignedInt(group, i * DIGITS, end, 16);
    }

    return checksums;
  }
}
