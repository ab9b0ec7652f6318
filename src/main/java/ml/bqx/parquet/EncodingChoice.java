package ml.bqx.parquet;

import java.io.IOException;
import java.util.stream.IntStream;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.DictionaryEncoder.Dictionary;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Chooses the encoding of a column chunk that is the smallest once it is compressed: PLAIN, a
 * dictionary, or, for floating-point numbers, BYTE_STREAM_SPLIT.
 *
 * <p>A sample of the values is encoded and compressed in each way, and its size taken for its share
 * of the chunk. How far apart equal values are, which a sample does not show, decides about the
 * dictionary: its size is known, because the distinct values have been searched for, so only how
 * far it and the indices shrink is estimated.
 */
final class EncodingChoice {
  /** Runs of neighbours, because encodings and compression make use of what neighbours share. */
  private static final int RUNS = 8;

  private static final int RUN_VALUES = 256;

  /** A split chunk is slower to read than a plain one: it has to be smaller by this part. */
  private static final double WORTH_SPLITTING = 0.97;

  private final CompressionCodec codec;
  private final PageBuffer page = new PageBuffer();
  private byte[] compressed = new byte[0];

  EncodingChoice(CompressionCodec codec) {
    this.codec = codec;
  }

  /**
   * The encoding of a chunk.
   *
   * @param values none of them null, {@code count} of them
   * @param dictionary of all of them; null when there are about as many distinct values as values
   */
  Encoding of(ColumnSchema column, ColumnVector values, int count, @Nullable Dictionary dictionary)
      throws IOException {
    if (count == 0 || values instanceof Booleans) {
      return Encoding.PLAIN;
    }

    int[] rows = rows(count);
    int sampled = rows.length;
    ColumnVector sample = RowGather.gather(values, rows, 0, sampled);
    Encoding smallest = Encoding.PLAIN;
    double size = size(ValueEncoder.plain(column, sample), sampled, count);
    if (column.physical() == Type.DOUBLE || column.physical() == Type.FLOAT) {
      double split = size(ValueEncoder.byteStreams(sample), sampled, count);
      if (split < WORTH_SPLITTING * size) {
        smallest = Encoding.BYTE_STREAM_SPLIT;
        size = split;
      }
    }

    return dictionary != null && size(column, dictionary, rows, count) < size
        ? Encoding.RLE_DICTIONARY
        : smallest;
  }

  /** Places of the sample: all, or runs at even distances, the last of them at the end. */
  private static int[] rows(int count) {
    int sampled = RUNS * RUN_VALUES;
    return count <= sampled
        ? IntStream.range(0, count).toArray()
        : IntStream.range(0, sampled)
            .map(i -> i / RUN_VALUES * ((count - RUN_VALUES) / (RUNS - 1)) + i % RUN_VALUES)
            .toArray();
  }

  private double size(ColumnSchema column, Dictionary dictionary, int[] rows, int count)
      throws IOException {
    int entries = Math.min(dictionary.size(), RUNS * RUN_VALUES);
    int[] ids =
        ((Ints) RowGather.gather(new Ints(dictionary.ids(), null), rows, 0, rows.length)).values();
    Dictionary sample = new Dictionary(dictionary.entries(), dictionary.size(), ids);
    return size(ValueEncoder.plain(column, dictionary.entries()), entries, dictionary.size())
        + size(ValueEncoder.indices(sample), rows.length, count);
  }

  /** Bytes that {@code count} values take when those of the sample stand for them. */
  private double size(ValueEncoder sample, int sampled, int count) throws IOException {
    page.clear();
    sample.append(0, sampled, page);
    int longest = Codec.maxCompressedLength(codec, page.size());
    compressed = compressed.length < longest ? new byte[longest] : compressed;
    double bytes = Codec.compress(codec, page.array(), page.size(), compressed);
    return bytes / sampled * count;
  }
}
