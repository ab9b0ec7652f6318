package ml.bqx.merge.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import ml.bqx.failure.InvalidInputException;

/**
 * Holds all queries of a merge together under {@code --maximumBytesBilled}: BigQuery itself bounds
 * single queries only. What queries will bill is asked before they run; those that would go beyond
 * do not run at all.
 */
final class BillingBudget {
  /**
   * The least that a query bills for each table, <a
   * href="https://cloud.google.com/bigquery/pricing#on_demand_pricing">by its prices</a>: 10 MB,
   * which are binary there.
   */
  private static final long LEAST_TABLE_BYTES = 10L << 20;

  /** Bytes are billed in these steps. */
  private static final long STEP_BYTES = 1L << 20;

  private final BigQueryJobs jobs;
  private final long maximum;

  /**
   * A budget.
   *
   * @param maximum bytes that all queries of the jobs may bill; 0 for no bound
   */
  BillingBudget(BigQueryJobs jobs, long maximum) {
    this.jobs = jobs;
    this.maximum = maximum;
  }

  /**
   * A query that is about to run.
   *
   * @param what it does, for messages
   * @param sql makes the statement for an attempt, from 1
   * @param tables number of tables it reads
   */
  record Query(String what, IntFunction<String> sql, int tables) {}

  /**
   * Asks what queries that run at once will bill.
   *
   * @param what they are, for messages
   * @return the bound of each; 0 for none
   * @throws InvalidInputException when together they go beyond the maximum
   */
  List<Long> bounds(String what, List<Query> queries) {
    List<Long> bounds = new ArrayList<>();
    long sum = jobs.bytesBilled();
    for (Query query : queries) {
      long bound = maximum == 0 ? 0 : bound(query);
      bounds.add(bound);
      sum = Math.addExact(sum, bound);
    }

    if (sum > maximum && maximum > 0) {
      throw new InvalidInputException(
          "Cannot %s: the merge would bill up to %,d bytes (%,d so far), more than --maximumBytesBilled=%d; raise it, or merge with --mergeMethod=stream"
              .formatted(what, sum, jobs.bytesBilled(), maximum));
    }

    return bounds;
  }

  private long bound(Query query) {
    long estimate = jobs.estimate(query.what(), query.sql().apply(1));
    long steps = (estimate + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    return Math.max(steps, query.tables() * LEAST_TABLE_BYTES);
  }
}
