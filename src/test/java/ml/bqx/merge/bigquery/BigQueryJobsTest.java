package ml.bqx.merge.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import ml.bqx.config.BigQueryMergeConfig;
import ml.bqx.doubles.BigQueryStub;
import ml.bqx.doubles.BigQueryStub.Failure;
import ml.bqx.doubles.BigQueryStub.Refusal;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jobs of a merge with Google's own client, against what BigQuery may answer. */
class BigQueryJobsTest {
  private static final BigQueryMergeConfig CONFIG =
      new BigQueryMergeConfig("project-1", Optional.empty(), "gs://bucket/temp", 0);
  private static final TableSchema SCHEMA =
      new TableSchema().setFields(List.of(new TableFieldSchema().setName("x").setType("FLOAT")));
  private static final String SQL = "SELECT\n  t0.a,\n  t1.b\nFROM x";
  private static final String KEPT = "\nBigQuery job: project-1:EU.merge_1_";

  private BigQueryStub stub;
  private BigQueryJobs jobs;

  @BeforeEach
  void start() throws Exception {
    stub = new BigQueryStub();
    jobs = new BigQueryJobs(CONFIG, "merge_1", "EU", stub.options());
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  private void load() throws IOException {
    jobs.load("load agg (gs://b/agg.parquet)", "t1", List.of("gs://b/agg.parquet"), SCHEMA);
  }

  private int query() throws IOException {
    return jobs.query("run join_1_001 of 2 tables (agg)", attempt -> SQL, 0);
  }

  @Test
  void theDatasetIsMadeWhereItIsToldAndEndsByItself() throws Exception {
    jobs.createDataset();
    load();
    query();
    jobs.close();
    jobs.close();

    assertThat(stub.requests.get(0)).isEqualTo("POST datasets");
    assertThat(stub.begun.get(0).toString())
        .contains("\"sourceFormat\":\"PARQUET\"", "\"datasetId\":\"merge_1\"", "\"FLOAT\"");
    assertThat(stub.begun.get(1).get("query").get("query").asText()).isEqualTo(SQL);
    assertThat(stub.requests.stream().filter(request -> request.startsWith("DELETE")))
        .containsExactly("DELETE datasets/merge_1");
    assertThat(stub.requests).last().asString().contains("deleteContents=true");
  }

  @Test
  void noPermissionToMakeADataset() {
    stub.refusals.put(
        "POST datasets",
        new Refusal(
            403,
            "accessDenied",
            "Access Denied: Project project-1: User does not have bigquery.datasets.create permission in project project-1."));

    assertThatThrownBy(jobs::createDataset)
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            """
            Cannot create the temporary dataset project-1:merge_1 in EU: BigQuery says: Access Denied: Project project-1: User does not have bigquery.datasets.create permission in project project-1.
            the merge needs the roles bigquery.user on the project (to run jobs and create a dataset) and storage.objectUser on the buckets""");
  }

  @Test
  void aFileThatALoadJobRejectsIsNamed() {
    stub.failure =
        job ->
            new Failure(
                "invalid",
                "Error while reading data, error message: Invalid parquet file",
                List.of(
                    "Error while reading data, error message: Invalid parquet file. File: gs://b/agg.parquet"));

    assertThatThrownBy(this::load)
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith(
            "Cannot load agg (gs://b/agg.parquet): BigQuery says: Error while reading data, error message: Invalid parquet file; Error while reading data, error message: Invalid parquet file. File: gs://b/agg.parquet"
                + KEPT);
  }

  @Test
  void bucketAndDatasetInDifferentLocations() {
    stub.failure =
        job ->
            new Failure(
                "invalid",
                "Cannot read and write in different locations: source: US, destination: EU",
                List.of());

    assertThatThrownBy(this::load)
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith(
            """
            Cannot load agg (gs://b/agg.parquet): BigQuery says: Cannot read and write in different locations: source: US, destination: EU
            the buckets of --tempLocation and --checkpoints must be in the location of the dataset; choose another bucket, or set --location"""
                + KEPT);
  }

  @Test
  void aQueryThatFailsIsToldWithTheLineOfItsSql() {
    stub.failure =
        job -> new Failure("invalidQuery", "Name b not found inside t1 at [3:6]", List.of());

    assertThatThrownBy(this::query)
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith(
            """
            Cannot run join_1_001 of 2 tables (agg): BigQuery says: Name b not found inside t1 at [3:6]
            line 3 of its SQL: t1.b"""
                + KEPT);
    assertThat(stub.begun).as("a mistake is not repeated").hasSize(1);
  }

