package ml.bqx.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Table;
import ml.bqx.options.InvalidInputException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How BigQuery's Avro becomes rows of ours, for every type. */
class RecordLayoutTest {
  private static final String KEY = "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";

  @Test
  void everyTypeIsCopiedBitForBit() {
    WarehouseRow row =
        row(
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

    assertThat(row.values())
        .containsExactly(7, Double.doubleToRawLongBits(-0.0), Long.MIN_VALUE, 1, 0, 0, -1, -365, 0);
    assertThat(row.bytes()[4]).isEqualTo("größer".getBytes(UTF_8));
    assertThat(row.bytes()[5]).isEqualTo(new byte[] {0, -1});
    assertThat(row.nulls())
        .containsExactly(false, false, false, false, false, false, false, false, true);
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
      String type, int precision, int scale, BigDecimal value, int width, BigInteger unscaled) {
    String avro =
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": %d, \"scale\": %d}"
            .formatted(precision, scale);
    byte[] bytes = value.setScale(scale).unscaledValue().toByteArray();

    WarehouseRow row = row(List.of(type), List.of(avro), ByteBuffer.wrap(bytes));

    assertThat(row.bytes()[1]).hasSize(width);
    assertThat(new BigInteger(row.bytes()[1])).isEqualTo(unscaled);
  }

  @Test
  void theOrderOfTheRecordDoesNotMatter() {
    FeatureGroup group = group("FLOAT64", "INT64");
    Schema schema =
        SchemaBuilder.record("r")
            .fields()
            .requiredLong("c1")
            .requiredDouble("c0")
            .name("interval_time")
            .type(new Schema.Parser().parse(KEY))
            .noDefault()
            .endRecord();
    GenericData.Record record = new GenericData.Record(schema);
    record.put("c1", 5L);
    record.put("c0", 2.5);
    record.put("interval_time", 9L);

    WarehouseRow row = RecordLayout.of("d.t", RecordLayout.columns(group), schema).row(3, record);

    assertThat(row.group()).isEqualTo(3);
    assertThat(row.values()).containsExactly(9, Double.doubleToRawLongBits(2.5), 5);
    assertThat(row.bytes()).isNull();
    assertThat(row.nulls()).isNull();
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
    assertThatThrownBy(() -> row(List.of(type), List.of(avro), (Object) null))
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

  @Test
  void rowsGoThroughTheirCoderUnchanged() throws Exception {
    WarehouseRow row =
        new WarehouseRow(
            4, new long[] {1, -2}, new byte[][] {null, {1, 2, 3}}, new boolean[] {true, false});
    for (WarehouseRow each : List.of(row, new WarehouseRow(0, new long[] {5}, null, null))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      WarehouseRowCoder.INSTANCE.encode(each, bytes);

      assertThat(WarehouseRowCoder.INSTANCE.decode(new ByteArrayInputStream(bytes.toByteArray())))
          .usingRecursiveComparison()
          .isEqualTo(each);
    }
  }

  private static WarehouseRow row(List<String> types, List<String> avro, Object... values) {
    FeatureGroup group = group(types.toArray(String[]::new));
    Schema schema = Schema.createRecord("__root__", null, null, false);
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field("interval_time", new Schema.Parser().parse(KEY)));
    for (int i = 0; i < avro.size(); i++) {
      Schema union = new Schema.Parser().parse("[\"null\", " + avro.get(i) + "]");
      fields.add(new Schema.Field("c" + i, union));
    }

    schema.setFields(fields);
    GenericData.Record record = new GenericData.Record(schema);
    record.put(0, 7L);
    for (int i = 0; values != null && i < values.length; i++) {
      record.put(i + 1, values[i]);
    }

    return RecordLayout.of("d.t", RecordLayout.columns(group), schema).row(0, record);
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
