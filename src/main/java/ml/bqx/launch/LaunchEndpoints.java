package ml.bqx.launch;

/**
 * Addresses of Google's services, each with a slash at its end: the real ones, or emulators.
 *
 * @param dataflow root of the Dataflow API
 * @param gcs root of Cloud Storage's JSON API, version included
 * @param bigQuery root of the BigQuery API
 */
public record LaunchEndpoints(String dataflow, String gcs, String bigQuery) {
  private static final String PLAIN = "http://";

  /** Whether credentials may be sent to an address: never unencrypted. */
  public static boolean takesCredentials(String endpoint) {
    return !endpoint.startsWith(PLAIN);
  }
}
