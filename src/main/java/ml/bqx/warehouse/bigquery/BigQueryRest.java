package ml.bqx.warehouse.bigquery;

import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.GetQueryResultsResponse;
import com.google.api.services.bigquery.model.QueryRequest;
import com.google.api.services.bigquery.model.QueryResponse;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableRow;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.BigQueryConfig;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;

/** The calls of BigQuery's REST interface that discovery needs. Safe for use by several threads. */
final class BigQueryRest {
  /** Milliseconds that BigQuery may hold back the answer to a query that is not done. */
  private static final long WAIT = 10_000;

  private final Bigquery client;
  private final String project;
  private final Duration timeout;

  /**
   * Connects with the credentials, and to the endpoint, of the options.
   *
   * @throws InvalidInputException when there are no credentials
   */
  BigQueryRest(BigQueryOptions options, BigQueryConfig config) {
    Credentials credentials = options.getGcpCredential();
    if (credentials == null) {
      throw new InvalidInputException(
          "Cannot use BigQuery: there are no credentials; log in with gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS");
    }

    Bigquery.Builder builder =
        new Bigquery.Builder(
                Transport.getTransport(),
                Transport.getJsonFactory(),
                request -> initialize(request, credentials, config.readTimeout()))
            .setApplicationName(options.getAppName());
    String endpoint = options.getBigQueryEndpoint();
    if (endpoint != null) {
      builder.setRootUrl(endpoint.endsWith("/") ? endpoint : endpoint + "/");
    }

    this.client = builder.build();
    this.project = config.project();
    this.timeout = config.readTimeout();
  }

  /** Repeats what fails for the moment: no connection, too many requests, an error over there. */
  private static void initialize(HttpRequest request, Credentials credentials, Duration timeout)
      throws IOException {
    HttpRequestInitializer adapter = new HttpCredentialsAdapter(credentials);
    adapter.initialize(request);
    int millis = Math.toIntExact(timeout.toMillis());
    request.setConnectTimeout(millis);
    request.setReadTimeout(millis);
    request.setUnsuccessfulResponseHandler(
        new HttpBackOffUnsuccessfulResponseHandler(backOff(millis))
            .setBackOffRequired(
                response -> response.getStatusCode() == 429 || response.getStatusCode() >= 500));
    request.setIOExceptionHandler(new HttpBackOffIOExceptionHandler(backOff(millis)));
  }

  private static ExponentialBackOff backOff(int millis) {
    return new ExponentialBackOff.Builder()
        .setMultiplier(2)
        .setMaxElapsedTimeMillis(millis)
        .build();
  }

  /**
   * All rows that a query answers, each value as text.
   *
   * @param sql in the standard dialect
   */
  List<List<String>> query(String sql) throws IOException {
    QueryResponse response =
        client
            .jobs()
            .query(
                project, new QueryRequest().setQuery(sql).setUseLegacySql(false).setTimeoutMs(WAIT))
            .execute();
    List<List<String>> rows = new ArrayList<>();
    boolean complete = Boolean.TRUE.equals(response.getJobComplete());
    String page = response.getPageToken();
    if (complete) {
      add(response.getRows(), rows);
    }

    long start = System.nanoTime();
    while (!complete || page != null) {
      if (!complete && System.nanoTime() - start > timeout.toNanos()) {
        throw new IOException(
            "the query is not done after %d seconds".formatted(timeout.toSeconds()));
      }

      GetQueryResultsResponse more =
          client
              .jobs()
              .getQueryResults(project, response.getJobReference().getJobId())
              .setLocation(response.getJobReference().getLocation())
              .setPageToken(page)
              .setTimeoutMs(WAIT)
              .execute();
      complete = Boolean.TRUE.equals(more.getJobComplete());
      page = more.getPageToken();
      if (complete) {
        add(more.getRows(), rows);
      }
    }

    return rows;
  }

  private static void add(List<TableRow> page, List<List<String>> rows) {
    for (TableRow row : page == null ? List.<TableRow>of() : page) {
      rows.add(row.getF().stream().map(cell -> Objects.toString(cell.getV(), "")).toList());
    }
  }

  /** What BigQuery knows of a table, besides its columns. */
  Table table(String dataset, String name) throws IOException {
    return client
        .tables()
        .get(project, dataset, name)
        .setFields("type,numRows,lastModifiedTime,streamingBuffer")
        .execute();
  }
}
