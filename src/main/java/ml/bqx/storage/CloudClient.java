package ml.bqx.storage;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import ml.bqx.config.CloudConfig;

/** Makes Google's client of Cloud Storage; it speaks JSON over HTTP. */
final class CloudClient {
  /** A step of a pipeline has many copies; all of them share connections and access tokens. */
  private static final ConcurrentMap<CloudConfig, Storage> CLIENTS = new ConcurrentHashMap<>();

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /** The service takes some seconds to compose, to copy, or to take a part of an upload. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  private CloudClient() {}

  /** The client for an endpoint, with credentials. Safe for use by several threads. */
  static Storage of(CloudConfig config) {
    return CLIENTS.computeIfAbsent(config, CloudClient::create);
  }

  /** Most failures pass within a second. */
  private static RetrySettings retries(Duration limit) {
    return RetrySettings.newBuilder()
        .setInitialRetryDelayDuration(Duration.ofMillis(250))
        .setRetryDelayMultiplier(2)
        .setMaxRetryDelayDuration(Duration.ofSeconds(30))
        .setTotalTimeoutDuration(limit)
        .build();
  }

  private static Storage create(CloudConfig config) {
    return StorageOptions.http()
        .setHost(config.host())
        // Nothing that we ask for is a project's; without one, the client would look for it.
        .setProjectId("none")
        .setCredentials(config.credentials())
        .setRetrySettings(retries(config.retryLimit()))
        .setStorageRetryStrategy(new CloudRetries())
        .setTransportOptions(
            HttpTransportOptions.newBuilder()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setReadTimeout((int) READ_TIMEOUT.toMillis())
                .build())
        .build()
        .getService();
  }
}
