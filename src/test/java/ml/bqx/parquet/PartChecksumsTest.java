package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;

/** Whatever is read of a file that a record tells of is what the record tells of. */
class PartChecksumsTest {
  private static final byte[] GOOD = write();

  private static byte[] write() {
    try {
      return SmallFile.write(CompressionCodec.SNAPPY);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PartChecksums checksums() throws IOException {
    try (ParquetFile file = TestTable.open(GOOD)) {
      return PartChecksums.of(file);
    }
  }

  private static ParquetFile open(byte[] bytes, PartChecksums checksums) throws IOException {
    return ParquetFile.of(
        new ParquetInput(TestTable.NAME, new MemoryChannel(bytes)), Optional.of(checksums));
  }

  @Test
  void theWriterSumsWhatItWrites() throws IOException {
    MemoryChannel channel = new MemoryChannel();
    PartChecksums written;
    List<ColumnSchema> columns = List.of(ColumnSchema.int64("a"), ColumnSchema.int64("b"));
    try (ParquetAssembler file = new ParquetAssembler(channel, columns)) {
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      for (int group = 0; group < 2; group++) {
        file.addRowGroup(3);
        for (int column = 0; column < 2; column++) {
          long[] values = {group, column, 5};
          file.append(
              group,
              column,
              encoder.encode(columns.get(column), new ColumnVector.Longs(values, null)));
        }
      }

      file.finish(Map.of());
      written = file.checksums();
    }

    try (ParquetFile file = TestTable.open(channel.content())) {
      assertThat(written).usingRecursiveComparison().isEqualTo(PartChecksums.of(file));
    }
  }

  @Test
  void theChecksumOfAWholeIsThatOfItsParts() {
    byte[] bytes = GOOD;
    for (int cut : new int[] {0, 1, 4, 100, bytes.length - 1, bytes.length}) {
      int first = PartChecksums.sum(bytes, 0, cut);
      int second = PartChecksums.sum(bytes, cut, bytes.length - cut);

      assertThat(PartChecksums.append(first, second, bytes.length - cut))
          .as("cut at %d", cut)
          .isEqualTo(PartChecksums.sum(bytes, 0, bytes.length));
    }
  }

  @Test
  void everyFlippedBitIsFoundWhereItIsRead() throws IOException {
    PartChecksums checksums = checksums();
    for (int at = ParquetFooter.BODY_START; at < GOOD.length; at++) {
      byte[] flipped = GOOD.clone();
      flipped[at] ^= (byte) (1 << (at % 8));

      assertThatThrownBy(() -> readAll(flipped, checksums))
          .as("byte %d", at)
          .isInstanceOf(InvalidParquetException.class);
    }

    readAll(GOOD, checksums);
  }

  private static void readAll(byte[] bytes, PartChecksums checksums) throws IOException {
    try (ParquetFile file = open(bytes, checksums)) {
      ChunkReader reader = file.reader();
      for (int column = 0; column < file.footer().columns().size(); column++) {
        for (int group = 0; group < file.footer().rowGroups(); group++) {
          reader.raw(List.of(file.footer().chunk(group, column)));
        }

        reader.read(file.footer(), column);
      }
    }
  }

  @Test
  void theMessageNamesThePart() throws IOException {
    PartChecksums checksums = checksums();
    byte[] footer = GOOD.clone();
    footer[footer.length - 20] ^= 1;
    assertThatThrownBy(() -> open(footer, checksums))
        .hasMessageMatching(
            "Cannot read memory.parquet: the checksum of its footer is \\w{8}, its record says \\w{8}");

    byte[] page = GOOD.clone();
    int start = (int) TestTable.open(GOOD).footer().chunk(1, 2).start();
    page[start] ^= 1;
    assertThatThrownBy(() -> readAll(page, checksums))
        .hasMessageMatching(
            "Cannot read memory.parquet: column many in row group 1: its checksum is \\w{8}, its record says \\w{8}");
  }

  @Test
  void aRecordOfAnotherFileIsRefused() throws IOException {
    PartChecksums checksums = checksums();
    PartChecksums shorter = new PartChecksums(checksums.footer(), checksums.chunks().subList(0, 1));

    assertThatThrownBy(() -> open(GOOD, shorter))
        .hasMessage(
            "Cannot read memory.parquet: it has 2 row groups of 7 columns, its record says otherwise");
  }
}
