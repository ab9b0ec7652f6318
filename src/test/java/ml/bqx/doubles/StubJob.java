package ml.bqx.doubles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A job of {@link DataflowStub}. */
public final class StubJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  final String id;
  public final String name;
  public final Map<String, String> parameters = new ConcurrentHashMap<>();
  final Map<String, String> labels = new ConcurrentHashMap<>();
  private final String createTime;
  private final List<String> states;
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private Runnable whenDone = () -> {};
  private int look;

  StubJob(String id, String name, String createTime, String... states) {
    this.id = id;
    this.name = name;
    this.createTime = createTime;
    this.states = new CopyOnWriteArrayList<>(states);
  }

  /** Sets the states it goes through from now on; it stays in the last one. */
  public synchronized StubJob states(String... next) {
    states.clear();
    states.addAll(List.of(next));
    look = 0;

    return this;
  }

  /** Adds an error message. */
  public StubJob error(String text) {
    errors.add(text);

    return this;
  }

  /** Something to do right before it is seen as done. */
  public StubJob whenDone(Runnable work) {
    whenDone = work;

    return this;
  }

  public StubJob label(String key, String value) {
    labels.put(key, value);

    return this;
  }

  public synchronized String state() {
    return states.get(look);
  }

  public synchronized boolean isEnded() {
    return List.of("DONE", "FAILED", "CANCELLED", "DRAINED").contains(state());
  }

  synchronized void advance() {
    look = Math.min(look + 1, states.size() - 1);
    if (state().equals("DONE")) {
      whenDone.run();
      whenDone = () -> {};
    }
  }

  void cancel(String requested) {
    states(requested.replace("JOB_STATE_", ""));
  }

  ObjectNode json(boolean all) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", id).put("name", name).put("createTime", createTime);
    json.put("currentState", "JOB_STATE_" + state());
    json.put("currentStateTime", "2024-01-01T00:03:20.5Z");
    if (all) {
      labels.forEach(json.putObject("labels")::put);
    }

    return json;
  }

  ObjectNode messages() {
    ObjectNode json = JSON.createObjectNode();
    List<String> texts = new ArrayList<>(errors);
    for (int index = 0; index < texts.size(); index++) {
      json.withArray("jobMessages")
          .addObject()
          .put("id", id + "-" + index)
          .put("time", "2024-01-01T00:01:%02d.000Z".formatted(index))
          .put("messageImportance", "JOB_MESSAGE_ERROR")
          .put("messageText", texts.get(index));
    }

    json.withArray("autoscalingEvents").addObject().put("currentNumWorkers", "4");

    return json;
  }

  /** Each counter twice, as the service tells them: final and tentative. */
  static ObjectNode metrics() {
    ObjectNode json = JSON.createObjectNode();
    metric(json, "ElementCount", 1_234_567, "Read all/out0", false);
    metric(json, "ElementCount", 9_999_999, "Read all/out0", true);
    metric(json, "MeanByteCount", 100, "Read all/out0", false);
    metric(json, "ElementCount", 5, "Small/out0", false);
    metric(json, "stillMissing", 12, "", false);
    metric(json, "TotalVcpuTime", 36_000, "", false);
    metric(json, "TotalMemoryUsage", 1_024_000, "", false);

    return json;
  }

  private static void metric(
      ObjectNode json, String name, long value, String collection, boolean tentative) {
    ObjectNode metric = json.withArray("metrics").addObject();
    ObjectNode full = metric.putObject("name").put("name", name).put("origin", "dataflow/v1b3");
    ObjectNode context = full.putObject("context").put("original_name", collection);
    if (tentative) {
      context.put("tentative", "true");
    }

    metric.put("scalar", value);
  }
}
