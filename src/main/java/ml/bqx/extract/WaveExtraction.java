package ml.bqx.extract;

import java.util.List;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.Wave;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.bigquery.BigQueryPlan;
import ml.bqx.warehouse.bigquery.BigQueryTable;
import ml.bqx.warehouse.bigquery.ReadGroups;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Extracts one wave of feature groups from BigQuery: a read for each, all rows of a group in one
 * place, its checkpoint, and at the end the manifest when no group of the catalog is missing.
 *
 * <p>The targets must be committed before, by {@link TargetsExtraction}: their checkpoint tells the
 * spine. A group whose checkpoint cannot be made does not stop the others; a read that fails does,
 * as in Beam a failed step fails its pipeline.
 */
public final class WaveExtraction extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  /** Checkpoints of the whole catalog that are not there when a wave ends. */
  public static final MetricName STILL_MISSING =
      MetricName.named(WaveExtraction.class, "stillMissing");

  private static final SerializableCoder<GroupOutcome> CODER =
      SerializableCoder.of(GroupOutcome.class);

  private final Storage storage;
  private final BigQueryPlan plan;
  private final Wave wave;
  private final List<BigQueryTable> missing;
  private final TimeRange range;
  private final long incompleteTargets;
  private final BigQueryServices services;

  private WaveExtraction(
      Storage storage,
      BigQueryPlan plan,
      Wave wave,
      List<BigQueryTable> missing,
      TimeRange range,
      long incompleteTargets,
      BigQueryServices services) {
    this.storage = storage;
    this.plan = plan;
    this.wave = wave;
    this.missing = List.copyOf(missing);
    this.range = range;
    this.incompleteTargets = incompleteTargets;
    this.services = services;
  }

  /**
   * Extracts groups.
   *
   * @param missing those of the wave that have no checkpoint yet
   * @param range the timestamps that are read
   * @param incompleteTargets target rows left out because a target is null
   * @param services what BigQueryIO calls
   */
  public static WaveExtraction of(
      Storage storage,
      BigQueryPlan plan,
      Wave wave,
      List<BigQueryTable> missing,
      TimeRange range,
      long incompleteTargets,
      BigQueryServices services) {
    return new WaveExtraction(storage, plan, wave, missing, range, incompleteTargets, services);
  }

  @Override
  public PDone expand(PBegin begin) {
    ExtractConfig config = plan.config();
    PCollection<GroupOutcome> outcomes =
        missing.isEmpty()
            ? begin.apply("No group is missing", Create.of(GroupOutcome.NONE).withCoder(CODER))
            : commits(begin);
    outcomes
        .apply("To one place", WithKeys.of(""))
        .apply("Wait for all", GroupByKey.create())
        .apply(
            "Finish wave",
            ParDo.of(new FinishWave(storage, config, plan.catalog(), wave, incompleteTargets)));
    return PDone.in(begin.getPipeline());
  }

  private PCollection<GroupOutcome> commits(PBegin begin) {
    ExtractConfig config = plan.config();
    return begin
        .apply("Read", new ReadGroups(missing, config.bigQuery(), range, services))
        .apply(
            "Commit groups",
            ParDo.of(new CommitGroup(storage, config, missing, range.equals(TimeRange.ALL))))
        .setCoder(CODER);
  }
}
