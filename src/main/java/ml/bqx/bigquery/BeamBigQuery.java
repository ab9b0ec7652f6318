package ml.bqx.bigquery;

import com.google.api.services.bigquery.Bigquery;
import com.google.auth.Credentials;
import java.time.Duration;
import ml.bqx.failure.InvalidInputException;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/** The client of BigQuery that a pipeline's options ask for. */
public final class BeamBigQuery {
  private BeamBigQuery() {}

  /**
   * A client with the credentials, and to the endpoint, of the options; see {@link
   * BigQueryClient#of}.
   *
   * @throws InvalidInputException when there are no credentials
   */
  public static Bigquery client(PipelineOptions options, Duration timeout) {
    Credentials credentials = options.as(GcpOptions.class).getGcpCredential();
    if (credentials == null) {
      throw new InvalidInputException(
          "Cannot use BigQuery: there are no credentials; log in with gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS");
    }

    return BigQueryClient.of(
        credentials, options.as(BigQueryOptions.class).getBigQueryEndpoint(), timeout);
  }
}
