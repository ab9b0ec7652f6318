package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A footer held against the pages: whatever it says wrongly is found, and nothing else. */
class ChunkCheckTest {
  private static final String FEW = "Cannot read memory.parquet: column few in row group 1: ";

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD"})
  void nothingIsFoundInAFileOfOurs(CompressionCodec codec) throws IOException {
    assertThat(problems(SmallFile.write(codec))).isEmpty();
  }

  @Test
  void theValuesAreThoseOfTheChunk() throws IOException {
    byte[] bytes = SmallFile.write(CompressionCodec.SNAPPY);
    try (ParquetFile file = TestTable.open(bytes)) {
      ColumnVector values = check(file, 1, 0, new ArrayList<>());

      assertThat(TestTable.values(values))
          .containsExactly(0L, 60_000_000L, 120_000_000L, 180_000_000L, 240_000_000L);
    }
  }

  @Test
  void whatTheFooterSaysWronglyIsFound() throws IOException {
    assertFound(
        chunk -> chunk.setTotal_uncompressed_size(1),
        FEW + "bytes without compression: the footer says 1, its pages ");
    assertFound(
        chunk -> chunk.getStatistics().setNull_count(4),
        FEW + "nulls: the footer says 4, its pages ");
    assertFound(
        chunk -> chunk.setEncodings(List.of(Encoding.RLE)), FEW + "its pages use encodings [");
    assertFound(ColumnMetaData::unsetStatistics, FEW + "the footer has no statistics for it");
    assertFound(
        chunk -> chunk.getStatistics().setMin_value(new byte[8]),
        FEW + "minimum: the footer says 0.0, its values ");
    assertFound(
        chunk -> chunk.getStatistics().unsetMax_value(),
        FEW + "maximum: the footer says nothing, its values ");
    assertFound(
        chunk -> chunk.getStatistics().setIs_max_value_exact(false),
        FEW + "the footer's statistics are Statistics(");
  }

  @Test
  void everyChunkThatCannotBeDecodedIsFound() throws IOException {
    byte[] file = SmallFile.write(CompressionCodec.UNCOMPRESSED);
    int body = (int) TestTable.open(file).footer().bodyEnd();
    for (int at = ParquetFooter.BODY_START; at < body; at++) {
      file[at] ^= 0x55;
    }

    assertThat(problems(file))
        .hasSize(14)
        .allMatch(problem -> problem.startsWith("Cannot read memory.parquet: column "));
  }

  private static void assertFound(Consumer<ColumnMetaData> change, String problem)
      throws IOException {
    byte[] lie =
        CraftedFile.withFooter(
            SmallFile.write(CompressionCodec.SNAPPY),
            footer ->
                change.accept(footer.getRow_groups().get(1).getColumns().get(1).getMeta_data()));

    assertThat(problems(lie)).singleElement().asString().startsWith(problem);
  }

  private static List<String> problems(byte[] bytes) throws IOException {
    List<String> problems = new ArrayList<>();
    try (ParquetFile file = TestTable.open(bytes)) {
      for (int group = 0; group < file.footer().rowGroups(); group++) {
        for (int column = 0; column < file.footer().columns().size(); column++) {
          check(file, group, column, problems);
        }
      }
    }

    return problems;
  }

  private static ColumnVector check(
      ParquetFile file, int rowGroup, int column, List<String> problems) throws IOException {
    ChunkReference chunk = file.footer().chunk(rowGroup, column);
    byte[] bytes = new byte[chunk.length()];
    file.input().read(chunk.start(), bytes, bytes.length);
    return new ChunkCheck(file.footer()).check(rowGroup, column, bytes, problems);
  }
}
