package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.hadoop.util.CrcUtil;

/**
 * CRC32C of the parts of a file, for a record of it that is kept elsewhere: a reader of a part can
 * check that it still is what was written. Page checksums cover neither footer nor page headers.
 *
 * @param footer of all bytes behind the file's data: footer, its length, magic
 * @param chunks for each row group, of every column's chunk in the order of the columns
 */
public record PartChecksums(int footer, List<int[]> chunks) {
  /** Sums the parts of a file by reading them. */
  public static PartChecksums of(ParquetFile file) throws IOException {
    ParquetFooter footer = file.footer();
    List<int[]> chunks = new ArrayList<>();
    for (int group = 0; group < footer.rowGroups(); group++) {
      int[] checksums = new int[footer.columns().size()];
      for (int column = 0; column < checksums.length; column++) {
        ChunkReference chunk = footer.chunk(group, column);
        checksums[column] = sum(file.input(), chunk.start(), chunk.length());
      }

      chunks.add(checksums);
    }

    int tail = Math.toIntExact(footer.fileBytes() - footer.bodyEnd());
    return new PartChecksums(sum(file.input(), footer.bodyEnd(), tail), chunks);
  }

  private static int sum(ParquetInput input, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    input.read(position, bytes, length);
    return sum(bytes, 0, length);
  }

  /**
   * The checksum of two runs of bytes, one behind the other, out of the checksums of both.
   *
   * @param bytes how many bytes the second run has
   */
  public static int append(int first, int second, long bytes) {
    return CrcUtil.compose(first, second, bytes, CrcUtil.CASTAGNOLI_POLYNOMIAL);
  }

  static int sum(byte[] bytes, int offset, int length) {
    return sum(ByteBuffer.wrap(bytes, offset, length));
  }

  /** The checksum of what remains in a buffer. */
  static int sum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
