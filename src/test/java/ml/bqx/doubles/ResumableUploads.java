package ml.bqx.doubles;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.doubles.StoreCall.Answer;
import ml.bqx.doubles.StoreCall.Refusal;

/**
 * Uploads in parts.
 *
 * @see <a href="https://cloud.google.com/storage/docs/performing-resumable-uploads">Resumable
 *     uploads</a>
 */
final class ResumableUploads {
  static final String PATH = "/upload/sessions/";

  /** Of which every part but the last has a multiple. */
  private static final int UNIT = 1 << 18;

  private static final Pattern CONTENT = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

  /** An upload: the call that began it, the object's name, and what has arrived. */
  private record Session(StoreCall call, String name, byte[] content) {}

  private final Map<String, Session> sessions = new HashMap<>();
  private final StoredObjects objects;
  private final String host;

  ResumableUploads(StoredObjects objects, String host) {
    this.objects = objects;
    this.host = host;
  }

  Answer begin(StoreCall call, String bucket) throws IOException, Refusal {
    String name = objects.key(bucket, call.json().get("name").asText());
    ObjectStore.checkCondition(objects, call, name);
    String id = "" + sessions.size();
    sessions.put(id, new Session(call, name, new byte[0]));
    return new Answer(200, Map.of("Location", host + PATH + id), new byte[0]);
  }

  /** Whether an object may be written now. */
  @FunctionalInterface
  interface Rate {
    void check(String name) throws Refusal;
  }

  Answer take(StoreCall call, Rate rate) throws IOException, Refusal {
    String id = call.uri().getPath().substring(PATH.length());
    Session session = sessions.get(id);
    Matcher range = CONTENT.matcher(call.headers().getFirst("Content-Range"));
    if (session == null || !range.matches()) {
      throw new Refusal(400, "invalid", "no such upload, or no such part");
    }

    boolean last = !range.group(3).equals("*");
    byte[] content = session.content;
    if (range.group(1) != null) {
      check(Integer.parseInt(range.group(1)) <= content.length, "a gap before the part");
      check(last || call.body().length % UNIT == 0, "not a multiple of 256 KiB");
      content = Bytes.concat(Arrays.copyOf(content, Integer.parseInt(range.group(1))), call.body());
    }

    sessions.put(id, new Session(session.call, session.name, content));
    if (last && Integer.parseInt(range.group(3)) == content.length) {
      ObjectStore.checkCondition(objects, session.call, session.name);
      rate.check(session.name);
      objects.put(session.name, content);
      return Answer.of(objects.resource(session.name));
    }

    return new Answer(
        308,
        content.length == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (content.length - 1)),
        new byte[0]);
  }

  /** Keeps half of a part, as when the connection breaks while the part is on its way. */
  void takeHalf(StoreCall call) {
    String path = call.uri().getPath();
    if (path.startsWith(PATH) && call.body().length > 0) {
      Session session = sessions.get(path.substring(PATH.length()));
      int half = call.body().length / 2 / UNIT * UNIT;
      byte[] kept = Bytes.concat(session.content, Arrays.copyOf(call.body(), half));
      sessions.put(path.substring(PATH.length()), new Session(session.call, session.name, kept));
    }
  }

  private static void check(boolean right, String problem) throws Refusal {
    if (!right) {
      throw new Refusal(400, "invalid", problem);
    }
  }
}
