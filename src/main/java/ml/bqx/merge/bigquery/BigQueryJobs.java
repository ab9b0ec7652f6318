package ml.bqx.merge.bigquery;

import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationLoad;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatistics2;
import com.google.api.services.bigquery.model.JobStatus;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import ml.bqx.bigquery.BeamBigQuery;
import ml.bqx.bigquery.BigQueryErrors;
import ml.bqx.config.BigQueryMergeConfig;
import ml.bqx.http.CallFailure;
import ml.bqx.http.CallRetries;
import ml.bqx.parallel.ParallelCalls;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary dataset of BigQuery and the jobs that work in it. Closing cancels the jobs that run
 * and deletes the dataset with all its tables; no job begins after that. Safe for use by several
 * threads.
 */
final class BigQueryJobs implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BigQueryJobs.class);

  /**
   * When BigQuery itself deletes tables that a crash has left: longer than any merge takes. A day
   * also is what a temporary table of its own lives.
   */
  private static final Duration TABLE_LIFETIME = Duration.ofHours(24);

  /** Between two looks at a job: short at first, as most load jobs take some seconds. */
  private static final Duration FIRST_POLL = Duration.ofMillis(100);

  private static final Duration LAST_POLL = Duration.ofSeconds(3);

  /** A job that the service failed is run this many times, as its documentation asks for. */
  private static final int ATTEMPTS = 3;

  /** Jobs cancelled at once: after SIGTERM there are ten seconds. */
  private static final int CANCELS = 16;

  private final Bigquery client;
  private final String project;
  private final String dataset;
  private final String location;
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesBilled = new AtomicLong();
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private boolean deleted;

  /**
   * Jobs in a dataset that is not there yet.
   *
   * @param location of the dataset
   * @param options credentials and endpoint
   */
  BigQueryJobs(
      BigQueryMergeConfig config, String dataset, String location, PipelineOptions options) {
    this.client = BeamBigQuery.client(options, CallRetries.LIMIT);
    this.project = config.project();
    this.dataset = dataset;
    this.location = location;
  }

  /** Makes the dataset. */
  synchronized void createDataset() {
    checkOpen();
    Dataset info =
        new Dataset()
            .setDatasetReference(new DatasetReference().setProjectId(project).setDatasetId(dataset))
            .setLocation(location)
            .setDefaultTableExpirationMs(TABLE_LIFETIME.toMillis())
            .setDescription("Tables of a running bqx-ml merge; it deletes them at its end.")
            .setLabels(Map.of("tool", "bqx-ml"));
    try {
      client.datasets().insert(project, info).execute();
    } catch (IOException e) {
      throw BigQueryErrors.refused(
          "create the temporary dataset %s:%s in %s".formatted(project, dataset, location), e, "");
    }
  }

  /**
   * Loads Parquet files to a table.
   *
   * @param what it does, for messages: "load ..."
   */
  void load(String what, String table, List<String> uris, TableSchema schema) throws IOException {
    TableReference into =
        new TableReference().setProjectId(project).setDatasetId(dataset).setTableId(table);
    JobConfigurationLoad load =
        new JobConfigurationLoad()
            .setDestinationTable(into)
            .setSourceUris(uris)
            .setSourceFormat("PARQUET")
            .setSchema(schema)
            .setWriteDisposition("WRITE_TRUNCATE");
    run(what, attempt -> new JobConfiguration().setLoad(load));
  }

  /**
   * Bytes that a query will be billed at most, as BigQuery says before it runs.
   *
   * @param what it does, for messages
   */
  long estimate(String what, String sql) {
    try {
      Job planned = create(newId(), query(sql, null).setDryRun(true));
      return Objects.requireNonNullElse(planned.getStatistics().getTotalBytesProcessed(), 0L);
    } catch (IOException e) {
      throw BigQueryErrors.refused(what, e, sql);
    }
  }

  private static JobConfiguration query(String sql, @Nullable Long maximumBytesBilled) {
    return new JobConfiguration()
        .setQuery(
            new JobConfigurationQuery()
                .setQuery(sql)
                .setUseLegacySql(false)
                .setMaximumBytesBilled(maximumBytesBilled));
  }

  /**
   * Runs a query to its end.
   *
   * @param what it does, for messages
   * @param sql makes the statement for an attempt, from 1: what a failed one has left must not be
   *     taken for the work of the next
   * @param maximumBytesBilled BigQuery refuses the query if it would bill more; 0 for no bound
   * @return the attempt that succeeded
   */
  int query(String what, IntFunction<String> sql, long maximumBytesBilled) throws IOException {
    Long bound = maximumBytesBilled == 0 ? null : maximumBytesBilled;
    return run(what, attempt -> query(sql.apply(attempt), bound));
  }

  private int run(String what, IntFunction<JobConfiguration> configuration) throws IOException {
    for (int attempt = 1; ; attempt++) {
      String id = newId();
      JobConfiguration job = configuration.apply(attempt);
      JobStatus status = runOnce(what, id, job).getStatus();
      if (status.getErrorResult() == null) {
        return attempt;
      } else if (attempt == ATTEMPTS || !BigQueryErrors.mayPass(status.getErrorResult())) {
        throw BigQueryErrors.failed(
            what,
            status.getErrorResult(),
            Objects.requireNonNullElse(status.getErrors(), List.of()),
            sql(job),
            "%s:%s.%s".formatted(project, location, id));
      }

      repeated.incrementAndGet();
    }
  }

  private String newId() {
    return "%s_%s".formatted(dataset, UUID.randomUUID());
  }

  private static String sql(JobConfiguration job) {
    return job.getQuery() == null ? "" : job.getQuery().getQuery();
  }

  private Job create(String id, JobConfiguration configuration) throws IOException {
    JobReference reference =
        new JobReference().setProjectId(project).setLocation(location).setJobId(id);
    try {
      return client
          .jobs()
          .insert(project, new Job().setJobReference(reference).setConfiguration(configuration))
          .execute();
    } catch (IOException e) {
      // An answer got lost, and the client asked again: it is our job that is there already.
      if (CallFailure.status(e) == CallFailure.CONFLICT) {
        return look(id);
      }

      throw e;
    }
  }

  private Job look(String id) throws IOException {
    return client.jobs().get(project, id).setLocation(location).execute();
  }

  private Job runOnce(String what, String id, JobConfiguration configuration) throws IOException {
    try {
      // In that order: either a stop sees the job, or the job sees the stop.
      running.add(id);
      checkOpen();
      Job job = create(id, configuration);
      for (Duration poll = FIRST_POLL; !job.getStatus().getState().equals("DONE"); ) {
        Thread.sleep(poll.toMillis());
        poll = poll.compareTo(LAST_POLL) < 0 ? poll.plus(poll.dividedBy(2)) : LAST_POLL;
        checkOpen();
        job = look(id);
      }

      JobStatistics2 query = job.getStatistics() == null ? null : job.getStatistics().getQuery();
      if (query != null && query.getTotalBytesBilled() != null) {
        bytesBilled.addAndGet(query.getTotalBytesBilled());
      }

      return job;
    } catch (IOException e) {
      throw BigQueryErrors.refused(what, e, sql(configuration));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Cannot wait to " + what).initCause(e);
    } finally {
      running.remove(id);
    }
  }

  /** Throws when the jobs were stopped, so that nobody begins work in vain. */
  void checkOpen() {
    if (stopped.get()) {
      throw new IllegalStateException("Cannot run a job: the merge was stopped");
    }
  }

  /** Bytes that the queries so far have billed. */
  long bytesBilled() {
    return bytesBilled.get();
  }

  /** Jobs that were run once more because the service had failed them. */
  int repeated() {
    return repeated.get();
  }

  /** Cancels what runs; no other job begins. Does nothing the second time. */
  void stop() {
    if (!stopped.getAndSet(true)) {
      ParallelCalls.of(CANCELS, List.copyOf(running), this::cancel);
    }
  }

  private String cancel(String job) {
    try {
      client.jobs().cancel(project, job).setLocation(location).execute();
    } catch (IOException e) {
      LOG.warn("Cannot cancel job {}: {}", job, BigQueryErrors.message(e));
    }

    return job;
  }

  /** Stops, and deletes the dataset; does nothing the second time. */
  @Override
  public void close() throws IOException {
    stop();
    // Waits for a dataset that is just being made.
    synchronized (this) {
      if (deleted) {
        return;
      }

      deleted = true;
    }

    try {
      client.datasets().delete(project, dataset).setDeleteContents(true).execute();
    } catch (IOException e) {
      throw new IOException(
          "Cannot delete the temporary dataset %s:%s (its tables expire within %d hours): %s"
              .formatted(project, dataset, TABLE_LIFETIME.toHours(), BigQueryErrors.message(e)),
          e);
    }
  }
}
