package ml.bqx.warehouse.bigquery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import ml.bqx.bigquery.BeamBigQuery;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.checkpoint.commit.GroupReader;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.warehouse.ColumnBatchCoder;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.TableNumbers;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
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
 * Reads tables of BigQuery where their checkpoints are made, and views by a query that BigQueryIO
 * runs.
 *
 * @param services what BigQueryIO calls
 */
public record BigQueryReader(BigQueryConfig config, BigQueryServices services)
    implements WarehouseReader {
  /** Stands for a view, so that one without rows arrives too. */
  private static final ColumnBatch NO_ROWS = new ColumnBatch(new long[0], List.of(), 0);

  static final KvCoder<Integer, ColumnBatch> CODER =
      KvCoder.of(VarIntCoder.of(), ColumnBatchCoder.INSTANCE);

  @Override
  public PTransform<PBegin, PCollection<KV<Integer, Iterable<ColumnBatch>>>> tables(
      List<DiscoveredTable> tables, TimeRange range, int bundles) {
    return PTransform.compose(begin -> read(begin, tables, range, bundles));
  }

  private PCollection<KV<Integer, Iterable<ColumnBatch>>> read(
      PBegin begin, List<DiscoveredTable> tables, TimeRange range, int bundles) {
    List<Integer> views = numbers(tables, DiscoveredTable::isView);
    PCollection<KV<Integer, Iterable<ColumnBatch>>> read =
        begin.apply(
            "Numbers", new TableNumbers(numbers(tables, table -> !table.isView()), bundles));
    return views.isEmpty()
        ? read
        : PCollectionList.of(read)
            .and(views(begin, views, tables, range))
            .apply("Tables and views", Flatten.pCollections());
  }

  private static List<Integer> numbers(
      List<DiscoveredTable> tables, Predicate<DiscoveredTable> wanted) {
    return IntStream.range(0, tables.size())
        .filter(number -> wanted.test(tables.get(number)))
        .boxed()
        .toList();
  }

  /** What queries answer comes in streams that end up anywhere, and is brought together again. */
  private PCollection<KV<Integer, Iterable<ColumnBatch>>> views(
      PBegin begin, List<Integer> numbers, List<DiscoveredTable> tables, TimeRange range) {
    List<PCollection<KV<Integer, ColumnBatch>>> reads = new ArrayList<>();
    List<KV<Integer, ColumnBatch>> none = new ArrayList<>();
    for (int number : numbers) {
      DiscoveredTable view = tables.get(number);
      reads.add(begin.apply(view.group().table().name(), query(number, view, range)));
      none.add(KV.of(number, NO_ROWS));
    }

    return PCollectionList.of(begin.apply("Every view", Create.of(none).withCoder(CODER)))
        .and(reads)
        .apply("All batches", Flatten.pCollections())
        .apply("Batches of a view", GroupByKey.create());
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
    return new RowCounts(BeamBigQuery.client(options, config.readTimeout()), config)
        .in(tables, range);
  }

  /**
   * Rows are compared with those that were counted. Without a snapshot time more may have come
   * since.
   */
  @Override
  public GroupReader open(
      DiscoveredTable table,
      Iterable<ColumnBatch> brought,
      TimeRange range,
      PipelineOptions options)
      throws IOException {
    Iterable<ColumnBatch> read =
        table.isView()
            ? brought
            : new TableRead(
                    config.project(),
                    table,
                    range,
                    new SnapshotServices(services, config.snapshotTime(), config.readTimeout()))
                .batches(options);
    List<ColumnBatch> batches = new ArrayList<>(List.of(RecordLayout.noRows(table.group())));
    for (ColumnBatch batch : read) {
      if (!batch.columns().isEmpty()) {
        batches.add(batch);
      }
    }

    ColumnBatch rows = ColumnBatch.concat(batches);
    long found = rows.rows() + rows.rowsWithoutTimestamp();
    boolean mayGrow = config.snapshotTime() == null;
    if (table.rows() != DiscoveredTable.UNKNOWN_ROWS
        && (mayGrow ? found < table.rows() : found != table.rows())) {
      throw new InvalidInputException(
          "Cannot extract table %s: it has %,d rows%s, %,d were received; run again"
              .formatted(
                  table.name(),
                  table.rows(),
                  range.equals(TimeRange.ALL) ? "" : " in the time range that is read",
                  found));
    }

    return rows::within;
  }

  @Override
  public void close() {}
}
