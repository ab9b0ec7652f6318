package ml.bqx.warehouse.bigquery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The services that BigQueryIO calls, with reads as of one moment, answers within a time, and all
 * rows of a response as one record.
 *
 * <p>BigQueryIO itself knows neither: it takes no snapshot time, and waits for two hours. A
 * decorator in the table's name ({@code table@millis}) is no way, as Storage Read does not take it;
 * what it does take is a modifier of the read session.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/storage/rpc/google.cloud.bigquery.storage.v1#tablemodifiers">TableModifiers</a>
 */
final class SnapshotServices implements BigQueryServices {
  private static final long serialVersionUID = 1L;

  private final BigQueryServices services;
  private final @Nullable Instant snapshotTime;
  private final Duration timeout;

  /**
   * Services around others.
   *
   * @param snapshotTime null for what has no history, such as the results of a query
   */
  SnapshotServices(BigQueryServices services, @Nullable Instant snapshotTime, Duration timeout) {
    this.services = services;
    this.snapshotTime = snapshotTime;
    this.timeout = timeout;
  }

  @Override
  public StorageClient getStorageClient(BigQueryOptions options) throws IOException {
    return new SnapshotClient(services.getStorageClient(options), snapshotTime, timeout);
  }

  @Override
  public JobService getJobService(BigQueryOptions options) {
    return services.getJobService(options);
  }

  @Override
  public DatasetService getDatasetService(BigQueryOptions options) {
    return services.getDatasetService(options);
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return services.getWriteStreamService(options);
  }
}