  @Test
  void aQueryThatIsRefusedAtOnceIsToldTheSameWay() {
    stub.refusals.put(
        "POST jobs", new Refusal(400, "invalidQuery", "Syntax error: Unexpected \",\" at [2:3]"));

    assertThatThrownBy(this::query)
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            """
            Cannot run join_1_001 of 2 tables (agg): BigQuery says: Syntax error: Unexpected "," at [2:3]
            line 2 of its SQL: t0.a,""");
  }

  @Test
  void aQuotaThatIsUsedUp() {
    stub.refusals.put(
        "POST jobs",
        new Refusal(
            403,
            "quotaExceeded",
            "Quota exceeded: Your project exceeded quota for imports per project."));

    assertThatThrownBy(this::load)
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            """
            Cannot load agg (gs://b/agg.parquet): BigQuery says: Quota exceeded: Your project exceeded quota for imports per project.
            wait until there is quota again or request more, or merge with --mergeMethod=stream, which needs none""");
  }

  @Test
  void whatTheServiceFailedIsRunAgainAndCounted() throws Exception {
    stub.failure =
        job -> stub.begun.size() < 3 ? new Failure("backendError", "Retry", List.of()) : null;

    assertThat(query()).as("the attempt that succeeded").isEqualTo(3);

    assertThat(jobs.repeated()).isEqualTo(2);
    assertThat(stub.begun).hasSize(3);
  }

  @Test
  void aServiceThatFailsAllTheTimeIsGivenUp() {
    stub.failure = job -> new Failure("backendError", "An internal error occurred", List.of());

    assertThatThrownBy(this::query)
        .isInstanceOf(ServiceException.class)
        .hasMessageContaining("BigQuery says: An internal error occurred");
    assertThat(stub.begun).hasSize(3);
  }

  @Test
  void bytesBilledAreSummed() throws Exception {
    stub.bytes = 10_485_760;

    query();
    query();
    load();

    assertThat(jobs.bytesBilled()).isEqualTo(20_971_520);
  }

  @Test
  void queriesThatWouldGoBeyondTheBudgetDoNotRun() throws Exception {
    stub.bytes = 600_000_000;
    query();
    BillingBudget.Query next = new BillingBudget.Query("run join_1_002", attempt -> SQL, 2);

    assertThat(new BillingBudget(jobs, 1_200_980_000).bounds("run 1 joins", List.of(next)))
        .as("rounded up to whole MB, which are binary")
        .containsExactly(600_834_048L);
    assertThatThrownBy(
            () -> new BillingBudget(jobs, 1_000_000_000).bounds("run 1 joins", List.of(next)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot run 1 joins: the merge would bill up to 1,200,834,048 bytes (600,000,000 so far), more than --maximumBytesBilled=1000000000; raise it, or merge with --mergeMethod=stream");
    assertThat(stub.begun).hasSize(1);
  }

  @Test
  void everyTableOfAQueryBillsItsLeast() {
    BillingBudget.Query query = new BillingBudget.Query("run join_1_001", attempt -> SQL, 50);

    assertThat(new BillingBudget(jobs, 1_000_000_000).bounds("run 1 joins", List.of(query)))
        .containsExactly(50 * 10_485_760L);
    assertThat(new BillingBudget(jobs, 0).bounds("run 1 joins", List.of(query)))
        .as("no bound, no question")
        .containsExactly(0L);
  }

  @Test
  void theBoundOfAQueryGoesWithIt() throws Exception {
    jobs.query("run join_1_001", attempt -> SQL, 524_288_000);

    assertThat(stub.begun.get(0).get("query").get("maximumBytesBilled").asLong())
        .isEqualTo(524_288_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void closingCancelsWhatRunsAndDeletesTheDataset(int running) throws Exception {
    stub.polls = Integer.MAX_VALUE;
    jobs.createDataset();
    List<CompletableFuture<Void>> loads = new java.util.ArrayList<>();
    for (int i = 0; i < running; i++) {
      loads.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  load();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              load -> new Thread(load).start()));
    }

    while (stub.begun.size() < running) {
      Thread.sleep(10);
    }

    jobs.close();

    assertThat(stub.requests.stream().filter(request -> request.endsWith("/cancel")))
        .hasSize(running);
    assertThat(stub.requests).contains("DELETE datasets/merge_1");
    assertThatThrownBy(this::query)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot run a job: the merge was stopped");
    for (CompletableFuture<Void> load : loads) {
      assertThatThrownBy(load::get)
          .as("who waits for a job hears that there is no use")
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("the merge was stopped");
    }
  }

  @Test
  void aDatasetThatCannotBeDeletedIsTold() {
    stub.refusals.put("DELETE", new Refusal(403, "accessDenied", "Access Denied"));

    assertThatThrownBy(jobs::close)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot delete the temporary dataset project-1:merge_1 (its tables expire within 24 hours): Access Denied");
  }
}
