package ml.bqx.merge.beam;

import java.io.IOException;
import ml.bqx.merge.BlockLayout;
import ml.bqx.merge.MergePlan;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.SourcePlan;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;

/**
 * The merge as a transform: the spine and the slices of all checkpoints meet in a CoGroupByKey on
 * the row block; each block becomes a part file with one row group; the parts become one file.
 *
 * <p>Slices that are in their files just as they are needed travel as references of about 250
 * bytes. Only those that had to be gathered travel as bytes.
 */
final class BlockJoin extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  /**
   * Bundles in which checkpoints are sliced. The Direct runner copies all that has met under a key
   * whenever another bundle adds to it, so their number must not grow with the checkpoints' (with
   * one bundle a checkpoint, 667 of them took 208 s instead of 20 s); on a service, slicing is done
   * in seconds by this many workers.
   */
  private static final int SLICE_BUNDLES = 8;

  private static final TupleTag<long[]> SPINE = new TupleTag<>() {};
  private static final TupleTag<Slice> SLICES = new TupleTag<>() {};

  private final MergePlan plan;
  private final String temporaryDirectory;

  /**
   * A merge.
   *
   * @param temporaryDirectory where the part files go; nobody else's
   */
  BlockJoin(MergePlan plan, String temporaryDirectory) {
    this.plan = plan;
    this.temporaryDirectory = temporaryDirectory;
  }

  @Override
  public PDone expand(PBegin begin) {
    PCollection<PlannedMerge> planned =
        begin
            .apply("Plan", Create.of(plan).withCoder(SerializableCoder.of(MergePlan.class)))
            .apply("Read spine", ParDo.of(new ReadSpine()))
            .setCoder(SerializableCoder.of(PlannedMerge.class));
    PCollectionView<PlannedMerge> view = planned.apply("Plan to workers", View.asSingleton());
    PCollection<KV<Integer, long[]>> spine =
        planned
            .apply("Cut spine", ParDo.of(new CutSpine()))
            .setCoder(KvCoder.of(VarIntCoder.of(), SerializableCoder.of(long[].class)));
    PCollection<KV<Integer, Slice>> slices =
        planned
            .apply("Checkpoints", ParDo.of(new ListSources()))
            .setCoder(SerializableCoder.of(SourcePlan.class))
            .apply(
                "Spread over workers",
                Reshuffle.<SourcePlan>viaRandomKey().withNumBuckets(SLICE_BUNDLES))
            .apply("Slice checkpoints", ParDo.of(new SliceSource(view)).withSideInputs(view))
            .setCoder(KvCoder.of(VarIntCoder.of(), SliceCoder.INSTANCE));
    KeyedPCollectionTuple.of(SPINE, spine)
        .and(SLICES, slices)
        .apply("Join on row block", CoGroupByKey.create())
        .apply(
            "Assemble blocks",
            ParDo.of(new AssembleBlock(view, SPINE, SLICES, temporaryDirectory))
                .withSideInputs(view))
        .apply("To one place", WithKeys.of(""))
        .apply("Wait for all", GroupByKey.create())
        .apply(
            "Publish training file",
            ParDo.of(new PublishTrainingFile(view, temporaryDirectory)).withSideInputs(view))
        .apply("Delete parts", ParDo.of(new DeleteParts(plan.storage(), plan.config())));
    return PDone.in(begin.getPipeline());
  }

  private static final class ReadSpine extends DoFn<MergePlan, PlannedMerge> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element MergePlan plan, OutputReceiver<PlannedMerge> out)
        throws IOException {
      out.output(PlannedMerge.of(plan));
    }
  }

  private static final class CutSpine extends DoFn<PlannedMerge, KV<Integer, long[]>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element PlannedMerge merge, OutputReceiver<KV<Integer, long[]>> out) {
      BlockLayout blocks = merge.blocks();
      for (int block = 0; block < blocks.blocks(); block++) {
        out.output(
            KV.of(block, merge.spine().slice(blocks.from(block), blocks.to(block)).timestamps()));
      }
    }
  }

  private static final class ListSources extends DoFn<PlannedMerge, SourcePlan> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element PlannedMerge merge, OutputReceiver<SourcePlan> out) {
      merge.plan().sources().forEach(out::output);
    }
  }
}
