package ml.bqx.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import ml.bqx.doubles.StoreCall.Answer;
import ml.bqx.doubles.StoreCall.Refusal;

/**
 * The part of Dataflow's REST API that a launcher uses, on loopback: launch, list, get, messages,
 * metrics, update. Jobs go through the states they are given, one at each look. It is as strict as
 * the service says it is: see {@link LaunchRules}, and so many jobs may be active.
 */
public final class DataflowStub implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROOT = "/v1b3/projects/[a-z-]+/locations/us-central1";
  private static final Pattern JOB = Pattern.compile("/jobs/([^/]+)(/messages|/metrics)?");

  /** A call as it came over the wire. */
  public record Call(
      String method, String path, Map<String, String> query, boolean zipped, JsonNode body) {
    @Override
    public String toString() {
      return method + " " + local();
    }

    /** The path below the project and the region; as it is when it is not of any. */
    String local() {
      return path.replaceFirst("^" + ROOT, "");
    }
  }

  /** What a call is answered with instead of the truth; status 0 breaks the connection. */
  private record Fault(Pattern call, int status, String message, String reason, Effect effect) {}

  /** When a fault comes. */
  private enum Effect {
    ONCE,
    ALWAYS,
    /** Once, when the call has had its effect. */
    AFTER
  }

  public final List<Call> calls = new CopyOnWriteArrayList<>();
  public final Map<String, StubJob> jobs = new ConcurrentHashMap<>();

  /** States of jobs that are launched, unless {@link #onLaunch} says otherwise. */
  public List<String> script = List.of("QUEUED", "RUNNING", "DONE");

  /** Is told of each job that is launched. */
  public Consumer<StubJob> onLaunch = job -> {};

  /** Jobs that a project may have active; https://cloud.google.com/dataflow/quotas. */
  public int quota = 25;

  /** Cancels no job before it was asked to cancel this many. */
  public CountDownLatch cancelledAtOnce = new CountDownLatch(1);

  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private int created;

  public DataflowStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  /** Answers the next call that matches (method and path) with a status. */
  public DataflowStub fail(String call, int status, String message) {
    return fail(call, status, message, "");
  }

  /** The same, with one of the reasons by which the service tells a limit from a permission. */
  public DataflowStub fail(String call, int status, String message, String reason) {
    faults.add(new Fault(Pattern.compile(call), status, message, reason, Effect.ONCE));
    return this;
  }

  /** Answers all calls that match (method and path) with a status. */
  public DataflowStub failAlways(String call, int status, String message) {
    faults.add(new Fault(Pattern.compile(call), status, message, "", Effect.ALWAYS));
    return this;
  }

  /** Breaks the connection of the next call that matches, before it does anything. */
  public DataflowStub reset(String call) {
    return fail(call, 0, "");
  }

  /** Does what the next call that matches asks for, but breaks the connection. */
  public DataflowStub loseAnswer(String call) {
    faults.add(new Fault(Pattern.compile(call), 0, "", "", Effect.AFTER));

    return this;
  }

  /** A job that is there already. */
  public synchronized StubJob add(String name, String... states) {
    created++;
    StubJob job =
        new StubJob(
            "2024-01-01_%04d".formatted(created),
            name,
            "2024-01-01T00:00:%02dZ".formatted(created),
            states);
    jobs.put(job.id, job);

    return job;
  }

  /** The jobs in the order in which they came. */
  public List<StubJob> launched() {
    return jobs.values().stream().sorted((a, b) -> a.id.compareTo(b.id)).toList();
  }

  /** How many calls match, by method and path. */
  public long count(String call) {
    Pattern pattern = Pattern.compile(call);

    return calls.stream().filter(each -> pattern.matcher(each.toString()).matches()).count();
  }

  /** The bodies of all launches. */
  public List<Call> launches() {
    return calls.stream().filter(call -> call.path.endsWith(":launch")).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = read(exchange);
      calls.add(call);
      Fault fault =
          faults.stream()
              .filter(each -> each.call.matcher(call.toString()).matches())
              .findFirst()
              .orElse(null);
      if (fault != null && fault.effect != Effect.ALWAYS) {
        faults.remove(fault);
      }

      if (fault == null || fault.effect == Effect.AFTER) {
        answer(exchange, call, fault != null);
      } else if (fault.status != 0) {
        new Refusal(fault.status, fault.reason, fault.message).answer().send(exchange);
      }
    }
  }

  private static Call read(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    byte[] body =
        zipped
            ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
            : exchange.getRequestBody().readAllBytes();
    Map<String, String> query = new ConcurrentHashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String part : raw == null ? new String[0] : raw.split("&")) {
      String[] both = part.split("=", 2);
      query.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
    }

    return new Call(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        query,
        zipped,
        JSON.readTree(body));
  }

  private void answer(HttpExchange exchange, Call call, boolean lost) throws IOException {
    Matcher one = JOB.matcher(call.local());
    Answer answer;
    if (call.local().equals("/flexTemplates:launch")) {
      answer = launch(call);
    } else if (call.local().equals("/jobs")) {
      answer = Answer.of(list(call.query.get("name")));
    } else if (one.matches() && jobs.containsKey(one.group(1))) {
      answer = Answer.of(job(call, jobs.get(one.group(1)), String.valueOf(one.group(2))));
    } else {
      answer = new Refusal(404, "notFound", "no such thing: " + call.path).answer();
    }

    if (!lost) {
      answer.send(exchange);
    }
  }

  /** One at a time, so that two launches of one name do not both find none. */
  private synchronized Answer launch(Call call) throws IOException {
    JsonNode parameter = call.body.get("launchParameter");
    try {
      LaunchRules.check(parameter);
      if (isActive(parameter.get("jobName").asText())) {
        throw new Refusal(
            409,
            "alreadyExists",
            "There is already an active job named " + parameter.get("jobName"));
      } else if (call.body.path("validateOnly").asBoolean()) {
        return Answer.of(JSON.createObjectNode());
      } else if (active() >= quota) {
        throw new Refusal(
            429,
            "rateLimitExceeded",
            "The workflow could not be created: the project has %d active jobs, its quota"
                .formatted(quota));
      }
    } catch (Refusal e) {
      return e.answer();
    }

    ObjectNode launched = JSON.createObjectNode();
    launched.set("job", launch(parameter).json(false));
    return Answer.of(launched);
  }

  /** How many jobs are active. */
  public long active() {
    return jobs.values().stream().filter(job -> !job.isEnded()).count();
  }

  private ObjectNode list(String name) {
    ObjectNode answer = JSON.createObjectNode();
    jobs.values().stream()
        .filter(job -> job.name.equals(name))
        // Listing leaves labels out, as the service does.
        .forEach(job -> answer.withArray("jobs").add(job.json(false)));

    return answer;
  }

  private ObjectNode job(Call call, StubJob job, String part) {
    if (part.equals("/messages")) {
      return job.messages();
    }

    if (part.equals("/metrics")) {
      return StubJob.metrics();
    }

    if (call.method.equals("PUT")) {
      cancelledAtOnce.countDown();
      Uninterruptibles.awaitUninterruptibly(cancelledAtOnce);
      job.cancel(call.body.get("requestedState").asText());
    } else if (call.query.get("view") == null) {
      job.advance();
    }

    return job.json("JOB_VIEW_ALL".equals(call.query.get("view")));
  }

  private boolean isActive(String name) {
    return jobs.values().stream().anyMatch(job -> job.name.equals(name) && !job.isEnded());
  }

  private StubJob launch(JsonNode parameter) {
    StubJob job = add(parameter.get("jobName").asText(), script.toArray(String[]::new));
    parameter
        .get("parameters")
        .fields()
        .forEachRemaining(entry -> job.parameters.put(entry.getKey(), entry.getValue().asText()));
    parameter
        .at("/environment/additionalUserLabels")
        .fields()
        .forEachRemaining(entry -> job.labels.put(entry.getKey(), entry.getValue().asText()));
    onLaunch.accept(job);

    return job;
  }

  /** Runs something in the background. */
  public void start(Runnable work) {
    threads.execute(work);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
