package ml.bqx.extract;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Spine;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ExtractConfig;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.bigquery.BigQueryTable;
import ml.bqx.warehouse.bigquery.RecordLayout;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the checkpoint of a feature group of which all rows are here. */
final class CommitGroup extends DoFn<KV<Integer, Iterable<ColumnBatch>>, GroupOutcome> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(CommitGroup.class);

  private final Storage storage;
  private final ExtractConfig config;
  private final List<BigQueryTable> tables;
  private final boolean isWhole;
  private final Counter extracted =
      Metrics.counter(Extraction.EXTRACTED.getNamespace(), Extraction.EXTRACTED.getName());
  private final Counter done =
      Metrics.counter(Extraction.DONE.getNamespace(), Extraction.DONE.getName());
  private transient Spine spine;

  /**
   * Commits groups.
   *
   * @param tables those that were read, in the order of the input's numbers
   * @param isWhole whether all rows of the tables were asked for, so that they can be counted
   */
  CommitGroup(Storage storage, ExtractConfig config, List<BigQueryTable> tables, boolean isWhole) {
    this.storage = storage;
    this.config = config;
    this.tables = List.copyOf(tables);
    this.isWhole = isWhole;
  }

  @Setup
  public void readSpine() throws IOException {
    spine = CommittedSpine.read(storage, config);
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<ColumnBatch>> read, OutputReceiver<GroupOutcome> out) {
    out.output(outcome(tables.get(read.getKey()), read.getValue()));
    done.inc();
  }

  private GroupOutcome outcome(BigQueryTable table, Iterable<ColumnBatch> batches) {
    String name = table.group().table().qualifiedName();
    try {
      ColumnBatch rows = rows(table, batches, isWhole);
      CheckpointCommit commit = new CheckpointCommit(storage, config, table.group(), spine);
      GroupOutcome committed = GroupOutcome.committed(commit.extract(rows::within));
      extracted.inc();
      return committed;
    } catch (InvalidInputException | InvalidParquetException e) {
      return GroupOutcome.failed(e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot extract table {}", name, e);
      return GroupOutcome.failed("Cannot extract table %s: %s".formatted(name, e));
    }
  }

  /**
   * The rows of a table.
   *
   * @throws InvalidInputException when they are not as many as discovery found
   */
  static ColumnBatch rows(BigQueryTable table, Iterable<ColumnBatch> batches, boolean isWhole) {
    FeatureGroup group = table.group();
    List<ColumnBatch> parts = new ArrayList<>(List.of(RecordLayout.noRows(group)));
    // An empty batch stands for the group and has no columns.
    Lists.newArrayList(batches).stream()
        .filter(batch -> !batch.columns().isEmpty())
        .forEach(parts::add);
    ColumnBatch rows = ColumnBatch.concat(parts);
    long read = rows.rows() + rows.rowsWithoutTimestamp();
    if (isWhole && table.rows() != BigQueryTable.UNKNOWN_ROWS && read != table.rows()) {
      throw new InvalidInputException(
          "Cannot extract table %s: it has %,d rows, and %,d came; run again"
              .formatted(group.table().qualifiedName(), table.rows(), read));
    }

    return rows;
  }
}
