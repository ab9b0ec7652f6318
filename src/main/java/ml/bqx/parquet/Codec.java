package ml.bqx.parquet;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/**
 * Page compression, by the <a
 * href="https://parquet.apache.org/docs/file-format/data-pages/compression/">codecs of the
 * format</a>. Reads UNCOMPRESSED, SNAPPY, GZIP, ZSTD and LZ4_RAW; writes the first two and ZSTD.
 */
final class Codec {
  /** Zstandard's own default: the best ratio that still writes faster than a disk. */
  private static final int ZSTD_LEVEL = 3;

  private Codec() {}

  /**
   * Decompresses one page.
   *
   * @param size bytes the page has when decompressed
   * @throws IOException when the bytes are not a page of that codec and size
   */
  static byte[] decompress(CompressionCodec codec, byte[] source, int offset, int length, int size)
      throws IOException {
    byte[] page = new byte[size];
    int actual =
        switch (codec) {
          case SNAPPY -> unsnappy(source, offset, length, page);
          case ZSTD -> (int) Zstd.decompressByteArray(page, 0, size, source, offset, length);
          case GZIP ->
              new GZIPInputStream(new ByteArrayInputStream(source, offset, length))
                  .readNBytes(page, 0, size);
          case LZ4_RAW -> new Lz4Decompressor().decompress(source, offset, length, page, 0, size);
          default ->
              throw new IOException(
                  "codec %s is not supported (UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW are)"
                      .formatted(codec));
        };
    if (actual != size) {
      throw new IOException("page has %d bytes, its header says %d".formatted(actual, size));
    }

    return page;
  }

  private static int unsnappy(byte[] source, int offset, int length, byte[] page)
      throws IOException {
    // Snappy trusts the length inside the data, so it has to be held against the page first.
    int size = Snappy.uncompressedLength(source, offset, length);
    return size == page.length ? Snappy.uncompress(source, offset, length, page, 0) : size;
  }

  /** Bytes that a compressed page of {@code size} bytes takes at most. */
  static int maxCompressedLength(CompressionCodec codec, int size) {
    return switch (codec) {
      case UNCOMPRESSED -> size;
      case SNAPPY -> Snappy.maxCompressedLength(size);
      case ZSTD -> Math.toIntExact(Zstd.compressBound(size));
      default -> throw new IllegalArgumentException("Cannot write codec " + codec);
    };
  }

  /** Compresses {@code source[0 .. length)} to {@code target[at ..]} and returns the bytes used. */
  static int compress(CompressionCodec codec, byte[] source, int length, byte[] target, int at)
      throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> {
        System.arraycopy(source, 0, target, at, length);
        yield length;
      }
      case SNAPPY -> Snappy.compress(source, 0, length, target, at);
      case ZSTD ->
          (int)
              Zstd.compressByteArray(target, at, target.length - at, source, 0, length, ZSTD_LEVEL);
      default -> throw new IllegalArgumentException("Cannot write codec " + codec);
    };
  }
}
