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

/** Joins one checkpoint with the spine; its slices go to the parts of the training file. */
final class SliceSource extends DoFn<SourcePlan, KV<Integer, Slice>> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;

  SliceSource(PCollectionView<PlannedMerge> merge) {
    this.merge = merge;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    PlannedMerge planned = context.sideInput(merge);
    PartLayout parts = PartLayout.of(planned);
    SliceConsumer toParts =
        new SliceConsumer() {
          @Override
          public void stored(int block, Slice.Stored slices, ChunkReader reader) {
            int size = slices.run().size();
            for (int from = 0, to; from < size; from = to) {
              int column = slices.column() + from;
              int part = parts.part(block, column);
              to = Math.min(size, from + parts.to(part) - column);
              context.output(KV.of(part, new Slice.Stored(column, slices.run().subList(from, to))));
            }
          }

          @Override
          public void encoded(int block, int column, EncodedChunk chunk) {
            context.output(KV.of(parts.part(block, column), Slice.Inline.copyOf(column, chunk)));
          }

          @Override
          public void lost(ValueLosses losses) {
            if (!losses.equals(ValueLosses.NONE)) {
              context.output(KV.of(0, new Slice.Counted(JoinCounts.NONE.with(losses))));
            }
          }
        };
    JoinCounts joined = planned.slicer().slice(context.element(), toParts);
    context.output(KV.of(0, new Slice.Counted(joined)));
    BeamMerge.SLICED.inc();
  }
}
