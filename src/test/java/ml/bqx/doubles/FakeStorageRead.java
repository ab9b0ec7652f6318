package ml.bqx.doubles;

import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.AvroRows;
import com.google.cloud.bigquery.storage.v1.AvroSchema;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamRequest;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.BigQueryServerStream;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StorageClient;

/**
 * Storage Read over a DuckDB file: a session answers with an Avro schema and a few streams, a
 * stream with every so manieth row of the table in blocks of Avro, as the service does.
 */
final class FakeStorageRead implements StorageClient, Serializable {
  private static final long serialVersionUID = 1L;

  private static final int STREAMS = 3;
  private static final int BLOCK_ROWS = 300;

  private final int number;

  FakeStorageRead(int number) {
    this.number = number;
  }

  private FakeBigQuery bigQuery() {
    return FakeBigQuery.RUNNING.get(number);
  }

  @Override
  public ReadSession createReadSession(CreateReadSessionRequest request) {
    FakeBigQuery bigQuery = bigQuery();
    bigQuery.sessions.add(request);
    String[] parts = request.getReadSession().getTable().split("/");
    String table = parts[5];
    Optional.ofNullable(bigQuery.meanwhile.remove(table)).ifPresent(Runnable::run);
    FakeBigQuery.Fault fault = bigQuery.faults.get(table);
    if (fault == FakeBigQuery.Fault.DENIED) {
      throw refusal(Status.Code.PERMISSION_DENIED, "Access Denied: Table " + table);
    } else if (fault == FakeBigQuery.Fault.QUOTA) {
      throw refusal(Status.Code.RESOURCE_EXHAUSTED, "Quota exceeded: read sessions");
    } else if (fault == FakeBigQuery.Fault.DROPPED) {
      throw refusal(Status.Code.NOT_FOUND, "Not found: Table " + table);
    } else if (fault == FakeBigQuery.Fault.HANGS) {
      hang();
    }

    String restriction = request.getReadSession().getReadOptions().getRowRestriction();
    refuse(request, parts[3], table, restriction);
    try {
      Map<String, String> columns = columns(request, parts[3], table);
      ReadSession.Builder session = request.getReadSession().toBuilder();
      session.setName("sessions/" + bigQuery.sessions.size());
      boolean isAvro = request.getReadSession().getDataFormat() == DataFormat.AVRO;
      if (isAvro && fault != FakeBigQuery.Fault.NO_SCHEMA) {
        session.setAvroSchema(AvroSchema.newBuilder().setSchema(schema(columns).toString()));
      }

      session.setEstimatedTotalBytesScanned(
          bigQuery.table(parts[3], table).getNumRows().longValue() * 8 * columns.size());
      String select =
          "SELECT %s FROM %s%s"
              .formatted(
                  columns.keySet().stream()
                      .map(name -> '"' + name + '"')
                      .collect(Collectors.joining(", ")),
                  bigQuery.source(parts[3], table),
                  restriction.isEmpty() ? "" : " WHERE " + restriction);
      for (int i = 0; i < STREAMS; i++) {
        session.addStreams(
            ReadStream.newBuilder()
                .setName(String.join("\u0001", table, "" + i, types(columns), select)));
      }

      return session.build();
    } catch (SQLException e) {
      throw refusal(Status.Code.INVALID_ARGUMENT, e.getMessage());
    }
  }

  /** What the documentation says that a session is refused for. */
  private void refuse(
      CreateReadSessionRequest request, String dataset, String table, String restriction) {
    FakeBigQuery bigQuery = bigQuery();
    if (!List.of("BASE TABLE", "SNAPSHOT", "CLONE")
        .contains(bigQuery.kinds.getOrDefault(table, "BASE TABLE"))) {
      throw refusal(
          Status.Code.INVALID_ARGUMENT,
          "request failed: non-table entities cannot be read with the storage API");
    }

    String name = "%s:%s.%s".formatted(FakeBigQuery.PROJECT, dataset, table);
    String column = bigQuery.partitions.getOrDefault(table, "");
    if (bigQuery.filtersRequired.contains(table) && !restriction.contains(column)) {
      throw refusal(
          Status.Code.INVALID_ARGUMENT,
          "request failed: Query error: Cannot query over table '%s' without a filter over column(s) '%s' that can be used for partition elimination"
              .formatted(name, column));
    }

    if (request.getReadSession().getTableModifiers().hasSnapshotTime()) {
      refuse(request.getReadSession().getTableModifiers().getSnapshotTime(), table, name);
    }
  }

  private void refuse(Timestamp snapshot, String table, String name) {
    Instant history = bigQuery().histories.getOrDefault(table, Instant.MIN);
    long millis = snapshot.getSeconds() * 1_000 + snapshot.getNanos() / 1_000_000;
    if (bigQuery().policies.containsKey(table)) {
      throw refusal(
          Status.Code.PERMISSION_DENIED,
          "Access Denied: BigQuery BigQuery: Time travel on table %s is forbidden as it has (or has had) row access policies."
              .formatted(name));
    } else if (Instant.ofEpochMilli(millis).isBefore(history)) {
      throw refusal(
          Status.Code.INVALID_ARGUMENT,
          "request failed: Invalid snapshot time %1$d for table %2$s@%1$d. Cannot read before %3$d."
              .formatted(millis, name, history.toEpochMilli()));
    }
  }

