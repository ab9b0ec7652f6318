package ml.bqx.warehouse;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.checkpoint.commit.GroupReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * How the rows of tables come to the workers that make checkpoints of them. Each worker has a
 * reader of its own.
 */
public interface WarehouseReader extends Serializable, AutoCloseable {
  /**
   * Sends tables to workers.
   *
   * @param range the timestamps that are wanted
   * @param bundles of tables, at most; a runner sets a worker up for each
   * @return the number of each table in the list, once, and the rows that the pipeline brings
   *     along: all of them in batches, or none when the worker reads the table itself
   */
  PTransform<PBegin, PCollection<KV<Integer, Iterable<ColumnBatch>>>> tables(
      List<DiscoveredTable> tables, TimeRange range, int bundles);

  /**
   * Counts the rows that reads of tables will bring, where the rows that arrive do not tell by
   * themselves whether they are all.
   *
   * @param range the timestamps that are wanted
   * @param options with which the warehouse is reached
   * @return the same tables, in order
   * @throws ml.bqx.failure.ServiceException when a table cannot be read
   */
  default List<DiscoveredTable> counted(
      List<DiscoveredTable> tables, TimeRange range, PipelineOptions options) {
    return tables;
  }

  /**
   * Gives the rows of a table to the worker that it was sent to.
   *
   * @param brought the rows that the pipeline brought along
   * @param range the timestamps that were wanted
   * @param options of the pipeline
   * @throws java.io.IOException when the rows cannot be read
   * @throws ml.bqx.failure.InvalidInputException when rows are missing
   */
  GroupReader open(
      DiscoveredTable table,
      Iterable<ColumnBatch> brought,
      TimeRange range,
      PipelineOptions options)
      throws IOException;

  @Override
  void close();
}
