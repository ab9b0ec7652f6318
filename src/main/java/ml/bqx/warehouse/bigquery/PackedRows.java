package ml.bqx.warehouse.bigquery;

import com.google.cloud.bigquery.storage.v1.AvroRows;
import com.google.cloud.bigquery.storage.v1.AvroSchema;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * All rows of a response as one Avro record: how many there are, and their bytes as they came.
 *
 * <p>BigQueryIO makes a record of every row, an object of every value in it, and an element of
 * every record, which costs many times what decoding the values does. So it is given a schema with
 * one record a response, and {@link RecordLayout} makes columns of the rows in it.
 *
 * @param count how many rows the service says there are
 * @param bytes the rows in Avro's binary encoding
 */
record PackedRows(long count, ByteBuffer bytes) {
  private static final String ROW_SCHEMA = "rowSchema";

  /** The session, with records that each are the rows of a response. */
  static ReadSession pack(ReadSession session) {
    Schema packed =
        SchemaBuilder.record("PackedRows")
            .prop(ROW_SCHEMA, session.getAvroSchema().getSchema())
            .fields()
            .requiredLong("count")
            .requiredBytes("rows")
            .endRecord();
    return session.toBuilder()
        .setAvroSchema(AvroSchema.newBuilder().setSchema(packed.toString()))
        .build();
  }

  /** The response, its rows as one record. */
  static ReadRowsResponse pack(ReadRowsResponse response) {
    ByteString rows = response.getAvroRows().getSerializedBinaryRows();
    ByteString.Output header = ByteString.newOutput();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(header, null);
    try {
      encoder.writeLong(response.getRowCount());
      encoder.writeLong(rows.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    return response.toBuilder()
        .setAvroRows(
            AvroRows.newBuilder().setSerializedBinaryRows(header.toByteString().concat(rows)))
        .setRowCount(1)
        .build();
  }

  /** The rows in a record. */
  static PackedRows of(GenericRecord record) {
    return new PackedRows((Long) record.get(0), (ByteBuffer) record.get(1));
  }

  /** The schema of the rows in records with this schema. */
  static Schema rowSchema(Schema packed) {
    return new Schema.Parser().parse(packed.getProp(ROW_SCHEMA));
  }
}
