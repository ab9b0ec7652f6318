package ml.bqx.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.doubles.StoreCall.Answer;
import ml.bqx.doubles.StoreCall.Refusal;

/**
 * The part of Cloud Storage's JSON API that the program uses, on loopback. Its one bucket, {@code
 * bucket}, is a directory of this machine. It is as strict as the service says it is: conditions on
 * generations, 32 sources in a compose call, parts of an upload.
 */
public final class ObjectStore implements AutoCloseable {
  static final String BUCKET = "bucket";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH =
      Pattern.compile(
          "(/download|/upload)?/storage/v1/b/([^/]+)(?:/o(?:/([^/]+?)(?:/(compose)|/rewriteTo/b/([^/]+)/o/([^/]+))?)?)?");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  /** So few that a listing has several pages. */
  private static final int PAGE = 20;

  private static final int MOST_SOURCES = 32;

  /** Method and path of all requests. */
  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** Objects whose content was asked for. */
  public final List<String> downloads = new CopyOnWriteArrayList<>();

  /** How many objects each compose call had. */
  public final List<Integer> composed = new CopyOnWriteArrayList<>();

  /** Statuses that requests are answered with before the truth is told. */
  public final List<Integer> faults = new CopyOnWriteArrayList<>();

  /** Statuses to answer with although the request was carried out. */
  public final List<Integer> lostAnswers = new CopyOnWriteArrayList<>();

  /** Object that cannot be composed. */
  public String refused = "";

  /**
   * Whether an object may be written once a second only, as
   * https://cloud.google.com/storage/quotas#objects says.
   */
  public boolean limitsWrites;

  /** Objects that were to be written too early after another write. */
  public final List<String> earlyWrites = new CopyOnWriteArrayList<>();

  /** When objects were written last, in nanoseconds. */
  private final Map<String, Long> writes = new ConcurrentHashMap<>();

  /** What another run does just before an object is copied. */
  public Interference beforeRewrite = () -> {};

  /** Something that happens in between. */
  @FunctionalInterface
  public interface Interference {
    void run() throws IOException;
  }

  /** What happens to a request; it is told method and path. */
  public Function<String, Trouble> trouble = call -> Trouble.NONE;

  /** What a network or a service may do to a request. */
  public enum Trouble {
    /** It is done and answered. */
    NONE,

    /** It is refused, with status 403. */
    FORBIDDEN,

    /** It is not done, and answered with status 503. */
    BUSY,

    /** It is not done, and the connection is closed. */
    NO_ANSWER,

    /** It is not done, and the connection is closed while it is being sent. */
    CUT_OFF,

    /** Of a part of an upload half is kept, and the connection is closed. */
    HALF_DONE,

    /** It is done, and the connection is closed. */
    LOST_ANSWER,

    /** It is done, and the connection is closed in the middle of the answer. */
    HALF_AN_ANSWER,

    /** It is done, and answered late. */
    LATE
  }

  /** Sets how far the store's clock is ahead of this machine's. */
  public void setClock(Duration ahead) {
    objects.clock = ahead;
  }

  /** Longer than a run waits for anything else. */
  private static final Duration LATE = Duration.ofMillis(700);

  private final StoredObjects objects;
  private final ResumableUploads uploads;
  private final HttpServer server;

  /** A store whose bucket is a directory. */
  public ObjectStore(Path root) throws IOException {
    this(new StoredObjects(root, BUCKET));
  }

  /** A store whose buckets are the directories in one. */
  public static ObjectStore ofBuckets(Path root) throws IOException {
    return new ObjectStore(new StoredObjects(root, ""));
  }

  private ObjectStore(StoredObjects objects) throws IOException {
    this.objects = objects;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    uploads = new ResumableUploads(objects, host());
    server.createContext("/", this::handle);
    server.start();
  }

