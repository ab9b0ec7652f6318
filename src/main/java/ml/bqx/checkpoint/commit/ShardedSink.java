package ml.bqx.checkpoint.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.options.Compression;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.RowGather;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.parquet.ParquetIO;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.Type;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes checkpoints with ParquetIO's sink, rows in the order of the table: the {@code SHARDED}
 * layout. Rows that the spine does not keep are left out.
 *
 * <p>ParquetIO's sink cannot write key-values of its own; they go into the Avro schema's
 * properties, which it stores in the footer under {@code parquet.avro.schema}.
 */
record ShardedSink(
    List<ColumnSchema> columns, Compression compression, Map<String, String> keyValues) {
  void write(MatchedBatch matched, WritableByteChannel channel) throws IOException {
    Schema schema = schema();
    ParquetIO.Sink sink =
        ParquetIO.sink(schema)
            .withCompressionCodec(
                switch (compression) {
                  case SNAPPY -> CompressionCodecName.SNAPPY;
                  case ZSTD, BEST -> CompressionCodecName.ZSTD;
                  case NONE -> CompressionCodecName.UNCOMPRESSED;
                });
    sink.open(channel);
    ColumnBatch batch = matched.batch();
    boolean[] kept = new boolean[batch.rows()];
    for (int row : matched.match().rows()) {
      if (row != RowGather.NO_ROW) {
        kept[row] = true;
      }
    }

    for (int row = 0; row < kept.length; row++) {
      if (kept[row]) {
        sink.write(record(schema, batch, row));
      }
    }

    sink.flush();
  }

  private Schema schema() {
    Schema schema = Schema.createRecord("checkpoint", null, "ml.bqx", false);
    schema.setFields(columns.stream().map(ShardedSink::field).toList());
    keyValues.forEach(schema::addProp);
    return schema;
  }

  private static Schema.Field field(ColumnSchema column) {
    Schema type = type(column);
    return column.required()
        ? new Schema.Field(column.name(), type)
        : new Schema.Field(
            column.name(),
            Schema.createUnion(Schema.create(Schema.Type.NULL), type),
            null,
            Schema.Field.NULL_DEFAULT_VALUE);
  }

  private static Schema type(ColumnSchema column) {
    ConvertedType converted = column.element().getConverted_type();
    return switch (column.physical()) {
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case INT32 -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case INT64 ->
          converted == ConvertedType.TIMESTAMP_MICROS
              ? LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG))
              : Schema.create(Schema.Type.LONG);
      case BYTE_ARRAY ->
          Schema.create(converted == ConvertedType.UTF8 ? Schema.Type.STRING : Schema.Type.BYTES);
      case FIXED_LEN_BYTE_ARRAY ->
          LogicalTypes.decimal(column.element().getPrecision(), column.element().getScale())
              .addToSchema(
                  Schema.createFixed("decimal_" + column.name(), null, null, column.fixedBytes()));
      default -> throw new IllegalArgumentException("Cannot write %s".formatted(column.typeName()));
    };
  }

  private GenericRecord record(Schema schema, ColumnBatch batch, int row) {
    GenericRecord record = new GenericData.Record(schema);
    record.put(0, batch.timestamps()[row]);
    for (int i = 1; i < columns.size(); i++) {
      Schema.Field field = schema.getFields().get(i);
      record.put(i, value(columns.get(i), field, batch.columns().get(i - 1), row));
    }

    return record;
  }

  private static @Nullable Object value(
      ColumnSchema column, Schema.Field field, ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    } else if (vector instanceof Longs longs) {
      long bits = longs.values()[row];
      return column.physical() == Type.DOUBLE ? (Object) Double.longBitsToDouble(bits) : bits;
    } else if (vector instanceof Ints ints) {
      int bits = ints.values()[row];
      return column.physical() == Type.FLOAT ? (Object) Float.intBitsToFloat(bits) : bits;
    } else if (vector instanceof Booleans booleans) {
      return booleans.values()[row];
    }

    Binaries binaries = (Binaries) vector;
    int from = binaries.offsets()[row];
    byte[] bytes = Arrays.copyOfRange(binaries.bytes(), from, from + binaries.length(row));
    if (column.physical() == Type.FIXED_LEN_BYTE_ARRAY) {
      return new GenericData.Fixed(field.schema().getTypes().get(1), bytes);
    }

    return column.element().getConverted_type() == ConvertedType.UTF8
        ? new org.apache.avro.util.Utf8(bytes)
        : ByteBuffer.wrap(bytes);
  }
}
