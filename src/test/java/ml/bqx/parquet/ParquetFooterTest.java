package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;

class ParquetFooterTest {
  @Test
  void tellsWhatTheFileHolds() throws IOException {
    List<ColumnSchema> columns =
        List.of(ColumnSchema.float64("a").asRequired(), ColumnSchema.string("b.c"));
    Random random = new Random(1);
    List<List<ColumnVector>> rowGroups = new ArrayList<>();
    for (int rows : new int[] {30, 12}) {
      rowGroups.add(
          List.of(
              RandomColumns.vector(columns.get(0), rows, rows, 0, random),
              RandomColumns.vector(columns.get(1), rows, row -> null)));
    }

    byte[] file = new TestTable(columns, rowGroups).write(CompressionCodec.SNAPPY);

    try (ParquetFile opened = TestTable.open(file)) {
      ParquetFooter footer = opened.footer();
      assertThat(footer.file()).isEqualTo("memory.parquet");
      assertThat(footer.columns()).isEqualTo(columns);
      assertThat(footer.rows()).isEqualTo(42);
      assertThat(footer.rowGroups()).isEqualTo(2);
      assertThat(footer.rows(1)).isEqualTo(12);
      assertThat(footer.indexOf("b.c")).isEqualTo(1);
      assertThat(footer.indexOf("B.C")).isEqualTo(-1);
      assertThat(footer.nullCount(0)).isZero();
      assertThat(footer.nullCount(1)).isEqualTo(42);
      assertThat(footer.fileBytes()).isEqualTo(file.length);
      ChunkReference last = footer.chunk(1, 1);
      assertThat(last.rows()).isEqualTo(12);
      assertThat(last.start() + last.length()).isEqualTo(footer.bodyEnd());
      assertThat(TestTable.values(opened.reader().read(footer, 1))).hasSize(42).containsOnlyNulls();
    }
  }

  @Test
  void nullCountsThatAreNotThereAreUnknown() throws IOException {
    ColumnSchema column = ColumnSchema.float64("a");
    byte[] file =
        CraftedFile.withFooter(
            TestTable.of(column, new Longs(new long[3], null)).write(CompressionCodec.SNAPPY),
            footer ->
                footer.getRow_groups().get(0).getColumns().get(0).getMeta_data().unsetStatistics());

    assertThat(TestTable.open(file).footer().nullCount(0)).isEqualTo(-1);
  }

  @Test
  void footersLargerThanTheFirstReadAreReadWhole() throws IOException {
    Map<String, String> keyValues = new LinkedHashMap<>();
    for (int i = 0; i < 3_000; i++) {
      keyValues.put("key-%d".formatted(9_999 - i), "value of some length %d".formatted(i));
    }

    List<ColumnSchema> columns = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      columns.add(ColumnSchema.float64("feature_%d".formatted(i)));
    }

    MemoryChannel channel = new MemoryChannel();
    try (ParquetAssembler file = new ParquetAssembler(channel, columns)) {
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      file.addRowGroup(1);
      for (int i = 0; i < columns.size(); i++) {
        Longs vector = new Longs(new long[] {i}, null);
        file.append(0, i, encoder.encode(columns.get(i), vector));
      }

      file.finish(keyValues);
    }

    ParquetFooter footer = TestTable.open(channel.content()).footer();
    assertThat(footer.fileBytes() - footer.bodyEnd()).isGreaterThan(100_000);
    assertThat(footer.columns()).isEqualTo(columns);
    assertThat(footer.keyValues()).containsExactlyEntriesOf(keyValues);
    assertThat(TestTable.values(TestTable.read(channel.content(), 499))).containsExactly(499L);
  }

  @Test
  void columnsOfMoreRowsThanAreReservedAtFirstGrow() throws IOException {
    ColumnSchema column = ColumnSchema.int64("n");
    int rows = 1_200_000;
    ColumnVector vector =
        RandomColumns.vector(column, rows, row -> row % 100_000 == 0 ? null : (long) row / 1_000);

    Longs read =
        (Longs) TestTable.read(TestTable.of(column, vector).write(CompressionCodec.SNAPPY), 0);

    assertThat(read.values()).isEqualTo(((Longs) vector).values());
    assertThat(read.valid()).isEqualTo(vector.valid());
  }

  @Test
  void typesAreComparedByMeaning() {
    ColumnSchema decimal = ColumnSchema.decimal("n", 38, 9);
    ColumnSchema time = ColumnSchema.timestampMicros("t");
    ColumnSchema logicalOnly = new ColumnSchema(time.element().deepCopy());
    logicalOnly.element().unsetConverted_type();

    assertThat(decimal.typeName()).isEqualTo("FIXED_LEN_BYTE_ARRAY DECIMAL(38, 9)");
    assertThat(decimal.sameType(ColumnSchema.decimal("m", 38, 9).asRequired())).isTrue();
    assertThat(decimal.sameType(ColumnSchema.decimal("n", 38, 8))).isFalse();
    assertThat(logicalOnly.typeName()).isEqualTo("INT64 TIMESTAMP_MICROS");
    assertThat(time.sameType(logicalOnly)).isTrue();
    assertThat(time.sameType(ColumnSchema.int64("t"))).isFalse();
    assertThat(ColumnSchema.float64("a").typeName()).isEqualTo("DOUBLE");
    assertThat(ColumnSchema.string("a").sameType(ColumnSchema.bytes("a"))).isFalse();
    assertThat(ColumnSchema.bool("a").renamed("b").name()).isEqualTo("b");
    assertThat(ColumnSchema.bool("a").asRequired().required()).isTrue();
    assertThat(ColumnSchema.bool("a").asRequired().asOptional()).isEqualTo(ColumnSchema.bool("a"));
  }
}
