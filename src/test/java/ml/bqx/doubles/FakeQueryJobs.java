package ml.bqx.doubles;

import com.google.api.client.http.AbstractInputStreamContent;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfigurationExtract;
import com.google.api.services.bigquery.model.JobConfigurationLoad;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobConfigurationTableCopy;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics2;
import com.google.api.services.bigquery.model.JobStatus;
import com.google.api.services.bigquery.model.TableReference;
import java.io.Serializable;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.JobService;

/** Runs the queries that BigQueryIO starts: their results are tables of the fake. */
final class FakeQueryJobs implements JobService, Serializable {
  private static final long serialVersionUID = 1L;

  private final int number;

  FakeQueryJobs(int number) {
    this.number = number;
  }

  @Override
  public JobStatistics dryRunQuery(String project, JobConfigurationQuery query, String location) {
    return new JobStatistics().setQuery(new JobStatistics2().setTotalBytesProcessed(0L));
  }

  @Override
  public void startQueryJob(JobReference job, JobConfigurationQuery query) {
    TableReference result = query.getDestinationTable();
    String sql =
        query
            .getQuery()
            .replace("`%s`.".formatted(FakeBigQuery.PROJECT), "warehouse.")
            .replace('`', '"');
    FakeBigQuery.RUNNING
        .get(number)
        .results
        .put(result.getDatasetId() + "." + result.getTableId(), sql);
  }

  @Override
  public Job pollJob(JobReference job, int maxAttempts) {
    return new Job().setJobReference(job).setStatus(new JobStatus().setState("DONE"));
  }

  @Override
  public Job getJob(JobReference job) {
    return pollJob(job, 1);
  }

  @Override
  public void startLoadJob(JobReference job, JobConfigurationLoad load) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void startLoadJob(
      JobReference job, JobConfigurationLoad load, AbstractInputStreamContent content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void startExtractJob(JobReference job, JobConfigurationExtract extract) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void startCopyJob(JobReference job, JobConfigurationTableCopy copy) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
