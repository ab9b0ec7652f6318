package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Footers that lie, each error naming the file, and the column and row group where there is one.
 */
class LyingFootersTest {
  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1_000_000})
  void footerLengthsOutsideTheFile(int length) throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.SNAPPY);
    putLength(file, length);

    assertRefused(
        file, "its footer claims %d of the file's %d bytes".formatted(length, file.length));
  }

  @Test
  void footerLengthsThatAreWrong() throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.SNAPPY);
    int right = file.length - 8 - (int) TestTable.open(file).footer().bodyEnd();
    for (int length = 1; length <= file.length - 12; length++) {
      if (length != right) {
        putLength(file, length);
        byte[] wrong = file.clone();

        assertThatThrownBy(() -> TestTable.open(wrong))
            .isInstanceOf(InvalidParquetException.class)
            .hasMessageStartingWith("Cannot read memory.parquet: ");
      }
    }
  }

  private static void putLength(byte[] file, int length) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length - 8, length);
  }

  /** Lists and texts whose lengths would take gigabytes, and structures without end. */
  @Test
  void footersThatWouldTakeAllMemory() {
    int[] hugeList = {0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07};
    int[] hugeText = {0x68, 0xff, 0xff, 0xff, 0xff, 0x07};
    int[] negativeText = {0x68, 0xff, 0xff, 0xff, 0xff, 0x0f};
    int[] deep = new int[60_000];
    Arrays.fill(deep, 0x1c);
    for (int[] footer : List.of(hugeList, hugeText, negativeText, deep)) {
      byte[] file = new byte[4 + footer.length + 8];
      for (int i = 0; i < footer.length; i++) {
        file[4 + i] = (byte) footer[i];
      }

      putLength(file, footer.length);
      System.arraycopy(ParquetFooter.MAGIC, 0, file, file.length - 4, 4);

      assertRefused(file, "its footer is broken: FileMetaData cannot be parsed");
    }
  }

  @Test
  void footersThatDoNotFitIntoMemory() throws IOException {
    ParquetFooter.checkMemory("f", 100_000_000, 900_000_000);

    assertThatThrownBy(() -> ParquetFooter.checkMemory("f", 100_000_001, 900_000_000))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot read f: its footer has 100,000,001 bytes, which take about 900 MB of memory, and this process may use 900 MB; give it more (java -Xmx), or write the file with fewer row groups");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message m { optional double a; optional group nested { optional double b; } }",
        "message m { optional double a; repeated double nested; }",
        "message m { optional group nested (LIST) { repeated group list { optional int32 b; } } }"
      })
  void nestedAndRepeatedColumnsAreNotRead(String schema) throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    byte[] file = ParquetJava.writeEmpty(type);
    int nested = type.getFieldIndex("nested");

    assertThatThrownBy(() -> TestTable.read(file, nested))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageMatching(
            "Cannot read memory.parquet: column nested is (nested|nested LIST|repeated DOUBLE), and only flat columns can be read");
  }

  @Test
  void schemasThatDoNotAddUp() throws IOException {
    assertFooterRefused(
        footer -> footer.getSchema().get(0).setNum_children(9),
        "its schema has 7 columns and announces 9");
    assertFooterRefused(
        footer -> footer.getSchema().clear(), "its schema has 0 columns and announces 0");
    assertFooterRefused(
        footer -> footer.getSchema().get(7).unsetType_length(),
        "column amount does not say how long values are");
    assertFooterRefused(
        footer -> footer.getSchema().get(7).setType_length(-16),
        "column amount does not say how long values are");
    assertFooterRefused(
        footer -> footer.getSchema().get(2).unsetRepetition_type(),
        "column few does not say whether it is required");
    assertFooterRefused(
        footer -> footer.getSchema().get(2).unsetType(),
        "column few does not say of which type it is");
    assertFooterRefused(
        footer -> footer.getSchema().get(0).setNum_children(2),
        "its schema has 7 columns and announces 2");
    assertFooterRefused(
        footer -> footer.getSchema().get(2).setNum_children(900).unsetType(),
        "its schema has 2 columns and announces 7");
    assertFooterRefused(
        footer -> footer.getSchema().remove(7), "its schema has 6 columns and announces 7");
  }

  @Test
  void rowCountsThatDoNotAddUp() throws IOException {
    assertFooterRefused(
        footer -> footer.setNum_rows(18), "its row groups have 17 rows, its footer says 18");
    assertFooterRefused(
        footer -> footer.setNum_rows(-1), "its row groups have 17 rows, its footer says -1");
    assertFooterRefused(
        footer -> rowGroup(footer).setNum_rows(13),
        "column at in row group 1: it has 5 values for 13 rows");
    assertFooterRefused(
        footer -> rowGroup(footer).setNum_rows(-5),
        "row group 1 has -5 rows and 7 column chunks where the schema has 7 columns");
    assertFooterRefused(
        footer -> rowGroup(footer).getColumns().remove(3),
        "row group 1 has 5 rows and 6 column chunks where the schema has 7 columns");
    assertChunkRefused(chunk -> chunk.setNum_values(6), "it has 6 values for 5 rows");
  }

  @Test
  void chunksThatAreNotWhatTheSchemaSays() throws IOException {
    assertChunkRefused(chunk -> chunk.setType(Type.INT64), "it is INT64, the schema says DOUBLE");
    assertChunkRefused(
        chunk -> chunk.setPath_in_schema(List.of("few", "er")),
        "its chunk belongs to column few.er");
    assertFooterRefused(
        footer -> Collections.swap(rowGroup(footer).getColumns(), 1, 2),
        "column few in row group 1: its chunk belongs to column many");
  }

  @Test
  void chunksOutsideTheData() throws IOException {
    long end = TestTable.open(SmallFile.write(CompressionCodec.SNAPPY)).footer().bodyEnd();
    for (long offset : new long[] {Long.MIN_VALUE, -1, 0, 3, end, Long.MAX_VALUE}) {
      assertChunkRefused(chunk -> chunk.setData_page_offset(offset), "are not inside");
    }

    for (long size : new long[] {-1, end, Integer.MAX_VALUE + 1L, Long.MAX_VALUE}) {
      assertChunkRefused(
          chunk -> chunk.setTotal_compressed_size(size), "its %d bytes from byte".formatted(size));
    }

    assertChunkRefused(
        chunk -> {
          chunk.setData_page_offset(end);
          chunk.setDictionary_page_offset(4);
        },
        "its data pages from byte %d on are not inside its".formatted(end));
    assertFooterRefused(
        footer -> column(footer).setFile_path("elsewhere"),
        "column few in row group 1: its data is in another file");
    assertFooterRefused(
        footer -> column(footer).unsetMeta_data(),
        "column few in row group 1: its data is in another file");
    assertFooterRefused(
        footer -> column(footer).setEncrypted_column_metadata(new byte[1]),
        "column few in row group 1: it is encrypted; write the file without encryption");
  }

  @Test
  void chunksThatAreTooLongOrTooShort() throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.SNAPPY);
    for (int change : new int[] {-20, -1, 1, 20}) {
      byte[] lie =
          CraftedFile.withFooter(
              file,
              footer -> {
                ColumnMetaData data = column(footer).getMeta_data();
                data.setTotal_compressed_size(data.getTotal_compressed_size() + change);
              });

      assertThatThrownBy(() -> TestTable.read(lie, 1))
          .isInstanceOf(InvalidParquetException.class)
          .hasMessageStartingWith("Cannot read memory.parquet: column few in row group 1: ");
    }
  }

  private static RowGroup rowGroup(FileMetaData footer) {
    return footer.getRow_groups().get(1);
  }

  private static ColumnChunk column(FileMetaData footer) {
    return rowGroup(footer).getColumns().get(1);
  }

  private static void assertChunkRefused(Consumer<ColumnMetaData> change, String why)
      throws IOException {
    byte[] lie =
        CraftedFile.withFooter(
            SmallFile.write(CompressionCodec.SNAPPY),
            footer -> change.accept(column(footer).getMeta_data()));

    assertThatThrownBy(() -> TestTable.open(lie))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageStartingWith("Cannot read memory.parquet: column few in row group 1: ")
        .hasMessageContaining(why);
  }

  private static void assertFooterRefused(Consumer<FileMetaData> change, String why)
      throws IOException {
    assertRefused(CraftedFile.withFooter(SmallFile.write(CompressionCodec.SNAPPY), change), why);
  }

  private static void assertRefused(byte[] file, String why) {
    assertThatThrownBy(() -> TestTable.open(file))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageStartingWith("Cannot read memory.parquet: " + why);
  }
}
