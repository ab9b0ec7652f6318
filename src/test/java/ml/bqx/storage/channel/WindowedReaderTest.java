package ml.bqx.storage.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ml.bqx.parquet.ParquetInput;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Files of a bucket, where every read is a request. */
class WindowedReaderTest {
  /** A read as the bucket sees it. */
  private record Request(long from, int bytes) {}

  private final List<Request> requests = new ArrayList<>();

  @Test
  void aFileThatIsReadToItsEndTakesFewRequestsAndNoByteTwice() throws Exception {
    byte[] content = content(1_000_000);
    try (ParquetInput input = open(content, 1 << 18)) {
      for (int at = 0; at < content.length; at += 1_000) {
        assertIsRead(content, input, at, 1_000);
      }
    }

    assertThat(requests).hasSizeLessThan(15);
    assertThat(bytesRequested()).isEqualTo(content.length);
    assertThat(requests).allMatch(request -> request.bytes() <= 1 << 18);
  }

  /** Columns of ten row groups, one by one: ten places are read on in turn. */
  @Test
  void placesThatAreReadOnInTurnTakeFewRequestsAndNoByteTwice() throws Exception {
    int group = 100_000;
    byte[] content = content(10 * group);
    try (ParquetInput input = open(content, 1 << 18)) {
      for (int column = 0; column < group; column += 500) {
        for (int start = 0; start < content.length; start += group) {
          assertIsRead(content, input, start + column, 500);
        }
      }
    }

    // Of 2,000 reads.
    assertThat(requests).hasSizeLessThan(120);
    assertThat(bytesRequested()).isEqualTo(content.length);
  }

  @Test
  void readsThatDoNotFollowEachOtherAskForNoMoreThanTheyNeed() throws Exception {
    byte[] content = content(1_000_000);
    try (ParquetInput input = open(content, 1 << 18)) {
      for (int at = 990_000; at >= 0; at -= 10_000) {
        assertIsRead(content, input, at, 100);
      }
    }

    assertThat(bytesRequested()).isEqualTo(100 * 100);
  }

  @Test
  void aReadLargerThanTheBudgetIsMadeAsItIs() throws Exception {
    byte[] content = content(10_000);
    try (ParquetInput input = open(content, 1_000)) {
      assertIsRead(content, input, 0, 10_000);
    }

    assertThat(requests).containsExactly(new Request(0, 10_000));
  }

  @Test
  void aFileThatIsReadWholeIsReadInPiecesOfTheBudget() throws Exception {
    byte[] content = content(1_000);
    try (ParquetInput input =
        new ParquetInput("file", WindowedReader.ofWhole(new Bucket(content), 400))) {
      assertIsRead(content, input, 900, 100);
      for (int at = 0; at < 900; at += 50) {
        assertIsRead(content, input, at, 50);
      }
    }

    assertThat(requests)
        .containsExactly(
            new Request(900, 100),
            new Request(0, 400),
            new Request(400, 400),
            new Request(800, 100));
  }

  @Property(tries = 200)
  void whateverIsReadIsTheFile(
      @ForAll @IntRange(min = 1, max = 3_000) int size,
      @ForAll @IntRange(min = 0, max = 2_000) int budget,
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 2_999) Integer> places)
      throws Exception {
    byte[] content = content(size);
    Random random = new Random(size);
    try (ParquetInput input = open(content, budget)) {
      for (int place : places) {
        int from = place % size;
        assertIsRead(content, input, from, random.nextInt(size - from + 1));
      }
    }
  }

  private ParquetInput open(byte[] content, int budget) throws IOException {
    return new ParquetInput("file", WindowedReader.of(new Bucket(content), budget));
  }

  private static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(3).nextBytes(content);
    return content;
  }

  private static void assertIsRead(byte[] content, ParquetInput input, int from, int count)
      throws IOException {
    byte[] read = new byte[count];
    input.read(from, read, count);
    assertThat(Arrays.equals(read, 0, count, content, from, from + count)).isTrue();
  }

  private long bytesRequested() {
    return requests.stream().mapToLong(Request::bytes).sum();
  }

  private final class Bucket extends PositionedReader {
    private final byte[] content;

    Bucket(byte[] content) {
      super(content.length);
      this.content = content;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int count = (int) Math.min(into.remaining(), size() - position());
      if (count <= 0) {
        return -1;
      }

      requests.add(new Request(position(), count));
      into.put(content, (int) position(), count);
      advance(count);
      return count;
    }
  }
}
