package ml.bqx.launch.dataflow;

import com.google.api.client.http.HttpMethods;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.Dataflow;
import com.google.auth.http.HttpCredentialsAdapter;
import java.time.Duration;
import java.util.List;
import ml.bqx.config.CloudConfig;
import ml.bqx.http.CallFailure;
import ml.bqx.http.CallRetries;

/** Makes the clients of Google's services; see {@link CallRetries} for what they repeat. */
public final class GoogleClients {
  private static final String APPLICATION = "bqx-ml";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** A launch takes the service some seconds; a call that takes longer is considered lost. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  /** Longer outages are waited out between polls, so that one call never holds up the others. */
  public static final Duration RETRY_LIMIT = Duration.ofSeconds(2);

  private final HttpTransport transport = new NetHttpTransport();
  private final List<String> impersonatedAccounts;

  /**
   * Makes clients.
   *
   * @param impersonatedAccounts the service account to act as, last, behind those that delegate to
   *     it; empty to act as oneself
   */
  public GoogleClients(List<String> impersonatedAccounts) {
    this.impersonatedAccounts = impersonatedAccounts;
  }

  /**
   * A client of Dataflow.
   *
   * @param endpoint root of its API
   */
  public Dataflow dataflow(String endpoint) {
    return new Dataflow.Builder(transport, GsonFactory.getDefaultInstance(), initializer(endpoint))
        .setRootUrl(endpoint)
        .setApplicationName(APPLICATION)
        .build();
  }

  private HttpRequestInitializer initializer(String endpoint) {
    HttpRequestInitializer credentials =
        CloudConfig.takesCredentials(endpoint)
            ? new HttpCredentialsAdapter(CloudConfig.credentials(impersonatedAccounts))
            : request -> {};
    return request -> {
      credentials.initialize(request);
      request
          .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
          .setReadTimeout((int) READ_TIMEOUT.toMillis());
      // A POST may have had its effect before the connection broke: its caller must check first.
      CallRetries.allow(
          request,
          RETRY_LIMIT,
          CallFailure::isTransient,
          call -> !HttpMethods.POST.equals(call.getRequestMethod()));
    };
  }
}
