package ml.bqx.warehouse.bigquery;

import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import java.io.IOException;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.warehouse.DiscoveredTable;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StorageClient;

/**
 * What reading one table will take.
 *
 * @param bytes what Storage Read will scan, by its own estimate; 0 for a view
 */
public record ReadEstimate(DiscoveredTable table, long bytes) {
  /** Bytes of a TiB, the unit of the price. */
  private static final double TIB = 1L << 40;

  /**
   * Estimates reads. A read session is made for each table, which costs nothing and shows that the
   * table may be read.
   *
   * @throws ml.bqx.failure.InvalidInputException naming the tables that cannot be read
   */
  public static List<ReadEstimate> of(
      List<DiscoveredTable> tables,
      TimeRange dates,
      BigQueryConfig config,
      BigQueryServices services,
      BigQueryOptions options)
      throws IOException {
    BigQueryServices asOf =
        new SnapshotServices(services, config.snapshotTime(), config.readTimeout());
    try (StorageClient client = asOf.getStorageClient(options)) {
      return ParallelCalls.of(
          tables,
          table ->
              new ReadEstimate(
                  table,
                  table.isView()
                      ? 0
                      : client
                          .createReadSession(request(table, config.project(), dates))
                          .getEstimatedTotalBytesScanned()));
    }
  }

  /** US dollars for reading so many bytes. */
  public static double dollars(long bytes, double pricePerTiB) {
    return bytes / TIB * pricePerTiB;
  }

  private static CreateReadSessionRequest request(
      DiscoveredTable table, String project, TimeRange dates) {
    FeatureGroup group = table.group();
    ReadSession.Builder session =
        ReadSession.newBuilder()
            .setTable(
                "projects/%s/datasets/%s/tables/%s"
                    .formatted(project, group.table().dataset(), group.table().name()))
            .setDataFormat(DataFormat.AVRO);
    session
        .getReadOptionsBuilder()
        .addAllSelectedFields(ReadSql.columns(group).stream().map(Column::name).toList())
        .setRowRestriction(ReadSql.restriction(table, dates));

    return CreateReadSessionRequest.newBuilder()
        .setParent("projects/" + project)
        .setReadSession(session)
        .setMaxStreamCount(1)
        .build();
  }
}
