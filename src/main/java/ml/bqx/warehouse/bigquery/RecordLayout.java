package ml.bqx.warehouse.bigquery;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType.Kind;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.RowGather;
import ml.bqx.parquet.VectorBuilder;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Where the columns of a feature group are in the Avro rows of a read session, which come in the
 * table's order whatever was asked for.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/storage#avro_schema_details">How
 *     BigQuery's types come in Avro</a>
 */
final class RecordLayout {
  private final String table;
  private final List<Column> columns;
  private final Schema schema;

  /** For each field of the schema its column, or -1 when it is none. */
  private final int[] slots;

  /** For each field of the schema how it is read; null when it is no column. */
  private final RecordField[] fields;

  private RecordLayout(String table, List<Column> columns, Schema schema) {
    this.table = table;
    this.columns = columns;
    this.schema = schema;
    this.slots = new int[schema.getFields().size()];
    this.fields = new RecordField[slots.length];
    Arrays.fill(slots, -1);
    for (int slot = 0; slot < columns.size(); slot++) {
      Schema.Field field = schema.getField(columns.get(slot).name());
      slots[field.pos()] = slot;
      fields[field.pos()] = RecordField.of(columns.get(slot).supportedType(), field.schema());
    }
  }

  /**
   * Finds the columns.
   *
   * @param table for messages
   * @param columns the key, then those of the group
   * @throws InvalidInputException when one is missing, or not of the type that discovery found
   */
  static RecordLayout of(String table, List<Column> columns, Schema schema) {
    for (Column column : columns) {
      Schema.Field field = schema.getField(column.name());
      Schema type = field == null ? null : RecordField.present(field.schema());
      if (type == null || !matches(column.supportedType().kind(), type)) {
        throw new InvalidInputException(
            "Cannot read column %s.%s: it was a %s at discovery and is now %s; run again"
                .formatted(
                    table,
                    column.name(),
                    column.sourceType(),
                    type == null ? "gone" : words(type)));
      }
    }

    return new RecordLayout(table, columns, schema);
  }

  private static boolean matches(Kind kind, Schema type) {
    String logical = type.getProp("logicalType");
    Schema.Type physical = type.getType();
    return switch (kind) {
      case FLOAT64 -> physical == Schema.Type.DOUBLE;
      case INT64 -> physical == Schema.Type.LONG && logical == null;
      case BOOL -> physical == Schema.Type.BOOLEAN;
      case STRING -> physical == Schema.Type.STRING && logical == null;
      case BYTES -> physical == Schema.Type.BYTES && logical == null;
      case NUMERIC -> physical == Schema.Type.BYTES && "decimal".equals(logical);
      case TIMESTAMP -> physical == Schema.Type.LONG && "timestamp-micros".equals(logical);
      case DATE -> physical == Schema.Type.INT && "date".equals(logical);
    };
  }

  private static String words(Schema type) {
    String logical = type.getProp("logicalType");
    String physical = type.getType().name().toLowerCase(Locale.ROOT);
    return logical == null ? "Avro " + physical : "Avro %s (%s)".formatted(physical, logical);
  }

  /** A batch of no rows, with the group's columns. */
  static ColumnBatch noRows(FeatureGroup group) {
    List<ColumnVector> vectors =
        group.columns().stream()
            .map(column -> ColumnBatch.builder(column.supportedType().kind(), 0).build())
            .toList();
    return new ColumnBatch(new long[0], vectors, 0);
  }

  /**
   * Decodes rows.
   *
   * @throws InvalidInputException when the last one is not whole, or they are not as many as the
   *     service says
   */
  ColumnBatch batch(PackedRows rows) {
    VectorBuilder[] builders =
        columns.stream()
            .map(
                column ->
                    ColumnBatch.builder(
                        column.supportedType().kind(), Math.toIntExact(rows.count())))
            .toArray(VectorBuilder[]::new);
    BinaryDecoder in =
        DecoderFactory.get()
            .binaryDecoder(
                rows.bytes().array(),
                rows.bytes().arrayOffset() + rows.bytes().position(),
                rows.bytes().remaining(),
                null);
    long found = 0;
    try {
      for (; !in.isEnd(); found++) {
        readRow(in, builders);
      }
    } catch (EOFException e) {
      throw new InvalidInputException(
          "Cannot read table %s: the rows of a response end in the middle of one".formatted(table),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    if (found != rows.count()) {
      throw new InvalidInputException(
          "Cannot read table %s: BigQuery says that a response has %,d rows, it has %,d; run again"
              .formatted(table, rows.count(), found));
    }

    return batch(Arrays.stream(builders).map(VectorBuilder::build).toList());
  }

  private void readRow(BinaryDecoder in, VectorBuilder[] builders) throws IOException {
    for (int i = 0; i < fields.length; i++) {
      if (slots[i] >= 0) {
        fields[i].read(in, builders[slots[i]]);
      } else {
        GenericDatumReader.skip(schema.getFields().get(i).schema(), in);
      }
    }
  }

  /** Without the rows that have no timestamp, as no spine row can match them. */
  private static ColumnBatch batch(List<ColumnVector> vectors) {
    ColumnVector.Longs key = (ColumnVector.Longs) vectors.get(0);
    List<ColumnVector> values = vectors.subList(1, vectors.size());
    if (key.valid() == null) {
      return new ColumnBatch(key.values(), values, 0);
    }

    int[] kept = IntStream.range(0, key.size()).filter(row -> !key.isNull(row)).toArray();
    return new ColumnBatch(
        Arrays.stream(kept).mapToLong(row -> key.values()[row]).toArray(),
        values.stream().map(column -> RowGather.gather(column, kept, 0, kept.length)).toList(),
        key.size() - kept.length);
  }
}
