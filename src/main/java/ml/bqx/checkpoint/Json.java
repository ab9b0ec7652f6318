package ml.bqx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Records as JSON. Stored ones, manifests and commit records, contain a checksum of their content,
 * so that a flipped bit in a number is noticed.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantDeserializer()));

  /** Name of the field that ends a record: CRC32C of the record without it, as 8 hex digits. */
  private static final String CHECKSUM = "checksum";

  private Json() {}

  /** Moments in ISO 8601. */
  private static final class InstantDeserializer extends FromStringDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantDeserializer() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String text, DeserializationContext context) {
      return Instant.parse(text);
    }
  }

  /** A stored record: indented, with its checksum at the end. */
  public static byte[] record(Object record) {
    byte[] content = bytes(record);
    // Thousands of columns are written once, and not again with the checksum behind them.
    int end = content.length - 1 - System.lineSeparator().length();
    String last = ",%n  \"%s\" : \"%s\"%n}".formatted(CHECKSUM, checksum(content));
    return Bytes.concat(Arrays.copyOf(content, end), last.getBytes(UTF_8));
  }

  private static String checksum(byte[] content) {
    return Hashing.crc32c().hashBytes(content).toString();
  }

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

  /** The fields of a record, to add some to. */
  static ObjectNode fields(Object record) {
    return MAPPER.valueToTree(record);
  }

  /** Any JSON, which need not be a record of ours. */
  public static JsonNode tree(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  /**
   * Parses what {@link #line} has written.
   *
   * @param what it is, for the message
   * @throws InvalidInputException when it is something else
   */
  public static <T> T ofLine(String what, String json, Class<T> type) {
    return ofLine(what, json, MAPPER.constructType(type));
  }

  /** Like {@link #ofLine}, for an object of lists of texts. */
  public static Map<String, List<String>> listsOfLine(String what, String json) {
    return ofLine(
        what, json, MAPPER.constructType(new TypeReference<Map<String, List<String>>>() {}));
  }

  /** Like {@link #ofLine}, for an object of texts. */
  public static Map<String, String> textsOfLine(String what, String json) {
    return ofLine(what, json, MAPPER.constructType(new TypeReference<Map<String, String>>() {}));
  }

  private static <T> T ofLine(String what, String json, JavaType type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "Cannot read the key-value %s of the footer: it is not what bqx-ml writes (%s)"
              .formatted(what, e.getOriginalMessage()),
          e);
    }
  }

  /**
   * Parses a record.
   *
   * @param path for the message
   * @param remedy what to do about one that is damaged
   * @throws InvalidInputException when it is not such a record, or its checksum does not match
   */
  public static <T> T parse(String path, byte[] json, String remedy, Class<T> type) {
    return parse(path, tree(path, json, remedy), remedy, type);
  }

  /**
   * Parses a record that has a format version, which is checked first.
   *
   * @param remedy what to do about another version, or one that is damaged
   * @throws InvalidInputException also when it is of another version
   */
  public static <T> T parse(String path, byte[] json, int known, String remedy, Class<T> type) {
    ObjectNode content = tree(path, json, remedy);
    int version = content.path("version").asInt();
    if (version != known) {
      throw new InvalidInputException(
          "Cannot read %s: its format is version %d, this tool knows %d; %s"
              .formatted(path, version, known, remedy));
    }

    return parse(path, content, remedy, type);
  }

  /**
   * The fields of a record, which may have been damaged.
   *
   * @throws InvalidInputException when it is no JSON object
   */
  private static ObjectNode tree(String path, byte[] json, String remedy) {
    try {
      if (MAPPER.readTree(json) instanceof ObjectNode content) {
        return content;
      }
    } catch (IOException e) {
      throw notOurs(path, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), remedy, e);
    }

    throw notOurs(path, "no object", remedy, null);
  }

  /**
   * The record that has these fields.
   *
   * @throws InvalidInputException when it is not such a record, or its checksum does not match
   */
  private static <T> T parse(String path, ObjectNode content, String remedy, Class<T> type) {
    try {
      JsonNode checksum = content.remove(CHECKSUM);
      if (checksum == null || !checksum.asText().equals(checksum(bytes(content)))) {
        throw new InvalidInputException(
            "Cannot read %s: its checksum does not match its content (it was damaged or edited); %s"
                .formatted(path, remedy));
      }

      return MAPPER.treeToValue(content, type);
    } catch (JsonProcessingException e) {
      throw notOurs(path, e.getOriginalMessage(), remedy, e);
    }
  }

  private static InvalidInputException notOurs(
      String path, String why, String remedy, @Nullable Exception cause) {
    return new InvalidInputException(
        "Cannot read %s: it is not the JSON bqx-ml writes (%s); %s".formatted(path, why, remedy),
        cause);
  }
}
