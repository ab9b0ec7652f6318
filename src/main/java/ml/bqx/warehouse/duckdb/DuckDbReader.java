package ml.bqx.warehouse.duckdb;

import static java.util.Objects.requireNonNullElseGet;

import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;
import ml.bqx.catalog.FeatureGroup;
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

  /** Those that no table is read into now. */
  private transient @Nullable Deque<ReadRoom> rooms;

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

    Deque<ReadRoom> free = rooms == null ? new ConcurrentLinkedDeque<>() : rooms;
    rooms = free;
    return new TableReader(
        warehouse, table.group(), free, requireNonNullElseGet(free.poll(), ReadRoom::new));
  }

  /** Reads a table into a room, which is given back when it is closed. */
  private record TableReader(
      DuckDbWarehouse warehouse, FeatureGroup group, Deque<ReadRoom> free, ReadRoom room)
      implements GroupReader {
    @Override
    public ColumnBatch read(TimeRange range) {
      return warehouse.read(group.table(), group.columns(), range, room);
    }

    @Override
    public void close() {
      free.add(room);
    }
  }

  @Override
  public void close() {
    if (warehouse != null) {
      warehouse.close();
    }
  }
}
