package ml.bqx.doubles;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import java.sql.SQLException;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeBigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;

/**
 * What BigQueryIO calls. As short as the real ones when a graph is written: only the number is.
 *
 * @param number of the {@link FakeBigQuery} behind them
 */
record FakeIoServices(int number) implements BigQueryServices {
  private FakeBigQueryServices services() {
    return new FakeBigQueryServices()
        .withDatasetService(new Tables(number))
        .withJobService(new FakeQueryJobs(number))
        .withStorageClient(new FakeStorageRead(number));
  }

  @Override
  public JobService getJobService(BigQueryOptions options) {
    return services().getJobService(options);
  }

  @Override
  public DatasetService getDatasetService(BigQueryOptions options) {
    return services().getDatasetService(options);
  }

  @Override
  public WriteStreamService getWriteStreamService(BigQueryOptions options) {
    return services().getWriteStreamService(options);
  }

  @Override
  public StorageClient getStorageClient(BigQueryOptions options) {
    return services().getStorageClient(options);
  }

  /** What BigQueryIO asks before it reads. */
  private static final class Tables extends FakeDatasetService {
    private static final long serialVersionUID = 1L;

    private final int number;

    Tables(int number) {
      this.number = number;
    }

    @Override
    public Table getTableImpl(
        TableReference reference, List<String> fields, TableMetadataView view) {
      try {
        return FakeBigQuery.RUNNING
            .get(number)
            .table(reference.getDatasetId(), reference.getTableId());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
