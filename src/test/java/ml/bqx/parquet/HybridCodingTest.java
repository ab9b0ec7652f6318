package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our run-length coding against parquet-java's, both ways. */
class HybridCodingTest {
  private static final int SLAB_BYTES = 64;
  private static final int MAX_SLAB_BYTES = 1 << 20;

  @Property(tries = 300)
  void readsWhatParquetJavaWrites(
      @ForAll @IntRange(max = 32) int bitWidth,
      @ForAll @IntRange(max = 2_000) int count,
      @ForAll Random random)
      throws IOException {
    int[] values = values(bitWidth, count, random);

    assertThat(decode(encodeByParquetJava(values, bitWidth), bitWidth, count)).isEqualTo(values);
  }

  @Property(tries = 300)
  void parquetJavaReadsWhatWeWrite(
      @ForAll @IntRange(min = 1, max = 32) int bitWidth,
      @ForAll @IntRange(max = 2_000) int count,
      @ForAll Random random)
      throws IOException {
    int[] values = values(bitWidth, count, random);
    PageBuffer page = new PageBuffer();
    HybridEncoder.encode(values, 0, count, bitWidth, page);
    byte[] bytes = Arrays.copyOf(page.array(), page.size());

    RunLengthBitPackingHybridDecoder decoder =
        new RunLengthBitPackingHybridDecoder(bitWidth, new ByteArrayInputStream(bytes));
    for (int value : values) {
      assertThat(decoder.readInt()).isEqualTo(value);
    }

    assertThat(decode(bytes, bitWidth, count)).isEqualTo(values);
  }

