package ml.bqx.extract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.Attempts;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.checkpoint.commit.CheckpointCommit;
import ml.bqx.checkpoint.commit.GroupReader;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.Failure;
import ml.bqx.failure.ServiceException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.quality.statistics.GroupAccumulator;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.WarehouseReader;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the checkpoints of feature groups, those of a bundle side by side where their rows are not
 * brought along. Output: for a group that fails, the reason; so that it does not stop the others.
 */
final class CommitGroup extends DoFn<KV<Integer, Iterable<ColumnBatch>>, String> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(CommitGroup.class);

  /** Checkpoints that were made; the targets' among them. */
  static final Counter EXTRACTED = Metrics.counter(CommitGroup.class, "extracted");

  private final Storage storage;
  private final ExtractConfig config;
  private final WarehouseReader reader;

  /**
   * The tables, serialized: a runner copies this function for each bundle, and bytes are copied
   * quickly.
   */
  private final byte[] serializedTables;

  private final TimeRange range;
  private final Attempts attempts;
  private final FeatureGroup targetGroup;
  private final int sideBySide;
  private transient List<DiscoveredTable> tables;
  private transient Spine spine;
  private transient CheckpointCommit targets;
  private transient List<KV<Integer, Iterable<ColumnBatch>>> bundle;
  private transient PipelineOptions options;

  /**
   * Commits groups.
   *
   * @param tables those that are read, in the order of the input's numbers
   * @param range the timestamps that are wanted of them
   * @param attempts those of the wave
   * @param sideBySide how many at a time; those whose rows are brought along one by one
   */
  CommitGroup(
      ExtractionPlan plan,
      List<DiscoveredTable> tables,
      TimeRange range,
      Attempts attempts,
      int sideBySide) {
    this.storage = plan.storage();
    this.config = plan.config();
    this.reader = plan.reader();
    this.targetGroup = plan.targets().group();
    this.serializedTables = SerializableUtils.serializeToByteArray(new ArrayList<>(tables));
    this.range = range;
    this.attempts = attempts;
    this.sideBySide = sideBySide;
  }

  @Setup
  public void readSpine(PipelineOptions options) throws IOException {
    this.options = options;
    tables = tables();
    spine = CommittedSpine.read(storage, config);
    targets = new CheckpointCommit(storage, config, targetGroup, spine);
    bundle = new ArrayList<>();
  }

  @SuppressWarnings("unchecked")
  private List<DiscoveredTable> tables() {
    return (List<DiscoveredTable>)
        SerializableUtils.deserializeFromByteArray(serializedTables, "tables");
  }

  @StartBundle
  public void begin() {
    bundle.clear();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, Iterable<ColumnBatch>> read, OutputReceiver<String> failures) {
    boolean isBrought = read.getValue().iterator().hasNext();
    if (sideBySide > 1 && !isBrought) {
      bundle.add(read);
    } else {
      counted(commit(read)).ifPresent(failures::output);
    }
  }

  /** The largest tables first, so that no thread is left with one of them at the end. */
  @FinishBundle
  public void commitBundle(FinishBundleContext context) {
    bundle.sort(
        Comparator.comparingInt(read -> -tables.get(read.getKey()).group().columns().size()));
    for (Optional<String> failure : ParallelCalls.of(sideBySide, bundle, this::commit)) {
      counted(failure)
          .ifPresent(
              reason ->
                  context.output(
                      reason, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE));
    }
  }

  private static Optional<String> counted(Optional<String> failure) {
    if (failure.isEmpty()) {
      EXTRACTED.inc();
    }

    return failure;
  }

  /** Commits a group; returns why that failed, if it did. */
  private Optional<String> commit(KV<Integer, Iterable<ColumnBatch>> read) {
    DiscoveredTable table = tables.get(read.getKey());
    try (GroupReader rows = reader.open(table, read.getValue(), range, options)) {
      CheckpointCommit commit = new CheckpointCommit(storage, config, table.group(), spine);
      commit.extract(
          rows,
          targets,
          GroupAccumulator.of(table.group(), config.floatType(), spine.rows()),
          attempts);
      return Optional.empty();
    } catch (Failure | InvalidParquetException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      Optional<String> reason = ServiceException.reasonBehind(e);
      if (reason.isEmpty()) {
        LOG.warn("Cannot extract table {}", table.name(), e);
      }

      return Optional.of(
          "Cannot extract table %s: %s".formatted(table.name(), reason.orElse(e.toString())));
    }
  }

  @Teardown
  public void close() {
    reader.close();
  }
}
