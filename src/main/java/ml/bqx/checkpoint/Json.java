package ml.bqx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import ml.bqx.failure.InvalidInputException;

/** Records as JSON: of manifests and commits, of the training file's lineage. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Indented for people. */
  public static byte[] bytes(Object record) {
    return text(MAPPER.writerWithDefaultPrettyPrinter(), record).getBytes(UTF_8);
  }

  /** All in one line. */
  public static String line(Object record) {
    return text(MAPPER.writer(), record);
  }

  private static String text(ObjectWriter writer, Object record) {
    try {
      return writer.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a record as JSON: " + record.getClass(), e);
    }
  }

  /** Parses a record; the path is for the message. */
  static <T> T parse(String path, byte[] json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read %s: it is not the JSON bqx-ml writes (%s); delete it to extract again"
              .formatted(path, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }
}
