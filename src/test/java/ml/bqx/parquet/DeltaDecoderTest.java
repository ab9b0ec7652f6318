package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.junit.jupiter.api.Test;

/** Our reading of deltas against parquet-java's writing. */
class DeltaDecoderTest {
  private static final int SLAB_BYTES = 64;
  private static final int MAX_SLAB_BYTES = 1 << 20;

  @Property(tries = 300)
  void longsOfAnyWidthSurvive(
      @ForAll @IntRange(max = 64) int width,
      @ForAll @IntRange(max = 700) int count,
      @ForAll Random random)
      throws IOException {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = width == 0 ? i * 60L : random.nextLong() >> (64 - width);
    }

    assertThat(decode(encode(values), count)).isEqualTo(values);
  }

  @Property(tries = 100)
  void intsOfAnyWidthSurvive(
      @ForAll @IntRange(min = 1, max = 32) int width,
      @ForAll @IntRange(max = 700) int count,
      @ForAll Random random)
      throws IOException {
    int[] values = new int[count];
    Arrays.setAll(values, i -> random.nextInt() >> (32 - width));
    DeltaBinaryPackingValuesWriterForInteger writer =
        new DeltaBinaryPackingValuesWriterForInteger(
            SLAB_BYTES, MAX_SLAB_BYTES, HeapByteBufferAllocator.getInstance());
    for (int value : values) {
      writer.writeInteger(value);
    }

    long[] decoded = decode(writer.getBytes().toInputStream().readAllBytes(), count);

    // Differences wrap around at 32 bits, so only those count.
    assertThat(Arrays.stream(decoded).mapToInt(value -> (int) value).toArray()).isEqualTo(values);
  }

  @Test
  void blocksThatEndEarlyAreRefused() throws IOException {
    long[] values = new Random(1).longs(200).toArray();
    byte[] bytes = encode(values);
    // The last mini-block's padding may be missing.
    int needed = bytes.length - 32 * Long.BYTES;
    for (int length = 0; length < needed; length += 3) {
      byte[] cut = Arrays.copyOf(bytes, length);

      assertThatThrownBy(() -> decode(cut, 200)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void blocksThatDoNotAddUpAreRefused() throws IOException {
    byte[] bytes = encode(new long[] {1, 2, 3});

    assertThatThrownBy(() -> decode(bytes, 4))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "deltas of 3 values in blocks of 128 in 4 parts where there should be 4 values");
    for (byte[] lie :
        new byte[][] {
          {0, 4, 3, 2}, {127, 4, 3, 2}, {127, 0, 3, 2}, {12, 4, 3, 2}, {8, 1, 3, 2, 2, 65, 0}
        }) {
      assertThatThrownBy(() -> decode(lie, 3)).isInstanceOf(IOException.class);
    }
  }

  private static byte[] encode(long[] values) throws IOException {
    DeltaBinaryPackingValuesWriterForLong writer =
        new DeltaBinaryPackingValuesWriterForLong(
            SLAB_BYTES, MAX_SLAB_BYTES, HeapByteBufferAllocator.getInstance());
    for (long value : values) {
      writer.writeLong(value);
    }

    return writer.getBytes().toInputStream().readAllBytes();
  }

  private static long[] decode(byte[] bytes, int count) throws IOException {
    long[] values = new long[count + 2];
    DeltaDecoder.read(new PageBytes(bytes, 0, bytes.length), values, 2, count);
    return Arrays.copyOfRange(values, 2, count + 2);
  }
}
