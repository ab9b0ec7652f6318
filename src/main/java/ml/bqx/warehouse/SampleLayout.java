package ml.bqx.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import ml.bqx.catalog.Pair;

/** The names and widths of the 666 feature tables that a pair really has. */
final class SampleLayout {
  private static final String RESOURCE = "layout.tsv";

  /** The pair that the resource is about. */
  private static final String KNOWN_PAIR = "eurusd";

  private SampleLayout() {}

  /**
   * A feature table.
   *
   * @param features how many of its columns are features
   */
  record Shape(String table, int features) {}

  /** The feature tables of a pair, in the order of the resource. */
  static List<Shape> of(Pair pair, SampleConfig.Size size) {
    int field =
        switch (size) {
          case SEED -> 1;
          case FULL -> 2;
        };

    return lines().stream()
        .map(line -> line.split("\t", -1))
        .map(fields -> new Shape(renamed(fields[0], pair), Integer.parseInt(fields[field])))
        .toList();
  }

  /** Exchanges the two pairs' names: a table about both keeps a name of its own. */
  private static String renamed(String table, Pair pair) {
    String[] words = table.split("_", -1);
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals(KNOWN_PAIR)) {
        words[i] = pair.name();
      } else if (words[i].equals(pair.name())) {
        words[i] = KNOWN_PAIR;
      }
    }

    return String.join("_", words);
  }

  private static List<String> lines() {
    try (InputStream in = SampleLayout.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
