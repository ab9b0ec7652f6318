package ml.bqx.warehouse.duckdb;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.checkpoint.commit.GroupReader;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.TableNumbers;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads each table in the worker that makes its checkpoint: no row goes through a shuffle. */
final class DuckDbReader implements WarehouseReader {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final FileRevision revision;
  private transient @Nullable DuckDbWarehouse warehouse;

  /**
   * Reads a file.
   *
   * @param revision the state in which it must still be when a worker opens it
   */
  DuckDbReader(String file, FileRevision revision) {
    this.file = file;
    this.revision = revision;
  }

  @Override
  public PTransform<PBegin, PCollection<KV<Integer, Iterable<ColumnBatch>>>> tables(
      List<DiscoveredTable> tables, TimeRange range, int bundles) {
    return new TableNumbers(IntStream.range(0, tables.size()).boxed().toList(), bundles);
  }

  @Override
  public synchronized GroupReader open(
      DiscoveredTable table,
      Iterable<ColumnBatch> brought,
      TimeRange range,
      PipelineOptions options) {
    if (warehouse == null) {
      warehouse = DuckDbWarehouse.open(Path.of(file), revision);
    }

    DuckDbWarehouse opened = warehouse;
    return wanted -> opened.read(table.group().table(), table.group().columns(), wanted);
  }

  @Override
  public void close() {
    if (warehouse != null) {
      warehouse.close();
    }
  }
}
