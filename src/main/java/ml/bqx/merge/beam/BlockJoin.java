package ml.bqx.merge.beam;

import static org.apache.beam.sdk.values.TypeDescriptors.integers;
import static org.apache.beam.sdk.values.TypeDescriptors.kvs;

import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.storage.Storage;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.ProcessFunction;
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
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The merge as a transform: the spine and the slices of all checkpoints meet in a CoGroupByKey on
 * the row block, or, where that is large, on a part of it ({@link PartLayout}). On Cloud Storage
 * each becomes a part file with one row group, and the service puts the parts together. Elsewhere
 * that would copy everything twice: each part becomes a list of where its columns are, and they are
 * copied from there.
 *
 * <p>Slices that are in their files just as they are needed travel as references of about 250
 * bytes. Only those that had to be gathered travel as bytes.
 */
final class BlockJoin extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  /**
   * Bundles in which the Direct runner slices checkpoints. It copies all that has met under a key
   * whenever another bundle adds to it, so their number must not grow with the checkpoints' (with
   * one bundle a checkpoint, 667 of them took 208 s instead of 20 s). Any other runner spreads them
   * over all its workers.
   */
  private static final int LOCAL_SLICE_BUNDLES = 8;

  private static final TupleTag<long[]> SPINE = new TupleTag<>() {};
  private static final TupleTag<Slice> SLICES = new TupleTag<>() {};

  private final MergePlan plan;
  private final String temporaryDirectory;
  private final boolean isLast;

  /**
   * Joins.
   *
   * @param isLast whether nobody waits for the pipeline, so that it has to end the merge
   */
  BlockJoin(MergePlan plan, String temporaryDirectory, boolean isLast) {
    this.plan = plan;
    this.temporaryDirectory = temporaryDirectory;
    this.isLast = isLast;
  }

  @Override
  public PDone expand(PBegin begin) {
    PCollection<PlannedMerge> planned =
        begin
            .apply("Plan", Create.of(plan).withCoder(SerializableCoder.of(MergePlan.class)))
            .apply(
                "Read spine",
                MapElements.into(TypeDescriptor.of(PlannedMerge.class))
                    .via((ProcessFunction<MergePlan, PlannedMerge>) PlannedMerge::of))
            .setCoder(SerializableCoder.of(PlannedMerge.class));
    PCollectionView<PlannedMerge> view = planned.apply("Plan to workers", View.asSingleton());
    PCollection<KV<Integer, long[]>> spine =
        planned
            .apply(
                "Cut spine",
                FlatMapElements.into(kvs(integers(), TypeDescriptor.of(long[].class)))
                    .via(BlockJoin::cut))
            .setCoder(KvCoder.of(VarIntCoder.of(), SerializableCoder.of(long[].class)));
    PCollection<KV<Integer, Slice>> slices =
        planned
            .apply(
                "Checkpoints",
                FlatMapElements.into(TypeDescriptor.of(SourcePlan.class))
                    .via((PlannedMerge merge) -> merge.plan().sources()))
            .setCoder(SerializableCoder.of(SourcePlan.class))
            .apply("Spread over workers", spread(begin))
            .apply("Slice checkpoints", ParDo.of(new SliceSource(view)).withSideInputs(view))
            .setCoder(KvCoder.of(VarIntCoder.of(), SliceCoder.INSTANCE));
    KeyedPCollectionTuple.of(SPINE, spine)
        .and(SLICES, slices)
        .apply("Join on row block", CoGroupByKey.create())
        .apply(
            "Assemble blocks",
            ParDo.of(
                    Storage.isLocal(temporaryDirectory)
                        ? new ListPart(view, SLICES, temporaryDirectory)
                        : new AssemblePart(view, SPINE, SLICES, temporaryDirectory))
                .withSideInputs(view))
        .apply("To one place", WithKeys.of(""))
        .apply("Wait for all", GroupByKey.create())
        .apply(
            "Publish training file",
            ParDo.of(new PublishTrainingFile(view, temporaryDirectory)).withSideInputs(view))
        .apply("Delete parts", ParDo.of(new DeleteParts(plan, isLast)));
    return PDone.in(begin.getPipeline());
  }

  private static Reshuffle.ViaRandomKey<SourcePlan> spread(PBegin begin) {
    Reshuffle.ViaRandomKey<SourcePlan> spread = Reshuffle.viaRandomKey();
    return DirectRunner.class.equals(begin.getPipeline().getOptions().getRunner())
        ? spread.withNumBuckets(LOCAL_SLICE_BUNDLES)
        : spread;
  }

  /**
   * The key, which the first part of a block has. It also goes to the last part, which may have no
   * slice that would make it: the pair's column alone.
   */
  private static List<KV<Integer, long[]>> cut(PlannedMerge merge) {
    PartLayout parts = PartLayout.of(merge);
    return IntStream.range(0, parts.blocks().blocks())
        .boxed()
        .flatMap(
            block ->
                IntStream.of(parts.part(block, 0), parts.part(block, parts.columns() - 1))
                    .distinct()
                    .mapToObj(part -> KV.of(part, merge.key(block).values())))
        .toList();
  }
}
