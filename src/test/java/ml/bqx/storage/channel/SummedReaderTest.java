package ml.bqx.storage.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SummedReaderTest {
  private int requested;

  @Property(tries = 300)
  void anyReadsInAnyOrderSumUpToTheWhole(
      @ForAll @IntRange(max = 5_000) int bytes,
      @ForAll @Size(max = 20) List<@IntRange(max = 6_000) Integer> positions,
      @ForAll @IntRange(min = 1, max = 2_000) int length)
      throws IOException {
    byte[] content = content(bytes);
    try (SummedReader reader = open(content)) {
      for (int position : positions) {
        ByteBuffer read = ByteBuffer.allocate(length + 7).position(7);
        reader.position(position);
        int count = reader.read(read);

        assertThat(count).isEqualTo(position < bytes ? Math.min(length, bytes - position) : -1);
        assertThat(read.flip().slice(7, Math.max(0, count)))
            .isEqualTo(
                ByteBuffer.wrap(content).slice(Math.min(position, bytes), Math.max(0, count)));
      }

      assertThat(reader.checksum()).isEqualTo(Checksum.hex(content)).isEqualTo(reader.checksum());
    }
  }

  @Test
  void whatWasReadIsNotReadAgain() throws IOException {
    byte[] content = content(3_000_000);
    try (SummedReader reader = open(content)) {
      reader.position(2_000_000);
      assertThat(reader.read(ByteBuffer.allocate(900_000))).isEqualTo(900_000);
      reader.position(100);
      assertThat(reader.read(ByteBuffer.allocate(1_000_000))).isEqualTo(1_000_000);

      assertThat(reader.checksum()).isEqualTo(Checksum.hex(content));
    }

    assertThat(requested).isEqualTo(content.length);
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private SummedReader open(byte[] content) throws IOException {
    return new SummedReader(
        new PositionedReader(content.length) {
          @Override
          public int read(ByteBuffer into) {
            int count = Math.min(into.remaining(), content.length - (int) position());
            if (count <= 0) {
              return -1;
            }

            into.put(content, (int) position(), count);
            advance(count);
            requested += count;
            return count;
          }
        });
  }
}
