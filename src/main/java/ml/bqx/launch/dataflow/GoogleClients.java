package ml.bqx.launch.dataflow;

import com.google.api.client.http.HttpMethods;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.Dataflow;
import com.google.api.services.storage.Storage;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.http.CallFailure;
import ml.bqx.http.CallRetries;

/** Makes the clients of Google's services; see {@link CallRetries} for what they repeat. */
public final class GoogleClients {
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final String APPLICATION = "bqx-ml";
  private static final String PLAIN = "http://";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /** A launch takes the service some seconds; a call that takes longer is considered lost. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  private final HttpTransport transport = new NetHttpTransport();

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

  /**
   * A client of Cloud Storage.
   *
   * @param endpoint root of its JSON API, version included
   */
  public Storage storage(String endpoint) {
    URI root = URI.create(endpoint);
    return new Storage.Builder(transport, GsonFactory.getDefaultInstance(), initializer(endpoint))
        .setRootUrl(root.resolve("/").toString())
        .setServicePath(root.getPath().substring(1))
        .setApplicationName(APPLICATION)
        .build();
  }

  /** Whether credentials may be sent to an address: never unencrypted. */
  public static boolean takesCredentials(String endpoint) {
    return !endpoint.startsWith(PLAIN);
  }

  private static HttpRequestInitializer initializer(String endpoint) {
    HttpRequestInitializer credentials =
        takesCredentials(endpoint)
            ? credentials()
            : request -> request.setUnsuccessfulResponseHandler((call, response, more) -> false);
    return request -> {
      credentials.initialize(request);
      request
          .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
          .setReadTimeout((int) READ_TIMEOUT.toMillis());
      // A POST may have had its effect before the connection broke: its caller must check first.
      CallRetries.allow(
          request,
          CallRetries.LIMIT,
          CallFailure::isTransient,
          call -> !HttpMethods.POST.equals(call.getRequestMethod()));
    };
  }

  private static HttpRequestInitializer credentials() {
    try {
      return new HttpCredentialsAdapter(
          GoogleCredentials.getApplicationDefault().createScoped(SCOPE));
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot find credentials for Google Cloud: %s; a Cloud Run job has those of its service account, on your own machine run: gcloud auth application-default login"
              .formatted(CallFailure.firstLine(e.getMessage())),
          e);
    }
  }
}
