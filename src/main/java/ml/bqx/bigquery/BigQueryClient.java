package ml.bqx.bigquery;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.GetQueryResultsResponse;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.QueryRequest;
import com.google.api.services.bigquery.model.TableRow;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import ml.bqx.http.CallRetries;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The client of BigQuery's REST interface. */
public final class BigQueryClient {
  /** Milliseconds that BigQuery may hold back the answer to a query that is not done. */
  private static final long WAIT = 10_000;

  private static final String APPLICATION = "bqx-ml";

  /** Has the connections that all clients share. */
  private static final HttpTransport TRANSPORT = new NetHttpTransport();

  private BigQueryClient() {}

  /**
   * A client that repeats what fails for the moment with exponential back-off: no connection, too
   * many requests, an error of the service. Requests must bear being made twice. Safe for use by
   * several threads.
   *
   * @param credentials whom it calls the service as; null to send none
   * @param endpoint root of the service's address; null for the service itself
   * @param timeout of one attempt to connect, of one answer, and of all attempts of a request
   */
  public static Bigquery of(
      @Nullable Credentials credentials, @Nullable String endpoint, Duration timeout) {
    Bigquery.Builder builder =
        new Bigquery.Builder(
                TRANSPORT,
                GsonFactory.getDefaultInstance(),
                request -> initialize(request, credentials, timeout))
            .setApplicationName(APPLICATION);
    if (endpoint != null) {
      builder.setRootUrl(endpoint.endsWith("/") ? endpoint : endpoint + "/");
    }

    return builder.build();
  }

  private static void initialize(
      HttpRequest request, @Nullable Credentials credentials, Duration timeout) throws IOException {
    if (credentials != null) {
      new HttpCredentialsAdapter(credentials).initialize(request);
    }

    int millis = Math.toIntExact(timeout.toMillis());
    request.setConnectTimeout(millis).setReadTimeout(millis);
    CallRetries.allow(request, timeout, BigQueryErrors::mayPass, call -> true);
  }

  /**
   * All rows that a query answers, each value as text.
   *
   * @param project that pays for it
   * @param sql in the standard dialect
   * @param timeout of the whole query
   */
  public static List<List<String>> rows(
      Bigquery client, String project, String sql, Duration timeout) throws IOException {
    QueryRequest request =
        new QueryRequest()
            .setQuery(sql)
            .setUseLegacySql(false)
            .setTimeoutMs(WAIT)
            .setRequestId(UUID.randomUUID().toString());
    JobReference job = client.jobs().query(project, request).execute().getJobReference();
    List<List<String>> rows = new ArrayList<>();
    long start = System.nanoTime();
    for (String page = null; ; ) {
      GetQueryResultsResponse results =
          client
              .jobs()
              .getQueryResults(project, job.getJobId())
              .setLocation(job.getLocation())
              .setPageToken(page)
              .setTimeoutMs(WAIT)
              .execute();
      page = results.getPageToken();
      if (Boolean.TRUE.equals(results.getJobComplete())) {
        for (TableRow row : Objects.requireNonNullElse(results.getRows(), List.<TableRow>of())) {
          rows.add(row.getF().stream().map(cell -> Objects.toString(cell.getV(), "")).toList());
        }

        if (page == null) {
          return rows;
        }
      } else if (System.nanoTime() - start > timeout.toNanos()) {
        throw new IOException(
            "the query is not done after %d seconds".formatted(timeout.toSeconds()));
      }
    }
  }
}