  private String host() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public String endpoint() {
    return host() + "/storage/v1/";
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Trouble what =
          trouble.apply(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
      if (what == Trouble.CUT_OFF) {
        return;
      }

      StoreCall call = StoreCall.of(exchange);
      switch (what) {
        case NONE, CUT_OFF -> answer(call).send(exchange);
        case FORBIDDEN -> fault(403).answer().send(exchange);
        case BUSY -> fault(503).answer().send(exchange);
        case NO_ANSWER -> {}
        case HALF_DONE -> uploads.takeHalf(call);
        case LOST_ANSWER -> answer(call);
        case HALF_AN_ANSWER -> answer(call).sendHalf(exchange);
        case LATE -> {
          Uninterruptibles.sleepUninterruptibly(LATE);
          answer(call).send(exchange);
        }
      }
    }
  }

  private Answer answer(StoreCall call) throws IOException {
    calls.add(call.method() + " " + call.uri().getPath());
    try {
      if (!faults.isEmpty()) {
        throw fault(faults.remove(0));
      }

      Answer answer = answered(call);
      if (!lostAnswers.isEmpty() && !call.method().equals("GET")) {
        throw fault(lostAnswers.remove(0));
      }

      return answer;
    } catch (Refusal e) {
      return e.answer();
    }
  }

  private static Refusal fault(int status) {
    return new Refusal(
        status, status == 403 ? "forbidden" : "backendError", "the bucket is not in the mood");
  }

  private Answer answered(StoreCall call) throws IOException, Refusal {
    String path = call.uri().getRawPath();
    if (path.startsWith(ResumableUploads.PATH)) {
      return uploads.take(call, this::checkRate);
    }

    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      throw new Refusal(400, "invalid", "no such call: " + path);
    }

    String bucket = parts.group(2);
    checkBucket(bucket);
    if (parts.group(3) != null) {
      return object(call, parts, objects.key(bucket, decoded(parts.group(3))));
    } else if (path.startsWith("/upload")) {
      return upload(call, bucket);
    }

