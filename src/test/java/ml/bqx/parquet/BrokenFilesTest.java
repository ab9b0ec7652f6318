package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files, and things that are no Parquet file at all. */
class BrokenFilesTest {
  @Test
  void aFileCutAnywhereIsRefused() throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.SNAPPY);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);

      assertThatThrownBy(() -> TestTable.open(cut))
          .isInstanceOf(InvalidParquetException.class)
          .hasMessageStartingWith("Cannot read memory.parquet: ");
    }
  }

  /** What it may not do is give other values, or fail with an error that says nothing. */
  @ParameterizedTest
  @CsvSource({"SNAPPY, 1", "UNCOMPRESSED, 7", "ZSTD, 7"})
  void aFlippedBitIsFoundOrHarmless(CompressionCodec codec, int step) throws IOException {
    byte[] file = SmallFile.write(codec);
    List<List<Object>> values = TestTable.readAll(file);
    int found = 0;
    for (int bit = 0; bit < file.length * Byte.SIZE; bit += step) {
      byte[] flipped = file.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      try {
        assertThat(TestTable.readAll(flipped))
            .as("bit %d of byte %d", bit % Byte.SIZE, bit / Byte.SIZE)
            .isEqualTo(values);
      } catch (InvalidParquetException e) {
        assertThat(e).hasMessageStartingWith("Cannot read memory.parquet: ");
        assertThat(e.getMessage())
            .doesNotContain("null", "java.", "Exception", "hrift", "Protocol");
        found++;
      }
    }

    assertThat(found).isGreaterThan(file.length * Byte.SIZE / step / 3);
  }

  /** Copying does not decode, so only the checksums stand between damage and the result. */
  @Test
  void damagedPagesAreNotCopied() throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.SNAPPY);
    ParquetFooter footer = TestTable.open(file).footer();
    for (int column = 0; column < footer.columns().size(); column++) {
      ChunkReference chunk = footer.chunk(1, column);
      byte[] damaged = file.clone();
      damaged[(int) chunk.start() + chunk.length() - 1] ^= 1;
      ParquetFile opened = TestTable.open(damaged);

      assertThatThrownBy(() -> opened.reader().raw(List.of(chunk)))
          .isInstanceOf(InvalidParquetException.class)
          .hasMessageMatching(
              "Cannot read memory.parquet: column %s in row group 1: page checksum is [0-9a-f]{8}, its header says [0-9a-f]{8} \\(the file is damaged\\)"
                  .formatted(footer.columns().get(column).name()));
    }
  }

  @Test
  void aFileThatBecameShorterIsRefused() throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.SNAPPY);
    ParquetFooter footer = TestTable.open(file).footer();
    ChunkReference last = footer.chunk(1, 6);
    byte[] cut = Arrays.copyOf(file, (int) last.start() + 3);
    ChunkReader reader = new ChunkReader(new ParquetInput("cut", new MemoryChannel(cut)));

    assertThatThrownBy(() -> reader.raw(List.of(last)))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot read memory.parquet: column amount in row group 1: it ends at byte %d of %d (was the file changed while being read?)"
                .formatted(last.start() + last.length(), cut.length));
  }

  @Test
  void aFileThatBecomesShorterWhileItIsReadIsRefused() throws IOException {
    MemoryChannel channel = new MemoryChannel(new byte[100]);
    ParquetInput input = new ParquetInput("shrinking", channel);
    channel.truncate(40);

    assertThatThrownBy(() -> input.read(10, new byte[50], 50))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot read shrinking: it ends 20 bytes before it should (was it changed while being read?)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PAR1", "PAR1PAR1", "PAR1\0\0\0PAR1"})
  void tooShort(String content) {
    assertRefused(content.getBytes(US_ASCII), "it has only %d bytes".formatted(content.length()));
  }

  @Test
  void otherThings() throws IOException {
    assertRefused(
        "{\"this\": \"is JSON\"}".getBytes(US_ASCII),
        "it does not end in PAR1 (truncated, or not a Parquet file at all)");
    byte[] encrypted = SmallFile.write(CompressionCodec.SNAPPY);
    encrypted[encrypted.length - 1] = 'E';
    assertRefused(encrypted, "it is encrypted; write it without encryption");
  }

  @Test
  void anInputIsClosedWhenItsFooterIsNotRight() throws IOException {
    MemoryChannel channel = new MemoryChannel(new byte[100]);

    assertThatThrownBy(() -> ParquetFile.of(new ParquetInput("x", channel), Optional.empty()))
        .isInstanceOf(InvalidParquetException.class);
    assertThat(channel.isOpen()).isFalse();
  }

  private static void assertRefused(byte[] file, String why) {
    assertThatThrownBy(() -> TestTable.open(file))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageStartingWith("Cannot read memory.parquet: " + why);
  }
}
