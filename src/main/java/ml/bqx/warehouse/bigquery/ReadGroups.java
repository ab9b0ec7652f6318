package ml.bqx.warehouse.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.ColumnBatchCoder;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.options.BigQueryConfig;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.TypedRead;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
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
 * <p>Output: the number of each table in the list, and its rows in batches; one without rows has an
 * empty batch.
 */
public final class ReadGroups
    extends PTransform<PBegin, PCollection<KV<Integer, Iterable<ColumnBatch>>>> {
  private static final long serialVersionUID = 1L;

  private static final ColumnBatch NO_ROWS = new ColumnBatch(new long[0], List.of(), 0);

  static final KvCoder<Integer, ColumnBatch> CODER =
      KvCoder.of(VarIntCoder.of(), ColumnBatchCoder.INSTANCE);

  private final List<BigQueryTable> tables;
  private final BigQueryConfig config;
  private final TimeRange range;
  private final BigQueryServices services;

  /**
   * Reads the tables.
   *
   * @param range the timestamps that are wanted; BigQuery leaves out all others
   * @param services what BigQueryIO calls
   */
  public ReadGroups(
      List<BigQueryTable> tables,
      BigQueryConfig config,
      TimeRange range,
      BigQueryServices services) {
    this.tables = tables;
    this.config = config;
    this.range = range;
    this.services = services;
  }

  @Override
  public PCollection<KV<Integer, Iterable<ColumnBatch>>> expand(PBegin begin) {
    BigQueryServices asOf =
        new SnapshotServices(services, config.snapshotTime(), config.readTimeout());
    List<PCollection<KV<Integer, ColumnBatch>>> reads = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      reads.add(begin.apply(tables.get(i).group().table().name(), read(i, asOf)));
    }

    PCollection<KV<Integer, ColumnBatch>> none =
        begin.apply(
            "Every group",
            Create.of(IntStream.range(0, tables.size()).mapToObj(i -> KV.of(i, NO_ROWS)).toList())
                .withCoder(CODER));
    return PCollectionList.of(reads)
        .and(none)
        .apply("All batches", Flatten.pCollections())
        .apply("Batches of a group", GroupByKey.create());
  }

  private PTransform<PBegin, PCollection<KV<Integer, ColumnBatch>>> read(
      int index, BigQueryServices asOf) {
    BigQueryTable table = tables.get(index);
    return table.isView()
        ? BigQueryIO.read(new RowParser(index, table.group()))
            .withCoder(CODER)
            .withMethod(TypedRead.Method.DIRECT_READ)
            .withoutValidation()
            .fromQuery(ReadSql.query(config.project(), table.group(), range))
            .usingStandardSql()
            .withTestServices(new SnapshotServices(services, null, config.readTimeout()))
        : Read.from(new TableSource(index, config.project(), table.group(), range, asOf));
  }
}
