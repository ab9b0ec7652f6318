package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.junit.jupiter.api.Test;

/** Chunks are written in the encoding that makes them smallest. */
class EncodingChoiceTest {
  private static final int ROWS = 16_384;

  private final Random random = new Random(1);

  @Test
  void noiseOnALevelIsSplit() throws IOException {
    assertThat(encoding(doubles(() -> 1.1 + random.nextDouble() * 1e-3)))
        .isEqualTo(Encoding.BYTE_STREAM_SPLIT);
  }

  @Test
  void pricesThatRepeatFarApartGetADictionary() throws IOException {
    double[] price = {110_000};
    Longs walk = doubles(() -> (price[0] += random.nextInt(21) - 10) / 1e5);

    assertThat(encoding(walk)).isEqualTo(Encoding.RLE_DICTIONARY);
  }

  @Test
  void bitsWithoutAnyPatternStayPlain() throws IOException {
    assertThat(encoding(doubles(() -> Double.longBitsToDouble(random.nextLong()))))
        .isEqualTo(Encoding.PLAIN);
  }

  @Test
  void aDictionaryThatWouldBeLargerThanTheSplitChunkIsNotTaken() throws IOException {
    // Every value is there twice: the usual choice is a dictionary of half as many.
    double[] half = random.doubles(ROWS / 2, 1, 1 + 1e-7).toArray();
    int[] next = {0};
    Longs values = doubles(() -> half[next[0]++ / 2]);

    assertThat(new DictionaryEncoder().encode(values, ROWS)).isNotNull();
    assertThat(encoding(values)).isEqualTo(smallest(values));
  }

  @Test
  void floatsAreSplitToo() throws IOException {
    int[] bits = new int[ROWS];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(1.1f + random.nextFloat() * 1e-2f));
    ColumnSchema column = ColumnSchema.float32("feature");

    byte[] file = TestTable.of(column, new Ints(bits, null)).write(ChunkEncoder.smallest());

    assertThat(chunk(file).getEncodings()).contains(Encoding.BYTE_STREAM_SPLIT);
    assertThat(((Ints) TestTable.read(file, 0)).values()).isEqualTo(bits);
  }

  @Test
  void integersAreNeverSplitBecauseFewReadersTakeThat() throws IOException {
    long[] values = new long[ROWS];
    Arrays.setAll(values, i -> random.nextInt(1 << 20));

    byte[] file =
        TestTable.of(ColumnSchema.int64("feature"), new Longs(values, null))
            .write(ChunkEncoder.smallest());

    assertThat(chunk(file).getEncodings()).doesNotContain(Encoding.BYTE_STREAM_SPLIT);
  }

  private static Encoding smallest(Longs values) throws IOException {
    Encoding best = Encoding.PLAIN;
    long bytes = Long.MAX_VALUE;
    DictionaryEncoder.Dictionary dictionary = new DictionaryEncoder().encode(values, ROWS);
    for (Encoding encoding : List.of(Encoding.PLAIN, Encoding.BYTE_STREAM_SPLIT)) {
      ValueEncoder encoder =
          encoding == Encoding.PLAIN
              ? ValueEncoder.plain(ColumnSchema.float64("feature"), values)
              : ValueEncoder.byteStreams(values);
      if (bytes(encoder, ROWS) < bytes) {
        bytes = bytes(encoder, ROWS);
        best = encoding;
      }
    }

    if (dictionary == null) {
      return best;
    }

    long split =
        bytes(
                ValueEncoder.plain(ColumnSchema.float64("feature"), dictionary.entries()),
                dictionary.size())
            + bytes(ValueEncoder.indices(dictionary), ROWS);
    return split < bytes ? Encoding.RLE_DICTIONARY : best;
  }

  private static long bytes(ValueEncoder encoder, int count) throws IOException {
    PageBuffer page = new PageBuffer();
    encoder.append(0, count, page);
    byte[] target = new byte[Codec.maxCompressedLength(CompressionCodec.ZSTD, page.size())];
    return Codec.compress(CompressionCodec.ZSTD, page.array(), page.size(), target);
  }

  private static Longs doubles(DoubleSupplier next) {
    long[] bits = new long[ROWS];
    Arrays.setAll(bits, i -> Double.doubleToRawLongBits(next.getAsDouble()));
    return new Longs(bits, null);
  }

  /** The encoding of the values, which are had back from the file as they were. */
  private static Encoding encoding(Longs values) throws IOException {
    byte[] file =
        TestTable.of(ColumnSchema.float64("feature"), values).write(ChunkEncoder.smallest());
    assertThat(((Longs) TestTable.read(file, 0)).values()).isEqualTo(values.values());
    assertThat(chunk(file).getCodec()).isEqualTo(CompressionCodec.ZSTD);
    List<Encoding> encodings = chunk(file).getEncodings();
    return encodings.contains(Encoding.RLE_DICTIONARY) ? Encoding.RLE_DICTIONARY : encodings.get(0);
  }

  private static ColumnMetaData chunk(byte[] file) throws IOException {
    return TestTable.open(file).footer().chunk(0, 0).metadata();
  }
}
