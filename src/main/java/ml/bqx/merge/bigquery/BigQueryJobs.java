package ml.bqx.merge.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.DatasetDeleteOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.TableId;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import ml.bqx.options.BigQueryMergeConfig;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.options.PipelineOptions;
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

  private final BigQuery client;
  private final DatasetId dataset;
  private final String location;
  private final Set<JobId> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesBilled = new AtomicLong();
  private final AtomicInteger repeated = new AtomicInteger();
  private boolean stopped;
  private boolean deleted;

  private BigQueryJobs(BigQuery client, DatasetId dataset, String location) {
    this.client = client;
    this.dataset = dataset;
    this.location = location;
  }

  /**
   * Jobs in a dataset that is not there yet.
   *
   * @param location of the dataset
   * @param options credentials and endpoint
   */
  static BigQueryJobs of(
      BigQueryMergeConfig config, String dataset, String location, PipelineOptions options) {
    BigQueryOptions.Builder builder =
        BigQueryOptions.newBuilder()
            .setProjectId(config.project())
            .setCredentials(options.as(GcpOptions.class).getGcpCredential())
            .setLocation(location);
    String endpoint =
        options.as(org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions.class).getBigQueryEndpoint();
    if (endpoint != null) {
      builder.setHost(endpoint);
    }

    BigQueryOptions service = builder.build();
    service.setThrowNotFound(true);
    return new BigQueryJobs(
        service.getService(), DatasetId.of(config.project(), dataset), location);
  }

  /** Makes the dataset. */
  synchronized void createDataset() {
    checkOpen();
    DatasetInfo info =
        DatasetInfo.newBuilder(dataset)
            .setLocation(location)
            .setDefaultTableLifetime(TABLE_LIFETIME.toMillis())
            .setDescription("Tables of a running bqx-ml merge; it deletes them at its end.")
            .setLabels(Map.of("tool", "bqx-ml"))
            .build();
    try {
      client.create(info);
    } catch (BigQueryException e) {
      throw BigQueryErrors.refused(
          "create the temporary dataset %s:%s in %s"
              .formatted(dataset.getProject(), dataset.getDataset(), location),
          e,
          "");
    }
  }

  /**
   * Loads Parquet files to a table.
   *
   * @param what it does, for messages: "load ..."
   */
  void load(String what, String table, List<String> uris, Schema schema) throws IOException {
    LoadJobConfiguration load =
        LoadJobConfiguration.newBuilder(
                TableId.of(dataset.getProject(), dataset.getDataset(), table),
                uris,
                FormatOptions.parquet())
            .setSchema(schema)
            .setWriteDisposition(WriteDisposition.WRITE_TRUNCATE)
            .build();
    run(what, attempt -> load);
  }

  /**
   * Bytes that a query will be billed at most, as BigQuery tells before it runs.
   *
   * @param what it does, for messages
   */
  long estimate(String what, String sql) {
    QueryJobConfiguration query = QueryJobConfiguration.newBuilder(sql).setDryRun(true).build();
    try {
      QueryStatistics statistics = client.create(JobInfo.of(query)).getStatistics();
      return Objects.requireNonNullElse(statistics.getTotalBytesProcessed(), 0L);
    } catch (BigQueryException e) {
      throw BigQueryErrors.refused(what, e, sql);
    }
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
    return run(
        what,
        attempt ->
            QueryJobConfiguration.newBuilder(sql.apply(attempt))
                .setMaximumBytesBilled(maximumBytesBilled == 0 ? null : maximumBytesBilled)
                .build());
  }

  private int run(String what, IntFunction<JobConfiguration> configuration) throws IOException {
    for (int attempt = 1; ; attempt++) {
      JobId id =
          JobId.newBuilder()
              .setProject(dataset.getProject())
              .setLocation(location)
              .setJob("%s_%s".formatted(dataset.getDataset(), UUID.randomUUID()))
              .build();
      JobConfiguration job = configuration.apply(attempt);
      Job done = runOnce(what, id, job);
      JobStatus status = done.getStatus();
      if (status.getError() == null) {
        return attempt;
      } else if (attempt == ATTEMPTS || !BigQueryErrors.mayPass(status.getError())) {
        throw BigQueryErrors.failed(
            what,
            status.getError(),
            Objects.requireNonNullElse(status.getExecutionErrors(), List.of()),
            sql(job),
            "%s:%s.%s".formatted(id.getProject(), location, id.getJob()));
      }

      repeated.incrementAndGet();
    }
  }

  private static String sql(JobConfiguration job) {
    return job instanceof QueryJobConfiguration query ? query.getQuery() : "";
  }

  private Job create(JobInfo info) {
    try {
      return client.create(info);
    } catch (BigQueryException e) {
      // An answer got lost, and the client asked again: it is our job that is there already.
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return client.getJob(info.getJobId());
      }

      throw e;
    }
  }

  private Job runOnce(String what, JobId id, JobConfiguration configuration) throws IOException {
    try {
      begin(id);
      Job job = create(JobInfo.of(id, configuration));
      for (Duration poll = FIRST_POLL; !job.getStatus().getState().equals(JobStatus.State.DONE); ) {
        Thread.sleep(poll.toMillis());
        poll = poll.compareTo(LAST_POLL) < 0 ? poll.plus(poll.dividedBy(2)) : LAST_POLL;
        checkOpen();
        job = client.getJob(id);
      }

      if (job.getStatistics() instanceof QueryStatistics statistics
          && statistics.getTotalBytesBilled() != null) {
        bytesBilled.addAndGet(statistics.getTotalBytesBilled());
      }

      return job;
    } catch (BigQueryException e) {
      throw BigQueryErrors.refused(what, e, sql(configuration));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Cannot wait to " + what).initCause(e);
    } finally {
      running.remove(id);
    }
  }

  private synchronized void begin(JobId id) {
    checkOpen();
    running.add(id);
  }

  /** Throws when the jobs were stopped, so that nobody begins work in vain. */
  synchronized void checkOpen() {
    if (stopped) {
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
    synchronized (this) {
      if (stopped) {
        return;
      }

      stopped = true;
    }

    // Concurrently: whoever stops us gives us ten seconds.
    running.parallelStream().forEach(this::cancel);
  }

  private void cancel(JobId job) {
    try {
      client.cancel(job);
    } catch (BigQueryException e) {
      LOG.warn("Cannot cancel job {}: {}", job.getJob(), e.getMessage());
    }
  }

  /** Stops, and deletes the dataset; does nothing the second time. */
  @Override
  public void close() throws IOException {
    stop();
    synchronized (this) {
      if (deleted) {
        return;
      }

      deleted = true;
    }

    try {
      client.delete(dataset, DatasetDeleteOption.deleteContents());
    } catch (BigQueryException e) {
      throw new IOException(
          "Cannot delete the temporary dataset %s:%s (its tables expire within %d hours): %s"
              .formatted(
                  dataset.getProject(),
                  dataset.getDataset(),
                  TABLE_LIFETIME.toHours(),
                  e.getMessage()),
          e);
    }
  }
}
