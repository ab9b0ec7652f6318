package ml.bqx.warehouse.bigquery;

import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamRequest;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamResponse;
import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import ml.bqx.failure.InvalidInputException;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.BigQueryServerStream;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StorageClient;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Storage Read as of one moment, each response's rows as one record (see {@link PackedRows}); an
 * answer that does not come in time is an error.
 */
final class SnapshotClient implements StorageClient {
  private final StorageClient client;
  private final @Nullable Instant snapshotTime;
  private final Duration timeout;

  SnapshotClient(StorageClient client, @Nullable Instant snapshotTime, Duration timeout) {
    this.client = client;
    this.snapshotTime = snapshotTime;
    this.timeout = timeout;
  }

  @Override
  public ReadSession createReadSession(CreateReadSessionRequest request) {
    ReadSession.Builder session = request.getReadSession().toBuilder();
    if (snapshotTime != null) {
      session
          .getTableModifiersBuilder()
          .setSnapshotTime(
              Timestamp.newBuilder()
                  .setSeconds(snapshotTime.getEpochSecond())
                  .setNanos(snapshotTime.getNano()));
    }

    CreateReadSessionRequest asOf = request.toBuilder().setReadSession(session).build();
    TimedRead read = new TimedRead(session.getTable(), timeout);
    ReadSession created = read.call(() -> client.createReadSession(asOf));
    if (created.getAvroSchema().getSchema().isEmpty()) {
      throw new InvalidInputException(
          "Cannot read table %s: BigQuery did not return the schema of its rows"
              .formatted(read.name()));
    }

    return PackedRows.pack(created);
  }

  @Override
  public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request, String table) {
    TimedRead read = new TimedRead(table, timeout);
    return new TimedStream(read.call(() -> client.readRows(request, table)), read);
  }

  @Override
  public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request) {
    return readRows(request, request.getReadStream());
  }

  /**
   * Never splits: BigQueryIO would go on at the row whose number is that of its records so far. A
   * session has ten streams and more where that pays.
   */
  @Override
  public SplitReadStreamResponse splitReadStream(SplitReadStreamRequest request) {
    return SplitReadStreamResponse.getDefaultInstance();
  }

  @Override
  public SplitReadStreamResponse splitReadStream(SplitReadStreamRequest request, String table) {
    return splitReadStream(request);
  }

  @Override
  public void reportPendingMetrics() {
    client.reportPendingMetrics();
  }

  @Override
  public void close() {
    client.close();
  }

  /** A stream of responses, each of which must come in time. */
  private record TimedStream(BigQueryServerStream<ReadRowsResponse> stream, TimedRead read)
      implements BigQueryServerStream<ReadRowsResponse> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<ReadRowsResponse> iterator() {
      Iterator<ReadRowsResponse> responses = read.call(stream::iterator);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return read.call(responses::hasNext);
        }

        @Override
        public ReadRowsResponse next() {
          return PackedRows.pack(read.call(responses::next));
        }
      };
    }

    @Override
    public void cancel() {
      stream.cancel();
    }
  }
}
