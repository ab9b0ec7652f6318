package ml.bqx;

import com.google.cloud.bigquery.storage.v1.AvroRows;
import com.google.cloud.bigquery.storage.v1.AvroSchema;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.ColumnType;
import ml.bqx.parquet.ColumnVector;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * A table's rows as Storage Read sends them in Avro: every column in a union with null.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/storage#avro_schema_details">How
 *     BigQuery's types come in Avro</a>
 */
final class AvroBlocks {
  private static final int NULL = 0;
  private static final int PRESENT = 1;

  private final List<Column> columns;
  private final List<ColumnVector> vectors;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);

  /** Blocks of a table whose columns, and their values, are these. */
  AvroBlocks(List<Column> columns, List<ColumnVector> vectors) {
    this.columns = columns;
    this.vectors = vectors;
  }

  /** Tells a session its format and schema. */
  void describe(ReadSession.Builder session) {
    Schema schema = Schema.createRecord("__root__", null, null, false);
    schema.setFields(
        columns.stream()
            .map(
                column ->
                    new Schema.Field(
                        column.name(),
                        Schema.createUnion(Schema.create(Schema.Type.NULL), schema(column.type()))))
            .toList());
    session
        .setDataFormat(DataFormat.AVRO)
        .setAvroSchema(AvroSchema.newBuilder().setSchema(schema.toString()));
  }

  private static Schema schema(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
      case INT64 -> Schema.create(Schema.Type.LONG);
      case BOOL -> Schema.create(Schema.Type.BOOLEAN);
      case STRING -> Schema.create(Schema.Type.STRING);
      case BYTES -> Schema.create(Schema.Type.BYTES);
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIMESTAMP -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case NUMERIC ->
          LogicalTypes.decimal(type.precision(), type.scale())
              .addToSchema(Schema.create(Schema.Type.BYTES));
    };
  }

  /** The rows from {@code from} up to, but without, {@code to}. */
  ReadRowsResponse block(int from, int to) throws IOException {
    bytes.reset();
    for (int row = from; row < to; row++) {
      for (int i = 0; i < vectors.size(); i++) {
        if (vectors.get(i).isNull(row)) {
          out.writeIndex(NULL);
        } else {
          out.writeIndex(PRESENT);
          write(columns.get(i).type().kind(), vectors.get(i), row);
        }
      }
    }

    out.flush();
    return ReadRowsResponse.newBuilder()
        .setAvroRows(
            AvroRows.newBuilder().setSerializedBinaryRows(ByteString.copyFrom(bytes.toByteArray())))
        .setRowCount(to - from)
        .build();
  }

  private void write(ColumnType.Kind kind, ColumnVector vector, int row) throws IOException {
    if (vector instanceof ColumnVector.Longs longs) {
      long value = longs.values()[row];
      if (kind == ColumnType.Kind.FLOAT64) {
        out.writeDouble(Double.longBitsToDouble(value));
      } else {
        out.writeLong(value);
      }
    } else if (vector instanceof ColumnVector.Ints ints) {
      out.writeInt(ints.values()[row]);
    } else if (vector instanceof ColumnVector.Booleans booleans) {
      out.writeBoolean(booleans.values()[row]);
    } else {
      ColumnVector.Binaries binaries = (ColumnVector.Binaries) vector;
      out.writeBytes(binaries.bytes(), binaries.offsets()[row], binaries.length(row));
    }
  }
}
