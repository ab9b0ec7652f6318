package ml.bqx.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import ml.bqx.options.BeamOptions;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * The part of BigQuery's REST interface that a merge uses, on loopback: every dataset can be made,
 * every job succeeds, unless a test says otherwise.
 */
public final class BigQueryStub implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Method and path of every request, for example {@code POST datasets}. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** The configuration of every job that was begun. */
  public final List<JsonNode> begun = new CopyOnWriteArrayList<>();

  /** What requests are answered with that are refused, by their start: {@code POST datasets}. */
  public final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

  /** The error that a job ends with, by its configuration; null when it succeeds. */
  public Function<JsonNode, Failure> failure = job -> null;

  /** What a query bills, and a dry run says that it will. */
  public long bytes;

  /** Looks at a job before it is done. */
  public int polls = 1;

  private final Map<String, JsonNode> jobs = new ConcurrentHashMap<>();
  private final Map<String, Integer> looks = new ConcurrentHashMap<>();
  private final HttpServer server;

  /** An answer to a request. */
  public record Refusal(int status, String reason, String message) {}

  /** The end of a job. */
  public record Failure(String reason, String message, List<String> details) {}

  public BigQueryStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/bigquery/v2/projects/project-1/", this::handle);
    server.start();
  }

  public PipelineOptions options() {
    BeamOptions.register();
    return PipelineOptionsFactory.fromArgs(
            "--project=project-1",
            "--bigQueryEndpoint=http://127.0.0.1:" + server.getAddress().getPort(),
            "--credentialFactoryClass=" + NoopCredentialFactory.class.getName())
        .create();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().split("/project-1/", 2)[1];
    String request = exchange.getRequestMethod() + " " + path;
    JsonNode body = body(exchange);
    requests.add(request);
    String query = exchange.getRequestURI().getQuery();
    for (Map.Entry<String, Refusal> refusal : refusals.entrySet()) {
      if (request.startsWith(refusal.getKey())) {
        refuse(exchange, refusal.getValue());
        return;
      }
    }

    if (request.equals("POST datasets")) {
      answer(exchange, 200, body);
    } else if (request.startsWith("DELETE datasets/")) {
      requests.add(query);
      answer(exchange, 204, null);
    } else if (request.equals("POST jobs")) {
      answer(exchange, 200, begin(body));
    } else if (request.endsWith("/cancel")) {
      answer(exchange, 200, JSON.createObjectNode());
    } else {
      answer(exchange, 200, look(path.substring(path.lastIndexOf('/') + 1)));
    }
  }

  private JsonNode begin(JsonNode job) {
    ObjectNode answer = job.deepCopy();
    JsonNode configuration = job.get("configuration");
    boolean dry = configuration.path("dryRun").asBoolean();
    if (dry) {
      answer.putObject("status").put("state", "DONE");
      answer
          .putObject("statistics")
          .put("totalBytesProcessed", "" + bytes)
          .putObject("query")
          .put("totalBytesProcessed", "" + bytes);
      answer.putObject("jobReference").put("projectId", "project-1").put("jobId", "dry");
      return answer;
    }

    begun.add(configuration);
    answer.putObject("status").put("state", "RUNNING");
    jobs.put(job.get("jobReference").get("jobId").asText(), answer);
    return answer;
  }

  private JsonNode look(String id) {
    ObjectNode job = jobs.get(id).deepCopy();
    if (looks.merge(id, 1, Integer::sum) < polls) {
      return job;
    }

    ObjectNode status = job.putObject("status").put("state", "DONE");
    Failure failed = failure.apply(job.get("configuration"));
    if (failed != null) {
      status.set("errorResult", error(failed.reason, failed.message));
      status.putArray("errors").add(error(failed.reason, failed.message));
      failed.details.forEach(detail -> status.withArray("errors").add(error("invalid", detail)));
    } else if (job.get("configuration").has("query")) {
      job.putObject("statistics").putObject("query").put("totalBytesBilled", "" + bytes);
    }

    return job;
  }

  private static ObjectNode error(String reason, String message) {
    return JSON.createObjectNode().put("reason", reason).put("message", message);
  }

  private void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode error =
        answer.putObject("error").put("code", refusal.status).put("message", refusal.message);
    error.putArray("errors").add(error(refusal.reason, refusal.message));
    answer(exchange, refusal.status, answer);
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream in = exchange.getRequestBody();
    byte[] bytes = (zipped ? new GZIPInputStream(in) : in).readAllBytes();
    return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
  }

  private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
