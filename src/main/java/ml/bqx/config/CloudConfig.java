package ml.bqx.config;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.cloud.NoCredentials;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a run reaches Cloud Storage.
 *
 * @param host root of its address, for example {@code https://storage.googleapis.com}
 * @param anonymous whether no credentials are sent
 * @param impersonated the service account to act as, last, behind those that delegate to it; empty
 *     to act as oneself
 * @param retryLimit total time in which a call that fails temporarily is repeated
 */
public record CloudConfig(
    String host, boolean anonymous, List<String> impersonated, Duration retryLimit)
    implements Serializable {
  private static final Duration RETRY_LIMIT = Duration.ofMinutes(10);

  private static final String HOST = "https://storage.googleapis.com";

  /** Where Google's client expects the JSON API below the host. */
  private static final Set<String> PATHS = Set.of("", "/", "/storage/v1", "/storage/v1/");

  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  /** Of an impersonated account's tokens: what the service allows; they are renewed. */
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  /**
   * The credentials of this machine, at an endpoint.
   *
   * @param endpoint root of the JSON API, as {@code --gcsEndpoint} has it
   * @param impersonated the service account to act as, last, behind those that delegate to it
   */
  public static CloudConfig of(String endpoint, List<String> impersonated) {
    return of(endpoint, false, impersonated);
  }

  /**
   * The credentials of this machine, or none, at an endpoint.
   *
   * @param endpoint as {@code --gcsEndpoint} has it; null for the service itself
   * @param withoutCredentials whether none are sent, whatever the endpoint
   */
  static CloudConfig of(
      @Nullable String endpoint, boolean withoutCredentials, List<String> impersonated) {
    String host = host(endpoint);
    return new CloudConfig(
        host, withoutCredentials || !takesCredentials(host), impersonated, RETRY_LIMIT);
  }

  /** The same with another {@link #retryLimit}. */
  public CloudConfig withRetryLimit(Duration limit) {
    return new CloudConfig(host, anonymous, impersonated, limit);
  }

  /** Whether credentials may be sent to an address: never unencrypted. */
  public static boolean takesCredentials(String endpoint) {
    return !endpoint.startsWith("http://");
  }

  /**
   * Whom the service is called as.
   *
   * @throws InvalidInputException when this machine has no credentials
   */
  public Credentials credentials() {
    return anonymous ? NoCredentials.getInstance() : credentials(impersonated);
  }

  /**
   * Whom Google's services are called as.
   *
   * @param impersonated the service account to act as, last, behind those that delegate to it;
   *     empty for this machine's user or service account
   * @throws InvalidInputException when this machine has no credentials
   */
  public static GoogleCredentials credentials(List<String> impersonated) {
    int last = impersonated.size() - 1;
    return last < 0
        ? applicationDefault()
        : ImpersonatedCredentials.create(
            applicationDefault(),
            impersonated.get(last),
            impersonated.subList(0, last),
            SCOPES,
            (int) TOKEN_LIFETIME.toSeconds());
  }

  private static GoogleCredentials applicationDefault() {
    try {
      return GoogleCredentials.getApplicationDefault().createScoped(SCOPES);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot find credentials for Google Cloud: %s; a Cloud Run job has those of its service account, on your own machine run: gcloud auth application-default login"
              .formatted(String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private static String host(@Nullable String endpoint) {
    if (endpoint == null) {
      return HOST;
    }

    try {
      URI uri = URI.create(endpoint);
      if (uri.getHost() != null && PATHS.contains(uri.getPath())) {
        return "%s://%s".formatted(uri.getScheme(), uri.getAuthority());
      }
    } catch (IllegalArgumentException e) {
      throw notAnEndpoint(endpoint, e);
    }

    throw notAnEndpoint(endpoint, null);
  }

  private static InvalidInputException notAnEndpoint(String endpoint, @Nullable Exception cause) {
    return new InvalidInputException(
        "--gcsEndpoint=%s: not an endpoint of Cloud Storage (expected for example http://localhost:9000/storage/v1/)"
            .formatted(endpoint),
        cause);
  }
}
