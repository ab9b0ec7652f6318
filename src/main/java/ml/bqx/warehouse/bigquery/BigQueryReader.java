package ml.bqx.warehouse.bigquery;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.bigquery.BigQueryClient;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.GroupReader;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.warehouse.ColumnBatchCoder;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.TypedRead;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Reads tables of BigQuery, each with a BigQueryIO of its own, and brings the rows of each together
 * again: Storage Read splits a table into streams that end up anywhere.
 *
 * @param services what BigQueryIO calls
 */
record BigQueryReader(BigQueryConfig config, BigQueryServices services) implements WarehouseReader {
  /** Stands for a table, so that one without rows arrives too. */
  private static final ColumnBatch NO_ROWS = new ColumnBatch(new long[0], List.of(), 0);

  static final KvCoder<Integer, ColumnBatch> CODER =
      KvCoder.of(VarIntCoder.of(), ColumnBatchCoder.INSTANCE);

  @Override
  public PTransform<PBegin, PCollection<KV<Integer, Iterable<ColumnBatch>>>> tables(
      List<DiscoveredTable> tables, TimeRange range) {
    return PTransform.compose(begin -> read(begin, tables, range));
  }

  private PCollection<KV<Integer, Iterable<ColumnBatch>>> read(
      PBegin begin, List<DiscoveredTable> tables, TimeRange range) {
    BigQueryServices asOf =
        new SnapshotServices(services, config.snapshotTime(), config.readTimeout());
    List<PCollection<KV<Integer, ColumnBatch>>> reads = new ArrayList<>();
    List<KV<Integer, ColumnBatch>> none = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      FeatureGroup group = tables.get(i).group();
      reads.add(
          begin.apply(
              group.table().name(),
              tables.get(i).isView()
                  ? query(i, tables.get(i), range)
                  : Read.from(new TableSource(i, config.project(), tables.get(i), range, asOf))));
      none.add(KV.of(i, NO_ROWS));
    }

    return PCollectionList.of(begin.apply("Every table", Create.of(none).withCoder(CODER)))
        .and(reads)
        .apply("All batches", Flatten.pCollections())
        .apply("Batches of a table", GroupByKey.create());
  }

  private PTransform<PBegin, PCollection<KV<Integer, ColumnBatch>>> query(
      int index, DiscoveredTable view, TimeRange range) {
    return BigQueryIO.read(new RowParser(index, view.group()))
        .withCoder(CODER)
        .withMethod(TypedRead.Method.DIRECT_READ)
        .withoutValidation()
        .fromQuery(ReadSql.query(config.project(), view, range))
        .usingStandardSql()
        .withTestServices(new SnapshotServices(services, null, config.readTimeout()));
  }

  @Override
  public List<DiscoveredTable> counted(
      List<DiscoveredTable> tables, TimeRange range, PipelineOptions options) {
    return new RowCounts(BigQueryClient.of(options, config.readTimeout()), config)
        .in(tables, range);
  }

  /**
   * Rows are compared with those that were counted. Without a snapshot time more may have come
   * since.
   */
  @Override
  public GroupReader open(DiscoveredTable table, Iterable<ColumnBatch> brought, TimeRange range) {
    List<ColumnBatch> batches = new ArrayList<>(List.of(RecordLayout.noRows(table.group())));
    for (ColumnBatch batch : brought) {
      if (!batch.columns().isEmpty()) {
        batches.add(batch);
      }
    }

    ColumnBatch rows = ColumnBatch.concat(batches);
    long read = rows.rows() + rows.rowsWithoutTimestamp();
    boolean mayGrow = config.snapshotTime() == null;
    if (table.rows() != DiscoveredTable.UNKNOWN_ROWS
        && (mayGrow ? read < table.rows() : read != table.rows())) {
      throw new InvalidInputException(
          "Cannot extract table %s: it has %,d rows%s, %,d were received; run again"
              .formatted(
                  table.name(),
                  table.rows(),
                  range.equals(TimeRange.ALL) ? "" : " in the time range that is read",
                  read));
    }

    return rows::within;
  }

  @Override
  public void close() {}
}
