package ml.bqx.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import ml.bqx.failure.InvalidInputException;

/** Manifest and commit records as JSON, indented for people. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  static byte[] bytes(Object record) {
    try {
      return MAPPER.writeValueAsBytes(record);
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
