package ml.bqx.doubles;

import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.AvroSchema;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamRequest;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamResponse;
import com.google.common.collect.Iterables;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import java.io.Serializable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.BigQueryServerStream;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StorageClient;

/**
 * Storage Read over a DuckDB file: a session answers with an Avro schema and a few streams, a
 * stream with its share of the table's rows in blocks of Avro, as the service does.
 */
final class FakeStorageRead implements StorageClient, Serializable {
  private static final long serialVersionUID = 1L;

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
        session.setAvroSchema(
            AvroSchema.newBuilder().setSchema(AvroBlocks.schema(columns).toString()));
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
      for (int i = 0; i < AvroBlocks.STREAMS; i++) {
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
      Timestamp moment = request.getReadSession().getTableModifiers().getSnapshotTime();
      bigQuery
          .refusal(dataset, table, Instant.ofEpochSecond(moment.getSeconds(), moment.getNanos()))
          .ifPresent(
              refusal -> {
                throw refusal(
                    refusal.status() == 403
                        ? Status.Code.PERMISSION_DENIED
                        : Status.Code.INVALID_ARGUMENT,
                    (refusal.status() == 403 ? "" : "request failed: ") + refusal.message());
              });
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

  @Override
  public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request) {
    String[] parts = request.getReadStream().split("\u0001");
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : parts[2].split("\u0002")) {
      columns.put(column.split(" ", 2)[0], column.split(" ", 2)[1]);
    }

    try {
      List<ReadRowsResponse> blocks =
          bigQuery().blocks.of(bigQuery(), columns, parts[3]).get(Integer.parseInt(parts[1]));
      return new Blocks(blocks, bigQuery().faults.get(parts[0]));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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
      } else if (fault == FakeBigQuery.Fault.REPEATS) {
        return Iterables.concat(blocks, blocks).iterator();
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
