package ml.bqx.extract;

import java.util.List;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.bigquery.BigQueryPlan;
import ml.bqx.warehouse.bigquery.ReadGroups;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/** Extracts the targets from BigQuery: their checkpoint tells all waves the spine. */
public final class TargetsExtraction extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;

  /** Counts rows of targets that were left out for a null. */
  public static final MetricName INCOMPLETE = CommitTargets.INCOMPLETE;

  private final Storage storage;
  private final BigQueryPlan plan;
  private final BigQueryServices services;

  private TargetsExtraction(Storage storage, BigQueryPlan plan, BigQueryServices services) {
    this.storage = storage;
    this.plan = plan;
    this.services = services;
  }

  /**
   * Extracts the targets of a plan.
   *
   * @param services what BigQueryIO calls
   */
  public static TargetsExtraction of(
      Storage storage, BigQueryPlan plan, BigQueryServices services) {
    return new TargetsExtraction(storage, plan, services);
  }

  @Override
  public PDone expand(PBegin begin) {
    TimeRange dates = TimeRange.of(plan.config().dates());
    begin
        .apply(
            "Read targets",
            new ReadGroups(List.of(plan.targets()), plan.config().bigQuery(), dates, services))
        .apply(
            "Commit targets",
            ParDo.of(
                new CommitTargets(
                    storage, plan.config(), plan.targets(), dates.equals(TimeRange.ALL))));
    return PDone.in(begin.getPipeline());
  }
}
