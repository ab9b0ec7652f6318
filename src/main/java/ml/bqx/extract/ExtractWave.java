package ml.bqx.extract;

import com.google.common.primitives.Ints;
import java.util.List;
import ml.bqx.checkpoint.Attempts;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.Wave;
import ml.bqx.warehouse.DiscoveredTable;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PDone;

/**
 * Extracts feature groups: all rows of a group in one place, its checkpoint, and at the end the
 * manifest when no group of the catalog is missing.
 *
 * <p>The targets must be committed before: their checkpoint tells the spine. A group that cannot be
 * read, or whose checkpoint cannot be made, does not stop the others; only a view's query does, as
 * in Beam a failed step fails its pipeline.
 */
final class ExtractWave extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  /** Bundles of tables of a job: enough of them to keep any number of workers busy to the end. */
  private static final int BUNDLES = 48;

  /**
   * The same on this machine, at most: the Direct runner sets a worker up for every bundle, and
   * that costs as much as a small table. A bundle that ends is seen as progress.
   */
  private static final int LOCAL_BUNDLES = 16;

  /** Tables of a bundle for each that is made at a time: few threads then wait for its last one. */
  private static final int TABLES_A_THREAD = 4;

  private final ExtractionPlan plan;
  private final Wave wave;
  private final List<DiscoveredTable> missing;
  private final TimeRange range;
  private final long incompleteTargets;
  private final int sideBySide;

  /**
   * Extracts groups.
   *
   * @param missing those of the wave that have no checkpoint yet; none when only the manifest is to
   *     be written
   * @param range the timestamps that are read
   * @param incompleteTargets target rows left out because a target is null
   * @param sideBySide how many groups a worker makes at a time
   */
  ExtractWave(
      ExtractionPlan plan,
      Wave wave,
      List<DiscoveredTable> missing,
      TimeRange range,
      long incompleteTargets,
      int sideBySide) {
    this.plan = plan;
    this.wave = wave;
    this.missing = List.copyOf(missing);
    this.range = range;
    this.incompleteTargets = incompleteTargets;
    this.sideBySide = sideBySide;
  }

  @Override
  public PDone expand(PBegin begin) {
    Attempts attempts = Attempts.begin(plan.storage(), plan.config().checkpointDirectory());
    PCollectionView<Iterable<String>> failures =
        begin
            .apply("Read", plan.reader().tables(missing, range, bundles(begin)))
            .apply(
                "Commit groups",
                ParDo.of(new CommitGroup(plan, missing, range, attempts, sideBySide)))
            .apply("Failures", View.asIterable());
    begin
        .apply("Wave", Create.of(wave.toString()))
        .apply(
            "Publish manifest",
            ParDo.of(new FinishWave(plan, wave, attempts, incompleteTargets, failures))
                .withSideInputs(failures));
    return PDone.in(begin.getPipeline());
  }

  private int bundles(PBegin begin) {
    return DirectRunner.class.equals(begin.getPipeline().getOptions().getRunner())
        ? Ints.constrainToRange(missing.size() / (TABLES_A_THREAD * sideBySide), 1, LOCAL_BUNDLES)
        : BUNDLES;
  }
}
