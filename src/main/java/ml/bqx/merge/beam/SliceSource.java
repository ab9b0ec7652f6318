package ml.bqx.merge.beam;

import java.io.IOException;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.SliceConsumer;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.training.JoinCounts;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/** Joins one checkpoint with the spine; its slices go to their row blocks. */
final class SliceSource extends DoFn<SourcePlan, KV<Integer, Slice>> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;

  SliceSource(PCollectionView<PlannedMerge> merge) {
    this.merge = merge;
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

          @Override
          public void lost(ValueLosses losses) {
            if (!losses.equals(ValueLosses.NONE)) {
              context.output(KV.of(0, new Slice.Counted(JoinCounts.NONE.with(losses))));
            }
          }
        };
    JoinCounts joined = context.sideInput(merge).slicer().slice(context.element(), toBlocks);
    context.output(KV.of(0, new Slice.Counted(joined)));
    BeamMerge.SLICED.inc();
  }
}
