package ml.bqx.doubles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import ml.bqx.options.BeamOptions;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The servers that {@code emulators/run} started for the tests tagged {@code emulators}, and what a
 * test does with them past our code: plain requests to their REST interfaces.
 */
public final class Emulators {
  /** The project of all tests: they keep apart by their datasets and buckets. */
  public static final String PROJECT = "bqx-test";

  private static final String BIG_QUERY = environment("BQX_BIGQUERY_ENDPOINT");
  private static final String GCS = environment("BQX_GCS_ENDPOINT");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT;

  static {
    // Before anything in this JVM speaks TLS, which reads it once.
    System.setProperty("javax.net.ssl.trustStore", environment("BQX_TRUST_STORE"));
    // Seconds; the BigQuery emulator hangs up after 5, and a request that meets that fails.
    System.setProperty("jdk.httpclient.keepalive.timeout", "2");
    // The first request would ask for HTTP/2, whose body that emulator then does not read.
    CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private Emulators() {}

  private static String environment(String name) {
    return Objects.requireNonNull(
        System.getenv(name), name + " is not set: run this test with make test-emulators");
  }

  /** The options with which a command finds the emulators, as they are written. */
  public static List<String> args() {
    return List.of(
        "--project=" + PROJECT,
        "--bigQueryEndpoint=" + BIG_QUERY,
        "--gcsEndpoint=" + GCS,
        "--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
  }

  /** Where the emulator of Cloud Storage is, as {@code --gcsEndpoint} has it. */
  static String gcsEndpoint() {
    return GCS;
  }

  /** The options with which a command finds the emulators. */
  public static PipelineOptions options() {
    BeamOptions.register();
    return PipelineOptionsFactory.fromArgs(args().toArray(String[]::new)).create();
  }

  /** A name that no other test has, with a word that tells whose it is. */
  public static String unique(String word) {
    return word + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }

  /** Makes an empty bucket, and gives its {@code gs://} address. */
  public static String newBucket() {
    String name = unique("bucket-");
    // Deleted objects shall be gone, not kept for a week.
    Object body = Map.of("name", name, "softDeletePolicy", Map.of("retentionDurationSeconds", "0"));
    json("POST", URI.create(GCS + "b?project=" + PROJECT), body);

    return "gs://" + name;
  }

  /** Copies an object to a file of this machine. */
  public static void download(String object, Path file) {
    send(
        HttpRequest.newBuilder(URI.create(uri(object) + "?alt=media")).build(),
        BodyHandlers.ofFile(file));
  }

  /** Makes an object, or replaces what has its name. */
  public static void upload(String object, byte[] content) {
    String[] parts = parts(object);
    String api = GCS.replace("/storage/v1/", "/upload/storage/v1/");
    String uri = "%sb/%s/o?uploadType=media&name=%s".formatted(api, parts[0], encoded(parts[1]));
    send(
        HttpRequest.newBuilder(URI.create(uri)).POST(BodyPublishers.ofByteArray(content)).build(),
        BodyHandlers.ofString());
  }

  /** Deletes an object. */
  public static void delete(String object) {
    send(HttpRequest.newBuilder(uri(object)).DELETE().build(), BodyHandlers.ofString());
  }

  /** The names of all objects of a bucket, sorted. */
  public static List<String> objects(String bucket) {
    String name = bucket.substring("gs://".length());
    JsonNode objects = json("GET", URI.create("%sb/%s/o".formatted(GCS, name)), null);
    return objects.path("items").findValuesAsText("name");
  }

  private static URI uri(String object) {
    String[] parts = parts(object);
    return URI.create("%sb/%s/o/%s".formatted(GCS, parts[0], encoded(parts[1])));
  }

  private static String[] parts(String object) {
    return object.substring("gs://".length()).split("/", 2);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** Runs a BigQuery statement to its end and gives its answer, at most one page of rows. */
  public static JsonNode query(String sql) {
    JsonNode answer =
        bigQuery(
            "POST", "queries", Map.of("query", sql, "useLegacySql", false, "timeoutMs", 600_000));
    assertThat(answer.path("errors")).as(sql).isEmpty();
    return answer;
  }

  /**
   * Sends a request to BigQuery's REST interface.
   *
   * @param path what follows the project's name
   */
  public static JsonNode bigQuery(String method, String path, @Nullable Object body) {
    URI uri = URI.create("%s/bigquery/v2/projects/%s/%s".formatted(BIG_QUERY, PROJECT, path));
    return json(method, uri, body);
  }

  private static JsonNode json(String method, URI uri, @Nullable Object body) {
    try {
      HttpRequest.BodyPublisher content =
          body == null
              ? BodyPublishers.noBody()
              : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .method(method, content)
              .header("Content-Type", "application/json")
              .build();
      String answer = send(request, BodyHandlers.ofString());
      return answer.isEmpty() ? MissingNode.getInstance() : JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      HttpResponse<T> answer = answer(request, handler);
      assertThat(answer.statusCode())
          .as("%s %s: %s", request.method(), request.uri(), answer.body())
          .isBetween(200, 299);
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during " + request.uri(), e);
    }
  }

  /** Tries twice: an emulator may close a connection just when it is to be used again. */
  private static <T> HttpResponse<T> answer(
      HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    try {
      return CLIENT.send(request, handler);
    } catch (IOException e) {
      return CLIENT.send(request, handler);
    }
  }
}