  @Property(tries = 300)
  void masksSurvive(@ForAll @IntRange(max = 2_000) int count, @ForAll Random random)
      throws IOException {
    int[] bits = values(1, count, random);
    boolean[] mask = new boolean[count];
    for (int i = 0; i < count; i++) {
      mask[i] = bits[i] == 1;
    }

    int from = random.nextInt(count + 1);
    PageBuffer page = new PageBuffer();
    int set = HybridEncoder.encode(RowBits.of(mask), from, count, page);
    byte[] bytes = Arrays.copyOf(page.array(), page.size());

    int rows = count - from;
    boolean[] read = new boolean[rows + 3];
    HybridDecoder decoder = new HybridDecoder(new PageBytes(bytes, 0, bytes.length), 1);
    decoder.require(rows);
    assertThat(decoder.read(read, 3, rows)).isEqualTo(set);
    assertThat(Arrays.copyOfRange(read, 3, rows + 3))
        .isEqualTo(Arrays.copyOfRange(mask, from, count));
    RowBits appended = new RowBits();
    appended.append(true, 3);
    HybridDecoder again = new HybridDecoder(new PageBytes(bytes, 0, bytes.length), 1);
    assertThat(again.read(appended, rows)).isEqualTo(set);
    assertThat(appended.size()).isEqualTo(rows + 3);
    for (int row = 0; row < rows; row++) {
      assertThat(appended.bits(3 + row, 1)).isEqualTo(bits[from + row]);
    }

    assertThat(decode(bytes, 1, rows)).isEqualTo(Arrays.copyOfRange(bits, from, count));
    assertThat(set).isEqualTo(Arrays.stream(bits, from, count).sum());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 16_384, 20_000, 5_000_000})
  void levelsOfEqualRowsTakeAFewBytes(int rows) throws IOException {
    for (boolean[] mask : new boolean[][] {null, new boolean[rows]}) {
      PageBuffer page = new PageBuffer();
      int set = HybridEncoder.encode(RowBits.ofNullable(mask), 0, rows, page);

      assertThat(set).isEqualTo(mask == null ? rows : 0);
      assertThat(page.size()).isLessThanOrEqualTo(5);
      boolean[] read = new boolean[rows];
      PageBytes bytes = new PageBytes(page.array(), 0, page.size());
      assertThat(new HybridDecoder(bytes, 1).read(read, 0, rows)).isEqualTo(set);
    }
  }

  @Test
  void runsThatEndEarlyAreRefused() throws IOException {
    int[] values = values(5, 100, new Random(1));
    byte[] bytes = encodeByParquetJava(values, 5);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);

      assertThatThrownBy(() -> decode(cut, 5, 100)).isInstanceOf(IOException.class);
    }

    assertThatThrownBy(() -> decode(bytes, 5, 1_000_000_000))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("runs of 10\\d values where there should be 1000000000");
  }

  @Test
  void bytesBehindTheRunsAreNotTakenForValues() {
    // Sixteen bits announced, eight there; what follows belongs to something else.
    byte[] bytes = {0b101, 0x55, 0x55, 0x55};
    HybridDecoder decoder = decoder(bytes, 2, 1);

    assertThatThrownBy(() -> decoder.read(new boolean[16], 0, 16))
        .isInstanceOf(IOException.class)
        .hasMessage("16 values of 1 bits in 1 bytes");
  }

  @Test
  void levelsAboveOneAreRefused() {
    HybridDecoder decoder = decoder(new byte[] {16, 3}, 2, 1);

    assertThatThrownBy(() -> decoder.read(new boolean[8], 0, 8))
        .isInstanceOf(IOException.class)
        .hasMessage("level or boolean of 3");
  }

  @Test
  void numbersThatAreTooLongAreRefused() {
    byte[] bytes = new byte[20];
    Arrays.fill(bytes, (byte) 0xff);

    assertThatThrownBy(() -> decode(bytes, 1, 8))
        .isInstanceOf(IOException.class)
        .hasMessage("a number has more than 64 bits");
    assertThatThrownBy(() -> decode(new byte[] {-1, -1, -1, -1, 0x1f, 0}, 1, 8))
        .isInstanceOf(IOException.class)
        .hasMessage("a number of 32 bits is 8589934591");
    assertThatThrownBy(() -> new HybridDecoder(new PageBytes(bytes, 0, 20), 33))
        .isInstanceOf(IOException.class)
        .hasMessage("values of 33 bits");
  }

  @Test
  void runsWithoutValuesArePassedOver() throws IOException {
    assertThat(decode(new byte[] {0, 7, 1, 16, 9}, 4, 8)).containsOnly(9);
  }

  private static HybridDecoder decoder(byte[] bytes, int end, int bitWidth) {
    try {
      return new HybridDecoder(new PageBytes(bytes, 0, end), bitWidth);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Random values, repeated now and then. */
  private static int[] values(int bitWidth, int count, Random random) {
    int[] values = new int[count];
    int value = 0;
    int left = 0;
    int longest = 1 + random.nextInt(100);
    for (int i = 0; i < count; i++) {
      if (left-- <= 0) {
        value = bitWidth == 0 ? 0 : random.nextInt() >>> (32 - bitWidth);
        left = random.nextInt(3) == 0 ? random.nextInt(longest) : 0;
      }

      values[i] = value;
    }

    return values;
  }

  private static byte[] encodeByParquetJava(int[] values, int bitWidth) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(
            bitWidth, SLAB_BYTES, MAX_SLAB_BYTES, HeapByteBufferAllocator.getInstance())) {
      for (int value : values) {
        encoder.writeInt(value);
      }

      return encoder.toBytes().toInputStream().readAllBytes();
    }
  }

  private static int[] decode(byte[] bytes, int bitWidth, int count) throws IOException {
    // Among other bytes, which must not be taken for values.
    byte[] page = new byte[bytes.length + 9];
    Arrays.fill(page, (byte) 0xa5);
    System.arraycopy(bytes, 0, page, 2, bytes.length);
    PageBytes within = new PageBytes(page, 2, 2 + bytes.length);
    HybridDecoder decoder = new HybridDecoder(within, bitWidth);
    decoder.require(count);
    int[] values = new int[count + 1];
    decoder.read(values, 1, count);
    return Arrays.copyOfRange(values, 1, count + 1);
  }
}
