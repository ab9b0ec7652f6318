package ml.bqx.merge.beam;

import java.io.IOException;
import ml.bqx.merge.JoinedRows;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.SliceConsumer;
import ml.bqx.merge.SourcePlan;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.EncodedChunk;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/** Joins one checkpoint with the spine; its slices go to their row blocks. */
final class SliceSource extends DoFn<SourcePlan, KV<Integer, Slice>> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;
  private final Counter sliced = counter(BeamMerge.SLICED);
  private final Counter missing = counter(BeamMerge.MISSING);
  private final Counter dropped = counter(BeamMerge.DROPPED);
  private final Counter duplicates = counter(BeamMerge.DUPLICATES);

  SliceSource(PCollectionView<PlannedMerge> merge) {
    this.merge = merge;
  }

  private static Counter counter(MetricName name) {
    return Metrics.counter(name.getNamespace(), name.getName());
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    SliceConsumer toBlocks =
        new SliceConsumer() {
          @Override
          public void stored(int block, Slice.Stored slices, ChunkReader reader) {
            context.output(KV.of(block, slices));
          }

          @Override
          public void encoded(int block, int column, EncodedChunk chunk) {
            context.output(KV.of(block, Slice.Inline.copyOf(column, chunk)));
          }
        };
    JoinedRows joined = context.sideInput(merge).slicer().slice(context.element(), toBlocks);
    sliced.inc();
    missing.inc(joined.missing());
    dropped.inc(joined.dropped());
    duplicates.inc(joined.duplicates());
  }
}
