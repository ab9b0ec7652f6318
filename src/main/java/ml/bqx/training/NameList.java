package ml.bqx.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.checkpoint.Json;
import ml.bqx.config.ChoiceConfig;
import ml.bqx.config.Locations;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.storage.Storage;

/**
 * Names and globs, as an option lists them or a file that it names.
 *
 * @param option the option, for messages
 * @param names at least one, in order
 */
record NameList(String option, List<String> names) {
  /** Editors of Windows write it in front of a text. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Sets that a message names. */
  private static final int MAX_SETS = 10;

  /**
   * Reads a list.
   *
   * @param text names with commas between them, {@code @FILE} or {@code @FILE.json#SET}
   * @throws InvalidInputException when there is no such file or set, or no name in it
   */
  static NameList read(Storage storage, String option, String text) throws IOException {
    List<String> names =
        text.charAt(0) == ChoiceConfig.FILE ? ofFile(storage, option, text) : split(text);
    if (names.isEmpty()) {
      throw new InvalidInputException(
          "Cannot use --%s=%s: it names nothing".formatted(option, text));
    }

    return new NameList(option, names);
  }

  /** Commas in the braces of a glob separate nothing. */
  private static List<String> split(String text) {
    List<String> names = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (i == text.length() || (c == ',' && depth <= 0)) {
        names.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }

    names.removeIf(String::isEmpty);
    return names;
  }

  private static List<String> ofFile(Storage storage, String option, String text)
      throws IOException {
    String path = Locations.parse(ChoiceConfig.path(text));
    Optional<byte[]> content = storage.readIfThere(path);
    if (content.isEmpty()) {
      throw new InvalidInputException(
          "Cannot use --%s=%s: there is no file %s".formatted(option, text, path));
    }

    String all = new String(content.get(), UTF_8);
    String names = all.startsWith(BYTE_ORDER_MARK) ? all.substring(1) : all;
    return path.endsWith(".json")
        ? ofJson(option, text, names)
        : names.lines().map(String::strip).filter(NameList::isName).toList();
  }

  /** Whether a line is no comment and not blank. */
  private static boolean isName(String line) {
    return !line.isEmpty() && !line.startsWith("#");
  }

  private static List<String> ofJson(String option, String text, String json) {
    try {
      JsonNode root = Json.tree(json);
      Optional<String> set = ChoiceConfig.set(text);
      JsonNode names = set.isPresent() ? root.path(set.get()) : root;
      boolean texts = names.isArray() && Streams.stream(names).allMatch(JsonNode::isTextual);
      if (!texts) {
        throw new InvalidInputException(
            "Cannot use --%s=%s: expected an array of names%s"
                .formatted(option, text, set.isPresent() && root.has(set.get()) ? "" : sets(root)));
      }

      return Streams.stream(names).map(JsonNode::asText).collect(ImmutableList.toImmutableList());
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "Cannot use --%s=%s: it is no JSON (%s)".formatted(option, text, e.getOriginalMessage()),
          e);
    }
  }

  private static String sets(JsonNode root) {
    Stream<String> names = Streams.stream(root.fieldNames());
    List<String> sets = names.sorted().toList();
    return sets.isEmpty()
        ? ""
        : "; the file has the sets %s, choose one with @FILE.json#SET"
            .formatted(Listing.inWords(sets, MAX_SETS));
  }
}
