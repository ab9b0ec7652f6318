package ml.bqx.parquet;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/**
 * Page compression, by the <a
 * href="https://parquet.apache.org/docs/file-format/data-pages/compression/">codecs of the
 * format</a>. Reads all but LZO; writes UNCOMPRESSED, SNAPPY and ZSTD.
 */
final class Codec {
  /** Zstandard's own default: the best ratio that still writes faster than a disk. */
  private static final int ZSTD_LEVEL = 3;

  /** What Zstandard, too, returns for a frame that does not state its size. */
  private static final long UNKNOWN = -1;

  private static final Lz4Decompressor LZ4 = new Lz4Decompressor();

  private Codec() {}

  /**
   * Makes sure, before room is made for it, that compressed bytes can hold a page of {@code size}
   * bytes: by what they say themselves, where the codec has it, and by how far it can shrink data.
   */
  static void checkSize(CompressionCodec codec, byte[] source, int offset, int length, int size)
      throws IOException {
    if (length == 0 && size == 0) {
      return;
    }

    boolean holds = size <= length * maxRatio(codec);
    if (holds) {
      long content =
          switch (codec) {
            case SNAPPY -> snappyLength(source, offset, length);
            case ZSTD -> Zstd.getFrameContentSize(source, offset, length);
            default -> UNKNOWN;
          };
      holds = content < 0 || content == size;
    }

    if (!holds) {
      throw new IOException(
          "%s page of %d bytes cannot have the %d bytes that its header says"
              .formatted(codec, length, size));
    }
  }

  private static long snappyLength(byte[] source, int offset, int length) throws IOException {
    try {
      return Snappy.uncompressedLength(source, offset, length);
    } catch (IOException e) {
      throw notOf(CompressionCodec.SNAPPY, length, e);
    }
  }

  /** Bytes that one compressed byte can stand for at most. */
  private static long maxRatio(CompressionCodec codec) throws IOException {
    return switch (codec) {
      // A copy of 64 bytes takes three.
      case SNAPPY -> 22;
      // A match of 258 bytes takes two bits.
      case GZIP -> 1032;
      // Every further byte of a match's length counts for 255.
      case LZ4, LZ4_RAW -> 255;
      // A block of 128 KiB of the same byte takes four.
      case ZSTD -> 1 << 15;
      // A block of 16 MiB of the same byte takes some ten.
      case BROTLI -> 1 << 21;
      default ->
          throw new IOException(
              "codec %s is not supported; write it with SNAPPY, ZSTD, GZIP, BROTLI, LZ4 or none"
                  .formatted(codec));
    };
  }

  /**
   * Decompresses one page into {@code target[0 .. size)}.
   *
   * @throws IOException when the bytes are not a page of that codec and size
   */
  static void decompress(
      CompressionCodec codec, byte[] source, int offset, int length, byte[] target, int size)
      throws IOException {
    if (length == 0 && size == 0) {
      // A version 2 page without values has no bytes at all.
      return;
    }

    int actual;
    try {
      actual =
          switch (codec) {
            case SNAPPY -> Snappy.uncompress(source, offset, length, target, 0);
            case ZSTD -> unzstd(source, offset, length, target, size);
            case GZIP -> drain(new GZIPInputStream(bytes(source, offset, length)), target, size);
            case BROTLI -> drain(Brotli.open(bytes(source, offset, length)), target, size);
            case LZ4 -> unlz4(source, offset, length, target, size);
            case LZ4_RAW -> LZ4.decompress(source, offset, length, target, 0, size);
            default -> throw new IllegalArgumentException("Cannot read codec " + codec);
          };
    } catch (IOException | RuntimeException e) {
      throw notOf(codec, length, e);
    }

    if (actual != size) {
      throw new IOException("page has %d bytes, its header says %d".formatted(actual, size));
    }
  }

  private static int unzstd(byte[] source, int offset, int length, byte[] target, int size)
      throws IOException {
    long actual = Zstd.decompressByteArray(target, 0, size, source, offset, length);
    if (Zstd.isError(actual)) {
      throw new IOException(Zstd.getErrorName(actual));
    }

    return (int) actual;
  }

  private static InputStream bytes(byte[] source, int offset, int length) {
    return new ByteArrayInputStream(source, offset, length);
  }

  private static int drain(InputStream page, byte[] target, int size) throws IOException {
    try (page) {
      int actual = page.readNBytes(target, 0, size);
      // Reading on to the end has the stream check its own checksum, where it has one.
      return page.read() < 0 ? actual : size + 1;
    }
  }

  /**
   * LZ4 as Hadoop frames it: blocks of the lengths before and after compression, four bytes each,
   * and the data. Old versions of Arrow wrote the data alone; its readers take both.
   */
  private static int unlz4(byte[] source, int offset, int length, byte[] target, int size) {
    ByteBuffer blocks = ByteBuffer.wrap(source, offset, length);
    int done = 0;
    while (blocks.remaining() >= 2 * Integer.BYTES) {
      int plain = blocks.getInt();
      int compressed = blocks.getInt();
      boolean framed =
          plain >= 0 && plain <= size - done && compressed >= 0 && compressed <= blocks.remaining();
      if (!framed || !isBlock(blocks, compressed, target, done, plain)) {
        break;
      }

      blocks.position(blocks.position() + compressed);
      done += plain;
    }

    return done == size && !blocks.hasRemaining()
        ? done
        : LZ4.decompress(source, offset, length, target, 0, size);
  }

  private static boolean isBlock(ByteBuffer from, int length, byte[] target, int at, int size) {
    try {
      return LZ4.decompress(from.array(), from.position(), length, target, at, size) == size;
    } catch (MalformedInputException e) {
      return false;
    }
  }

  /** The messages that libraries have for broken bytes explain nothing to users. */
  private static IOException notOf(CompressionCodec codec, int length, Exception cause) {
    return new IOException("its %d bytes are not a %s page".formatted(length, codec), cause);
  }

  /** Bytes that a compressed page of {@code size} bytes takes at most. */
  static int maxCompressedLength(CompressionCodec codec, int size) {
    return switch (codec) {
      case SNAPPY -> Snappy.maxCompressedLength(size);
      case ZSTD -> Math.toIntExact(Zstd.compressBound(size));
      default -> throw new IllegalArgumentException("Cannot write codec " + codec);
    };
  }

  /** Compresses {@code source[0 .. length)} to the beginning of target; returns the bytes used. */
  static int compress(CompressionCodec codec, byte[] source, int length, byte[] target)
      throws IOException {
    return switch (codec) {
      case SNAPPY -> Snappy.compress(source, 0, length, target, 0);
      case ZSTD ->
          (int) Zstd.compressByteArray(target, 0, target.length, source, 0, length, ZSTD_LEVEL);
      default -> throw new IllegalArgumentException("Cannot write codec " + codec);
    };
  }

  /**
   * Apart, so that the decoder is loaded when it is needed: its class file is too old for an
   * archive of classes, and the JVM would read it from the jar to verify its caller.
   */
  private static final class Brotli {
    private Brotli() {}

    private static InputStream open(InputStream compressed) throws IOException {
      return new BrotliInputStream(compressed);
    }
  }
}
