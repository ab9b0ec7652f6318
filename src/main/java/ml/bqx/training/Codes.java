package ml.bqx.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import ml.bqx.checkpoint.Json;
import ml.bqx.config.Locations;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The codes of texts: each text's place in the list of its column. They are those of a file, so
 * that several pairs share them, or else the sorted texts of the column.
 */
public final class Codes {
  /** More texts are no categories, and would make the footer large: 2^16. */
  private static final int MAX_TEXTS = 1 << 16;

  /** Texts without a code that a message names. */
  private static final int MAX_NAMED = 10;

  private final @Nullable String file;
  private final Map<String, List<String>> given;

  private Codes(@Nullable String file, Map<String, List<String>> given) {
    this.file = file;
    this.given = given;
  }

  /**
   * Reads the codes of a file.
   *
   * @param file a JSON object with an array of texts for each column, or the card of a training
   *     file; null for codes that are made of the columns
   * @throws InvalidInputException when there is no such file, or it is something else
   */
  public static Codes read(Storage storage, @Nullable String file) throws IOException {
    if (file == null) {
      return new Codes(null, Map.of());
    }

    byte[] content =
        storage
            .readIfThere(Locations.parse(file))
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Cannot use --codes=%s: no such file".formatted(file)));
    return new Codes(file, parse(file, new String(content, StandardCharsets.UTF_8)));
  }

  private static Map<String, List<String>> parse(String file, String json) {
    JsonNode root;
    try {
      root = Json.tree(json);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "Cannot use --codes=%s: it is no JSON (%s)".formatted(file, e.getOriginalMessage()), e);
    }

    JsonNode tables = root.has("codes") && root.get("codes").isObject() ? root.get("codes") : root;
    Map<String, List<String>> codes = new HashMap<>();
    tables
        .fields()
        .forEachRemaining(
            table -> codes.put(table.getKey(), texts(file, table.getKey(), table.getValue())));
    return codes;
  }

  private static List<String> texts(String file, String column, JsonNode table) {
    boolean texts = table.isArray() && Streams.stream(table).allMatch(JsonNode::isTextual);
    List<String> all = texts ? Streams.stream(table).map(JsonNode::asText).toList() : List.of();
    if (!texts || new HashSet<>(all).size() < all.size()) {
      throw new InvalidInputException(
          "Cannot use --codes=%s: %s is not an array of different texts (expected {\"column\": [\"text\", ...]}, or the card of a training file)"
              .formatted(file, column));
    }

    return all;
  }

  /**
   * The codes of a column.
   *
   * @param column its name in the training file
   * @param parts all its values, of one file after the other
   * @return each text's place is its code
   * @throws InvalidInputException when the file lacks one, or there are too many
   */
  public List<String> of(String column, List<Binaries> parts) {
    SortedSet<String> texts = new TreeSet<>();
    parts.forEach(values -> add(column, values, texts));

    if (file == null) {
      return List.copyOf(texts);
    }

    List<String> codes = given.getOrDefault(column, List.of());
    Set<String> known = new HashSet<>(codes);
    List<String> missing = new ArrayList<>(texts);
    missing.removeIf(known::contains);
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          "Cannot encode column %s: --codes=%s has no code for %,d of its texts: %s; add them at the end of its list"
              .formatted(column, file, missing.size(), Listing.inWords(missing, MAX_NAMED)));
    }

    return codes;
  }

  private static void add(String column, Binaries values, SortedSet<String> texts) {
    for (int row = 0; row < values.size(); row++) {
      if (!values.isNull(row)) {
        texts.add(ColumnEncoding.text(values, row));
        if (texts.size() > MAX_TEXTS) {
          throw new InvalidInputException(
              "Cannot encode column %s: it has more than %,d different texts; leave it out with --excludeFeatures=%s"
                  .formatted(column, MAX_TEXTS, column));
        }
      }
    }
  }
}