  private static void hang() {
    try {
      Thread.sleep(600_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ApiException refusal(Status.Code code, String message) {
    return new ApiException(
        Status.fromCode(code).withDescription(message).asRuntimeException(),
        GrpcStatusCode.of(code),
        false);
  }

  /** The columns asked for, in the table's order. */
  private Map<String, String> columns(
      CreateReadSessionRequest request, String dataset, String table) throws SQLException {
    List<String> wanted = request.getReadSession().getReadOptions().getSelectedFieldsList();
    Map<String, String> columns = new LinkedHashMap<>();
    bigQuery()
        .columns(dataset, table)
        .forEach(
            (name, type) -> {
              if (wanted.isEmpty() || wanted.contains(name)) {
                columns.put(name, bigQuery().changedTypes.getOrDefault(table + "." + name, type));
              }
            });
    return columns;
  }

  private static String types(Map<String, String> columns) {
    return columns.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining("\u0002"));
  }

  private static Schema schema(Map<String, String> columns) {
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

  @Override
  public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request) {
    String[] parts = request.getReadStream().split("\u0001");
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : parts[2].split("\u0002")) {
      columns.put(column.split(" ", 2)[0], column.split(" ", 2)[1]);
    }

    try {
      List<ReadRowsResponse> blocks = blocks(Integer.parseInt(parts[1]), columns, parts[3]);
      return new Blocks(blocks, bigQuery().faults.get(parts[0]));
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<ReadRowsResponse> blocks(int stream, Map<String, String> columns, String select)
      throws SQLException, IOException {
    Schema schema = schema(columns);
    List<ReadRowsResponse> blocks = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    GenericDatumWriter<GenericData.Record> writer = new GenericDatumWriter<>(schema);
    int rows = 0;
    try (Connection mine = bigQuery().connect();
        Statement statement = mine.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      ResultSet result = statement.executeQuery(select);
      for (int row = 0; result.next(); row++) {
        if (row / BLOCK_ROWS % STREAMS != stream) {
          continue;
        }

        writer.write(record(schema, List.copyOf(columns.values()), result), encoder);
        if (++rows == BLOCK_ROWS) {
          blocks.add(block(encoder, bytes, rows));
          rows = 0;
        }
      }
    }

    if (rows > 0) {
      blocks.add(block(encoder, bytes, rows));
    }

    return blocks;
  }

  private static ReadRowsResponse block(
      BinaryEncoder encoder, ByteArrayOutputStream bytes, int rows) throws IOException {
    encoder.flush();
    ByteString block = ByteString.copyFrom(bytes.toByteArray());
    bytes.reset();
    return ReadRowsResponse.newBuilder()
        .setAvroRows(AvroRows.newBuilder().setSerializedBinaryRows(block))
        .setRowCount(rows)
        .build();
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
      case "DATE" -> (int) row.getObject(column, java.time.LocalDate.class).toEpochDay();
      case "TIMESTAMP" -> micros(row, column);
      default -> row.getString(column);
    };
  }

  private static long micros(ResultSet row, int column) throws SQLException {
    java.time.LocalDateTime time = row.getObject(column, java.time.LocalDateTime.class);
    java.time.Instant instant = time.toInstant(java.time.ZoneOffset.UTC);
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  @Override
  public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request, String table) {
    return readRows(request);
  }

  @Override
  public SplitReadStreamResponse splitReadStream(SplitReadStreamRequest request) {
    return SplitReadStreamResponse.getDefaultInstance();
  }

  @Override
  public SplitReadStreamResponse splitReadStream(SplitReadStreamRequest request, String table) {
    return splitReadStream(request);
  }

  @Override
  public void close() {}

  /** The blocks of a stream, as far as its fault lets them through. */
  private record Blocks(List<ReadRowsResponse> blocks, FakeBigQuery.Fault fault)
      implements BigQueryServerStream<ReadRowsResponse> {
    @Override
    public Iterator<ReadRowsResponse> iterator() {
      if (fault == FakeBigQuery.Fault.ENDS) {
        return blocks.subList(0, blocks.size() / 2).iterator();
      } else if (fault == FakeBigQuery.Fault.CUT && !blocks.isEmpty()) {
        return List.of(cut(blocks.get(0))).iterator();
      }

      Iterator<ReadRowsResponse> all = blocks.iterator();
      return fault != FakeBigQuery.Fault.BREAKS
          ? all
          : new Iterator<>() {
            @Override
            public boolean hasNext() {
              return true;
            }

            @Override
            public ReadRowsResponse next() {
              if (!all.hasNext()) {
                throw refusal(Status.Code.UNAVAILABLE, "Connection reset");
              }

              return all.next();
            }
          };
    }

    private static ReadRowsResponse cut(ReadRowsResponse block) {
      ByteString rows = block.getAvroRows().getSerializedBinaryRows();
      ReadRowsResponse.Builder half = block.toBuilder();
      half.getAvroRowsBuilder().setSerializedBinaryRows(rows.substring(0, rows.size() - 3));
      return half.build();
    }

    @Override
    public void cancel() {}
  }
}
