package ml.bqx.doubles;

import com.google.cloud.bigquery.storage.v1.AvroRows;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Rows of a DuckDB file in blocks of Avro, as the streams of a read session bring them. Answers are
 * kept: many tests read the same tables of one file, which none of them changes.
 */
final class AvroBlocks {
  static final int STREAMS = 3;

  private static final int BLOCK_ROWS = 300;

  private static final Map<FileState, AvroBlocks> FILES = new ConcurrentHashMap<>();

  private record FileState(Path file, FileTime written, long size) {}

  private record Answer(Map<String, String> columns, String select) {}

  private final Map<Answer, List<List<ReadRowsResponse>>> known = new ConcurrentHashMap<>();

  /** The answers out of a file as it is now. */
  static AvroBlocks over(Path file) throws IOException {
    return FILES.computeIfAbsent(
        new FileState(file, Files.getLastModifiedTime(file), Files.size(file)),
        state -> new AvroBlocks());
  }

  /**
   * The rows of a query: for each stream its blocks, which the streams take in turn.
   *
   * @param columns of the query, with BigQuery's names of their types
   */
  List<List<ReadRowsResponse>> of(FakeBigQuery file, Map<String, String> columns, String select)
      throws SQLException {
    Answer answer = new Answer(Map.copyOf(columns), select);
    List<List<ReadRowsResponse>> streams = known.get(answer);
    if (streams == null) {
      streams = read(file, columns, select);
      known.put(answer, streams);
    }

    return streams;
  }

  private static List<List<ReadRowsResponse>> read(
      FakeBigQuery file, Map<String, String> columns, String select) throws SQLException {
    Schema schema = schema(columns);
    List<String> types = List.copyOf(columns.values());
    List<List<ReadRowsResponse>> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      streams.add(new ArrayList<>());
    }

    try (Connection mine = file.connect();
        Statement statement = mine.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      ResultSet result = statement.executeQuery(select);
      for (int block = 0; ; block++) {
        List<GenericData.Record> rows = new ArrayList<>();
        while (rows.size() < BLOCK_ROWS && result.next()) {
          rows.add(record(schema, types, result));
        }

        if (rows.isEmpty()) {
          return streams;
        }

        streams.get(block % STREAMS).add(block(schema, rows));
      }
    }
  }

  private static ReadRowsResponse block(Schema schema, List<GenericData.Record> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    GenericDatumWriter<GenericData.Record> writer = new GenericDatumWriter<>(schema);
    try {
      for (GenericData.Record row : rows) {
        writer.write(row, encoder);
      }

      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    return ReadRowsResponse.newBuilder()
        .setAvroRows(
            AvroRows.newBuilder().setSerializedBinaryRows(ByteString.copyFrom(bytes.toByteArray())))
        .setRowCount(rows.size())
        .build();
  }

  /** The schema of rows: every column may be null. */
  static Schema schema(Map<String, String> columns) {
    Schema schema = Schema.createRecord("__root__", null, null, false);
    schema.setFields(
        columns.entrySet().stream()
            .map(
                e ->
                    new Schema.Field(
                        e.getKey(),
                        Schema.createUnion(Schema.create(Schema.Type.NULL), avro(e.getValue()))))
            .toList());
    return schema;
  }

  private static Schema avro(String type) {
    if (type.startsWith("NUMERIC")) {
      String[] digits = type.replaceAll("[^0-9,]", "").split(",");
      return LogicalTypes.decimal(Integer.parseInt(digits[0]), Integer.parseInt(digits[1]))
          .addToSchema(Schema.create(Schema.Type.BYTES));
    }

    return switch (type) {
      case "FLOAT64" -> Schema.create(Schema.Type.DOUBLE);
      case "INT64" -> Schema.create(Schema.Type.LONG);
      case "BOOL" -> Schema.create(Schema.Type.BOOLEAN);
      case "STRING" -> Schema.create(Schema.Type.STRING);
      case "BYTES" -> Schema.create(Schema.Type.BYTES);
      case "DATE" -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case "TIMESTAMP" ->
          LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static GenericData.Record record(Schema schema, List<String> types, ResultSet row)
      throws SQLException {
    GenericData.Record record = new GenericData.Record(schema);
    for (int i = 0; i < types.size(); i++) {
      if (row.getObject(i + 1) != null) {
        record.put(i, value(types.get(i), i + 1, row));
      }
    }

    return record;
  }

  private static Object value(String type, int column, ResultSet row) throws SQLException {
    if (type.startsWith("NUMERIC")) {
      BigDecimal value = row.getBigDecimal(column);
      return ByteBuffer.wrap(value.unscaledValue().toByteArray());
    }

    return switch (type) {
      case "FLOAT64" -> row.getDouble(column);
      case "INT64" -> row.getLong(column);
      case "BOOL" -> row.getBoolean(column);
      case "BYTES" -> ByteBuffer.wrap(row.getBytes(column));
      case "DATE" -> (int) row.getObject(column, LocalDate.class).toEpochDay();
      case "TIMESTAMP" -> micros(row, column);
      default -> row.getString(column);
    };
  }

  private static long micros(ResultSet row, int column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    Instant instant = time.toInstant(ZoneOffset.UTC);
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }
}
