package ml.bqx.warehouse.bigquery;

import com.google.api.services.bigquery.model.TableReference;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.warehouse.DiscoveredTable;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageTableSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.ValueProvider;
import org.apache.beam.sdk.options.ValueProvider.StaticValueProvider;
import org.apache.beam.sdk.values.KV;

/**
 * Reads a whole table where its checkpoint is made, with the source of BigQueryIO's {@code
 * DIRECT_READ}: the rows of its streams meet without a shuffle.
 *
 * @param project of the table
 * @param range the timestamps that are wanted; BigQuery leaves out all others
 * @param services what BigQueryIO calls
 */
record TableRead(
    String project, DiscoveredTable table, TimeRange range, BigQueryServices services) {
  /**
   * Bytes for a stream. BigQueryIO asks for ten streams at least, and gets fewer of small tables.
   */
  private static final long BYTES_PER_STREAM = 64 << 20;

  /** Streams read side by side: each waits for the service most of the time. */
  private static final int STREAMS = 4;

  /** All rows, a batch for each response of the service, in the order of the streams. */
  List<ColumnBatch> batches(PipelineOptions options) throws IOException {
    return ParallelCalls.of(STREAMS, streams(options), stream -> batches(stream, options)).stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<? extends BoundedSource<KV<Integer, ColumnBatch>>> streams(PipelineOptions options)
      throws IOException {
    try {
      return source().split(BYTES_PER_STREAM, options);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private BigQueryStorageTableSource<KV<Integer, ColumnBatch>> source() {
    FeatureGroup group = table.group();
    RowParser parser = new RowParser(0, group);
    TableReference reference =
        new TableReference()
            .setProjectId(project)
            .setDatasetId(group.table().dataset())
            .setTableId(group.table().name());
    ValueProvider<List<String>> fields =
        StaticValueProvider.of(parser.columns().stream().map(Column::name).toList());
    String restriction = ReadSql.restriction(table, range);
    return BigQueryStorageTableSource.create(
        StaticValueProvider.of(reference),
        DataFormat.AVRO,
        fields,
        restriction.isEmpty() ? null : StaticValueProvider.of(restriction),
        parser,
        BigQueryReader.CODER,
        services,
        false);
  }

  private static List<ColumnBatch> batches(
      BoundedSource<KV<Integer, ColumnBatch>> stream, PipelineOptions options) throws IOException {
    List<ColumnBatch> batches = new ArrayList<>();
    try (BoundedSource.BoundedReader<KV<Integer, ColumnBatch>> reader =
        stream.createReader(options)) {
      for (boolean more = reader.start(); more; more = reader.advance()) {
        batches.add(reader.getCurrent().getValue());
      }
    }

    return batches;
  }
}
