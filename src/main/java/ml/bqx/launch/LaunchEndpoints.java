package ml.bqx.launch;

import java.util.HashMap;
import java.util.Map;

/**
 * Addresses of Google's services: the real ones, or emulators.
 *
 * @param dataflow root of the Dataflow API, with a slash at its end
 * @param gcs root of Cloud Storage's JSON API, version included, with a slash at its end
 * @param bigQuery root of the BigQuery API, without a slash at its end
 */
public record LaunchEndpoints(String dataflow, String gcs, String bigQuery) {
  /** Endpoints that are not the default, as options of a pipeline. */
  public Map<String, String> pipelineOptions() {
    Map<String, String> options = new HashMap<>();
    options.put(LaunchVariable.GCS_ENDPOINT.option(), gcs);
    options.put(LaunchVariable.BIGQUERY_ENDPOINT.option(), bigQuery);
    options.values().remove(LaunchVariable.GCS_ENDPOINT.defaultValue());
    options.values().remove(LaunchVariable.BIGQUERY_ENDPOINT.defaultValue());
    return options;
  }
}
