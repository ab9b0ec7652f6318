package ml.bqx.warehouse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;

/** Turns the rows of a bundle into columnar batches, keyed by the number of their group. */
final class CollectBatches extends DoFn<WarehouseRow, KV<Integer, ColumnBatch>> {
  private static final long serialVersionUID = 1L;

  /** Values of a batch: 8 MiB of doubles, a good size for a shuffle. */
  private static final int VALUES = 1 << 20;

  private final List<FeatureGroup> groups;
  private transient Map<Integer, BatchBuilder> builders;

  CollectBatches(List<FeatureGroup> groups) {
    this.groups = groups;
  }

  @StartBundle
  public void start() {
    builders = new HashMap<>();
  }

  @ProcessElement
  public void add(@Element WarehouseRow row, OutputReceiver<KV<Integer, ColumnBatch>> out) {
    int group = row.group();
    BatchBuilder builder =
        builders.computeIfAbsent(group, index -> new BatchBuilder(groups.get(index)));
    builder.add(row);
    if ((long) builder.rows() * row.values().length >= VALUES) {
      out.output(KV.of(group, builder.build()));
      builders.remove(group);
    }
  }

  @FinishBundle
  public void flush(FinishBundleContext context) {
    builders.forEach(
        (group, builder) ->
            context.output(
                KV.of(group, builder.build()),
                GlobalWindow.INSTANCE.maxTimestamp(),
                GlobalWindow.INSTANCE));
    builders = null;
  }
}