    return path.endsWith("/o")
        ? list(call, bucket)
        : Answer.of(JSON.createObjectNode().put("name", bucket).put("location", "EU"));
  }

  private void checkBucket(String name) throws Refusal {
    if (!objects.hasBucket(name)) {
      throw new Refusal(404, "notFound", "The specified bucket does not exist.");
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private Answer object(StoreCall call, Matcher parts, String name) throws IOException, Refusal {
    if (parts.group(4) != null) {
      return compose(call, parts.group(2), name);
    }

    if (parts.group(5) != null) {
      checkBucket(parts.group(5));
      checkThere(name, call.parameter("sourceGeneration"));
      return rewrite(call, name, objects.key(parts.group(5), decoded(parts.group(6))));
    }

    checkThere(name, call.parameter("generation"));
    checkCondition(objects, call, name);
    if (call.method().equals("DELETE")) {
      objects.delete(name);
      return Answer.empty(204);
    }

    return call.parameter("alt").equals("media")
        ? media(call, name)
        : Answer.of(objects.resource(name));
  }

  private void checkThere(String name, String generation) throws IOException, Refusal {
    long found = objects.generation(name);
    if (found == 0 || !(generation.isEmpty() || generation.equals("" + found))) {
      throw new Refusal(404, "notFound", "No such object: " + name);
    }
  }

  /** Refuses when the object that a call changes is not the one it expects. */
  static void checkCondition(StoredObjects objects, StoreCall call, String name)
      throws IOException, Refusal {
    String expected = call.parameter("ifGenerationMatch");
    if (!expected.isEmpty() && !expected.equals("" + objects.generation(name))) {
      throw new Refusal(
          412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
    }
  }

  /** Refuses a write less than a second after the last one of the object. */
  private void checkRate(String name) throws Refusal {
    long now = System.nanoTime();
    Long last = limitsWrites ? writes.get(name) : null;
    if (last != null && now - last < TimeUnit.SECONDS.toNanos(1)) {
      earlyWrites.add(name);
      throw new Refusal(
          429,
          "rateLimitExceeded",
          "The object %s exceeded the rate limit for object mutation operations".formatted(name));
    }

    writes.put(name, now);
  }

  private Answer media(StoreCall call, String name) throws IOException, Refusal {
    downloads.add(name);
    String generation = "" + objects.generation(name);
    Matcher range = RANGE.matcher(String.valueOf(call.headers().getFirst("Range")));
    if (!range.matches()) {
      return new Answer(200, Map.of("x-goog-generation", generation), objects.bytes(name));
    }

    long size = objects.size(name);
    long from = Long.parseLong(range.group(1));
    long to = range.group(2).isEmpty() ? size : Long.parseLong(range.group(2)) + 1;
    if (from >= size) {
      throw new Refusal(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
    }

    byte[] bytes = objects.bytes(name, from, to);
    return new Answer(
        206,
        Map.of(
            "x-goog-generation",
            generation,
            "Content-Range",
            "bytes %d-%d/%d".formatted(from, from + bytes.length - 1, size)),
        bytes);
  }

  private Answer list(StoreCall call, String bucket) throws IOException {
    String prefix = objects.key(bucket, call.parameter("prefix"));
    TreeSet<String> folders = new TreeSet<>();
    List<String> names = new ArrayList<>();
    for (String name : objects.names(prefix)) {
      int slash = call.parameter("delimiter").isEmpty() ? -1 : name.indexOf('/', prefix.length());
      if (slash < 0) {
        names.add(name);
      } else {
        folders.add(objects.name(name.substring(0, slash + 1)));
      }
    }

    String token = call.parameter("pageToken");
    int start = token.isEmpty() ? 0 : Integer.parseInt(token);
    ObjectNode answer = JSON.createObjectNode();
    for (String name : names.subList(start, Math.min(names.size(), start + PAGE))) {
      answer.withArray("items").add(objects.resource(name));
    }

    folders.forEach(folder -> answer.withArray("prefixes").add(folder));
    if (start + PAGE < names.size()) {
      answer.put("nextPageToken", Integer.toString(start + PAGE));
    }

    return Answer.of(answer);
  }

  private Answer upload(StoreCall call, String bucket) throws IOException, Refusal {
    if (call.parameter("uploadType").equals("resumable")) {
      return uploads.begin(call, bucket);
    }

    String name = objects.key(bucket, JSON.readTree(call.parts().get(0)).get("name").asText());
    checkCondition(objects, call, name);
    checkRate(name);
    objects.put(name, call.parts().get(1));
    return Answer.of(objects.resource(name));
  }

  private Answer compose(StoreCall call, String bucket, String name) throws IOException, Refusal {
    JsonNode sources = call.json().get("sourceObjects");
    composed.add(sources.size());
    checkCondition(objects, call, name);
    if (sources.size() > MOST_SOURCES || name.equals(refused)) {
      throw new Refusal(400, "invalid", "refused");
    }

    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (JsonNode source : sources) {
      String part = objects.key(bucket, source.get("name").asText());
      checkThere(part, source.path("generation").asText());
      JsonNode condition = source.at("/objectPreconditions/ifGenerationMatch");
      if (!condition.isMissingNode() && condition.asLong() != objects.generation(part)) {
        throw new Refusal(412, "conditionNotMet", "a source has another generation");
      }

      whole.write(objects.bytes(part));
    }

    checkRate(name);
    objects.put(name, whole.toByteArray());
    return Answer.of(objects.resource(name));
  }

  private Answer rewrite(StoreCall call, String from, String to) throws IOException, Refusal {
    beforeRewrite.run();
    checkCondition(objects, call, to);
    checkRate(to);
    byte[] bytes = objects.bytes(from);
    objects.put(to, bytes);
    ObjectNode answer =
        JSON.createObjectNode()
            .put("done", true)
            .put("objectSize", "" + bytes.length)
            .put("totalBytesRewritten", "" + bytes.length);
    answer.set("resource", objects.resource(to));
    return Answer.of(answer);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
