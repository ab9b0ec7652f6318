package ml.bqx.extract;

import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.Spine;
import ml.bqx.options.ExtractConfig;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Extracts a catalog: the targets first, for the spine; then every feature group in a worker of its
 * own, from the table to the committed checkpoint without a shuffle; then the manifest.
 *
 * <p>A group that fails does not stop the others. At the end the manifest is written when all
 * groups are committed; otherwise the pipeline fails and lists those that are not, with causes.
 */
public final class Extraction extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  /** Checkpoints that were extracted; the targets' among them. */
  public static final MetricName EXTRACTED = MetricName.named(Extraction.class, "extracted");

  /** Checkpoints that were there already and are kept. */
  public static final MetricName KEPT = MetricName.named(Extraction.class, "kept");

  /** Groups that are done one way or another: extracted, kept or failed. */
  public static final MetricName DONE = MetricName.named(Extraction.class, "done");

  /**
   * Bundles of feature groups. The Direct runner sets a worker up for every bundle, and copies all
   * outcomes so far whenever a bundle adds its own: one bundle a group would double the time. There
   * are enough of them to keep any machine busy to the end.
   */
  private static final int BUNDLES = 48;

  static final TupleTag<KV<Spine, Long>> SPINE = new TupleTag<>() {};
  static final TupleTag<GroupOutcome> OUTCOME = new TupleTag<>() {};

  private final Storage storage;
  private final ExtractConfig config;
  private final Catalog catalog;

  private Extraction(Storage storage, ExtractConfig config, Catalog catalog) {
    this.storage = storage;
    this.config = config;
    this.catalog = catalog;
  }

  /** Extracts all groups of the catalog into the configuration's directory. */
  public static Extraction of(Storage storage, ExtractConfig config, Catalog catalog) {
    return new Extraction(storage, config, catalog);
  }

  @Override
  public PDone expand(PBegin begin) {
    PCollectionTuple targets =
        begin
            .apply("Targets", Create.of(catalog.targets()).withCoder(groupCoder()))
            .apply(
                "Extract targets",
                ParDo.of(new ExtractTargets(storage, config))
                    .withOutputTags(SPINE, TupleTagList.of(OUTCOME)));
    PCollectionView<KV<Spine, Long>> spine =
        targets
            .get(SPINE)
            .setCoder(KvCoder.of(SerializableCoder.of(Spine.class), VarLongCoder.of()))
            .apply("Spine", View.asSingleton());
    PCollection<GroupOutcome> groups =
        begin
            .apply("Feature groups", Create.of(catalog.groups()).withCoder(groupCoder()))
            .apply(
                "Spread over workers",
                Reshuffle.<FeatureGroup>viaRandomKey().withNumBuckets(BUNDLES))
            .apply(
                "Extract groups",
                ParDo.of(new ExtractGroup(storage, config, spine)).withSideInputs(spine))
            .setCoder(SerializableCoder.of(GroupOutcome.class));
    PCollectionList.of(groups)
        .and(targets.get(OUTCOME).setCoder(SerializableCoder.of(GroupOutcome.class)))
        .apply("All outcomes", Flatten.pCollections())
        .apply("To one place", WithKeys.of(""))
        .apply("Wait for all", GroupByKey.create())
        .apply(
            "Publish manifest",
            ParDo.of(new PublishManifest(storage, config, catalog, spine)).withSideInputs(spine));
    return PDone.in(begin.getPipeline());
  }

  private static SerializableCoder<FeatureGroup> groupCoder() {
    return SerializableCoder.of(FeatureGroup.class);
  }
}
