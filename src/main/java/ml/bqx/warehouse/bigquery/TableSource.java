package ml.bqx.warehouse.bigquery;

import com.google.api.services.bigquery.model.TableReference;
import com.google.cloud.bigquery.storage.v1.DataFormat;
import java.util.List;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.warehouse.DiscoveredTable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageTableSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.ValueProvider;
import org.apache.beam.sdk.options.ValueProvider.StaticValueProvider;
import org.apache.beam.sdk.values.KV;

/**
 * A table as BigQueryIO reads it with {@code DIRECT_READ}, made when it is split.
 *
 * <p>A graph has hundreds of reads. BigQueryIO would write each of them into it with three copies
 * of its display data, two nodes more, and a source three times as long as this one; that is a
 * third of the graph.
 */
final class TableSource extends BoundedSource<KV<Integer, ColumnBatch>> {
  private static final long serialVersionUID = 1L;

  private final String project;
  private final String dataset;
  private final String table;
  private final RowParser parser;
  private final String restriction;
  private final BigQueryServices services;

  /**
   * Reads the columns of a group.
   *
   * @param index which group of the pipeline's it is
   * @param range the timestamps that are wanted; BigQuery leaves out all others
   * @param services what BigQueryIO calls
   */
  TableSource(
      int index,
      String project,
      DiscoveredTable discovered,
      TimeRange range,
      BigQueryServices services) {
    FeatureGroup group = discovered.group();
    this.project = project;
    this.dataset = group.table().dataset();
    this.table = group.table().name();
    this.parser = new RowParser(index, group);
    this.restriction = ReadSql.restriction(discovered, range);
    this.services = services;
  }

  private BigQueryStorageTableSource<KV<Integer, ColumnBatch>> source() {
    TableReference reference =
        new TableReference().setProjectId(project).setDatasetId(dataset).setTableId(table);
    ValueProvider<List<String>> fields =
        StaticValueProvider.of(parser.columns().stream().map(Column::name).toList());
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

  @Override
  public List<? extends BoundedSource<KV<Integer, ColumnBatch>>> split(
      long bundleBytes, PipelineOptions options) throws Exception {
    return source().split(bundleBytes, options);
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) throws Exception {
    return source().getEstimatedSizeBytes(options);
  }

  @Override
  public Coder<KV<Integer, ColumnBatch>> getOutputCoder() {
    return BigQueryReader.CODER;
  }

  @Override
  public BoundedReader<KV<Integer, ColumnBatch>> createReader(PipelineOptions options) {
    throw new UnsupportedOperationException("A table is split into streams before it is read");
  }
}
