package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes <a
 * href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">DELTA_BINARY_PACKED</a>:
 * blocks of differences, each less the block's smallest, bit-packed in mini-blocks of their own
 * width.
 */
final class DeltaDecoder {
  /** Mini-blocks hold a multiple of this many values, so that they begin on a byte. */
  private static final int MINI_BLOCK_MULTIPLE = 8;

  private DeltaDecoder() {}

  /**
   * Decodes {@code count} values into {@code target[from ..]} and stops behind the last block; sums
   * wrap around, so the low 32 bits are right for INT32.
   */
  static void read(PageBytes bytes, long[] target, int from, int count) throws IOException {
    int blockSize = bytes.varint();
    int miniBlocks = bytes.varint();
    int total = bytes.varint();
    if (blockSize <= 0
        || miniBlocks <= 0
        || blockSize % miniBlocks != 0
        || blockSize / miniBlocks % MINI_BLOCK_MULTIPLE != 0
        || total != count) {
      throw new IOException(
          "deltas of %d values in blocks of %d in %d parts where there should be %d values"
              .formatted(total, blockSize, miniBlocks, count));
    }

    long value = bytes.zigzag();
    if (count > 0) {
      target[from] = value;
    }

    int miniBlock = blockSize / miniBlocks;
    int done = 1;
    while (done < count) {
      long smallest = bytes.zigzag();
      int widths = bytes.take(miniBlocks);
      for (int i = 0; i < miniBlocks && done < count; i++) {
        int n = Math.min(miniBlock, count - done);
        int width = bytes.array()[widths + i];
        if (width != 0) {
          unpack(bytes, width, miniBlock, target, from + done, n);
        } else {
          Arrays.fill(target, from + done, from + done + n, 0);
        }

        for (int end = done + n; done < end; done++) {
          value += smallest + target[from + done];
          target[from + done] = value;
        }
      }
    }
  }

  private static void unpack(
      PageBytes bytes, int width, int size, long[] target, int from, int count) throws IOException {
    long needed = ((long) count * width + Byte.SIZE - 1) / Byte.SIZE;
    if (width < 0 || width > Long.SIZE || needed > bytes.remaining()) {
      throw new IOException(
          "%d deltas of %d bits in %d bytes".formatted(count, width, bytes.remaining()));
    }

    // Some writers cut the padding of the last mini-block.
    int start = bytes.take(Math.min(bytes.remaining(), (long) size * width / Byte.SIZE));
    long mask = width == Long.SIZE ? -1 : (1L << width) - 1;
    for (int i = 0; i < count; i++) {
      long bit = (long) i * width;
      int first = start + (int) (bit >>> 3);
      int shift = (int) bit & 7;
      long word = bytes.word(first) >>> shift;
      if (shift + width > Long.SIZE) {
        word |= (long) bytes.array()[first + Long.BYTES] << (Long.SIZE - shift);
      }

      target[from + i] = word & mask;
    }
  }
}
