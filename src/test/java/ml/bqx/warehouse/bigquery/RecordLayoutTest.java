package ml.bqx.warehouse.bigquery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.storage.v1.AvroRows;
import com.google.cloud.bigquery.storage.v1.AvroSchema;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How BigQuery's Avro becomes columns of ours, for every type. */
class RecordLayoutTest {
  private static final String KEY = "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";

  @Test
  void everyTypeIsCopiedBitForBit() throws IOException {
    ColumnBatch batch =
        batch(
            List.of("FLOAT64", "INT64", "BOOL", "STRING", "BYTES", "TIMESTAMP", "DATE", "FLOAT64"),
            List.of(
                "\"double\"",
                "\"long\"",
                "\"boolean\"",
                "\"string\"",
                "\"bytes\"",
                KEY,
                "{\"type\": \"int\", \"logicalType\": \"date\"}",
                "\"double\""),
            -0.0,
            Long.MIN_VALUE,
            true,
            new Utf8("größer"),
            ByteBuffer.wrap(new byte[] {0, -1}),
            -1L,
            -365,
            null);

    assertThat(batch.timestamps()).containsExactly(7);
    assertThat(batch.columns())
        .map(RecordLayoutTest::withoutRoom)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new Longs(new long[] {Double.doubleToRawLongBits(-0.0)}, null),
            new Longs(new long[] {Long.MIN_VALUE}, null),
            new Booleans(new boolean[] {true}, null),
            binaries("größer".getBytes(UTF_8)),
            binaries(new byte[] {0, -1}),
            new Longs(new long[] {-1}, null),
            new Ints(new int[] {-365}, null),
            new Longs(new long[] {0}, new boolean[] {false}));
  }

  @ParameterizedTest
  @CsvSource({
    "NUMERIC, 38, 9, -1.5, 16, -1500000000",
    "NUMERIC, 38, 9, 0, 16, 0",
    "'NUMERIC(10, 2)', 10, 2, 12345678.90, 16, 1234567890",
    // Another scale than the column's is made the column's.
    "'NUMERIC(10, 2)', 38, 9, 1.250000000, 16, 125",
    "BIGNUMERIC, 77, 38, -1, 32, -100000000000000000000000000000000000000",
    "BIGNUMERIC, 77, 38, 1E37, 32, 1000000000000000000000000000000000000000000000000000000000000000000000000000"
  })
  void decimalsHaveAFixedNumberOfBytes(
      String type, int precision, int scale, BigDecimal value, int width, BigInteger unscaled)
      throws IOException {
    String avro =
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": %d, \"scale\": %d}"
            .formatted(precision, scale);
    byte[] bytes = value.setScale(scale).unscaledValue().toByteArray();

    ColumnBatch batch = batch(List.of(type), List.of(avro), ByteBuffer.wrap(bytes));

    Binaries decimals = (Binaries) batch.columns().get(0);
    assertThat(decimals.length(0)).isEqualTo(width);
    assertThat(new BigInteger(decimals.bytes(), 0, width)).isEqualTo(unscaled);
  }

  @Test
  void neitherOrderNorOtherFieldsOfTheRecordMatter() throws IOException {
    FeatureGroup group = group("FLOAT64", "INT64");
    Schema schema =
        SchemaBuilder.record("r")
            .fields()
            .requiredLong("c1")
            .optionalString("pair")
            .requiredDouble("c0")
            .name("interval_time")
            .type(new Schema.Parser().parse(KEY))
            .noDefault()
            .endRecord();

    ColumnBatch batch =
        RecordLayout.of("d.t", ReadSql.columns(group), schema)
            .batch(packed(schema, List.of(5L, "eurusd", 2.5, 9L), List.of(6L, "eurusd", 3.5, 8L)));

    assertThat(batch.timestamps()).containsExactly(9, 8);
    assertThat(batch.columns())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new Longs(
                new long[] {Double.doubleToRawLongBits(2.5), Double.doubleToRawLongBits(3.5)},
                null),
            new Longs(new long[] {5, 6}, null));
  }

  @Test
  void rowsWithoutATimestampAreOnlyCounted() throws IOException {
    FeatureGroup group = group("INT64");
    Schema schema =
        SchemaBuilder.record("r")
            .fields()
            .name("interval_time")
            .type(new Schema.Parser().parse("[\"null\", " + KEY + "]"))
            .noDefault()
            .requiredLong("c0")
            .endRecord();

    ColumnBatch batch =
        RecordLayout.of("d.t", ReadSql.columns(group), schema)
            .batch(packed(schema, List.of(1L, 10L), Arrays.asList(null, 20L), List.of(3L, 30L)));

    assertThat(batch.timestamps()).containsExactly(1, 3);
    assertThat(batch.columns())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(new Longs(new long[] {10, 30}, null));
    assertThat(batch.rowsWithoutTimestamp()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aResponseOfOtherRowsThanItSaysIsRefused(int said) throws IOException {
    Schema timestamp = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    Schema schema =
        SchemaBuilder.record("r")
            .fields()
            .name("interval_time")
            .type(timestamp)
            .noDefault()
            .endRecord();
    RecordLayout layout = RecordLayout.of("d.t", ReadSql.columns(group()), schema);
    PackedRows rows = new PackedRows(said, packed(schema, List.of(1L), List.of(2L)).bytes());

    assertThatThrownBy(() -> layout.batch(rows))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read table d.t: BigQuery says that a response has %d rows, it has 2; run again",
            said);
  }

  /** As BigQueryIO reads it: a session's schema, then a response in it. */
  @Test
  void theRowsOfAResponseAreOneRecord() throws IOException {
    Schema schema = SchemaBuilder.record("r").fields().requiredLong("interval_time").endRecord();
    PackedRows rows = packed(schema, List.of(1L), List.of(2L));
    ReadSession session =
        PackedRows.pack(
            ReadSession.newBuilder()
                .setAvroSchema(AvroSchema.newBuilder().setSchema(schema.toString()))
                .build());
    ReadRowsResponse response =
        PackedRows.pack(
            ReadRowsResponse.newBuilder()
                .setRowCount(2)
                .setAvroRows(
                    AvroRows.newBuilder()
                        .setSerializedBinaryRows(ByteString.copyFrom(rows.bytes().duplicate())))
                .build());

    Schema packed = new Schema.Parser().parse(session.getAvroSchema().getSchema());
    byte[] record = response.getAvroRows().getSerializedBinaryRows().toByteArray();
    BinaryDecoder in = DecoderFactory.get().binaryDecoder(record, null);

    assertThat(response.getRowCount()).isEqualTo(1);
    assertThat(PackedRows.of(new GenericDatumReader<GenericRecord>(packed).read(null, in)))
        .isEqualTo(rows);
    assertThat(in.isEnd()).isTrue();
    assertThat(PackedRows.rowSchema(packed)).isEqualTo(schema);
  }

  @ParameterizedTest
  @CsvSource({
    "INT64, '\"double\"', Avro double",
    "INT64, '{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}', Avro long (timestamp-micros)",
    "FLOAT64, '\"string\"', Avro string",
    "NUMERIC, '\"bytes\"', Avro bytes",
    "BYTES, '{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 38, \"scale\": 9}', Avro bytes (decimal)",
    "DATE, '\"int\"', Avro int"
  })
  void aColumnOfAnotherTypeIsRefused(String type, String avro, String found) {
    assertThatThrownBy(() -> batch(List.of(type), List.of(avro), (Object) null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read column d.t.c0: it was a %s at discovery and is now %s; run again"
                .formatted(type, found));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STRUCT<a INT64>",
        "ARRAY<INT64>",
        "GEOGRAPHY",
        "JSON",
        "RANGE<DATE>",
        "DATETIME",
        "TIME",
        "INTERVAL",
        "TIMESTAMP(12)"
      })
  void typesWithoutAPlaceAreNone(String type) {
    assertThat(BigQueryTypes.of(type)).isNull();
  }

  /** Decodes a row of a key and these values, each column in a union with null. */
  private static ColumnBatch batch(List<String> types, List<String> avro, Object... values)
      throws IOException {
    Schema schema = Schema.createRecord("__root__", null, null, false);
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field("interval_time", new Schema.Parser().parse(KEY)));
    for (int i = 0; i < avro.size(); i++) {
      Schema union = new Schema.Parser().parse("[\"null\", " + avro.get(i) + "]");
      fields.add(new Schema.Field("c" + i, union));
    }

    schema.setFields(fields);
    RecordLayout layout =
        RecordLayout.of("d.t", ReadSql.columns(group(types.toArray(String[]::new))), schema);
    List<Object> row = new ArrayList<>(List.of(7L));
    row.addAll(Arrays.asList(values));
    return layout.batch(packed(schema, row));
  }

  private static PackedRows packed(Schema schema, List<?>... rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    for (List<?> row : rows) {
      GenericData.Record record = new GenericData.Record(schema);
      for (int i = 0; i < row.size(); i++) {
        record.put(i, row.get(i));
      }

      new GenericDatumWriter<GenericData.Record>(schema).write(record, encoder);
    }

    encoder.flush();
    return new PackedRows(rows.length, ByteBuffer.wrap(bytes.toByteArray()));
  }

  /** The vector, without bytes after its last value. */
  private static ColumnVector withoutRoom(ColumnVector vector) {
    return vector instanceof Binaries binaries
        ? new Binaries(
            Arrays.copyOf(binaries.bytes(), binaries.offsets()[binaries.size()]),
            binaries.offsets(),
            binaries.valid())
        : vector;
  }

  private static Binaries binaries(byte[] value) {
    return new Binaries(value, new int[] {0, value.length}, null);
  }

  private static FeatureGroup group(String... types) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      columns.add(new Column("c" + i, types[i], BigQueryTypes.of(types[i])));
    }

    List<Column> all = new ArrayList<>(columns);
    all.add(new Column("interval_time", "TIMESTAMP", BigQueryTypes.of("TIMESTAMP")));
    return new FeatureGroup("g", Category.PAIR, new Table("d", "t", all, null), columns);
  }
}
