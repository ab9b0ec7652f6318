package ml.bqx.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The two sizes in which the 666 feature tables of a pair are known, with names and widths. */
public enum KnownLayout {
  /** 6,477 features. */
  SEED(1),
  /** 16,965 features. */
  FULL(2);

  private static final String RESOURCE = "layout.tsv";

  /** The pair that the resource is about. */
  private static final String KNOWN_PAIR = "eurusd";

  /** Which field of a line has this layout's number of features. */
  private final int field;

  KnownLayout(int field) {
    this.field = field;
  }

  /**
   * A feature table.
   *
   * @param features how many of its columns are features
   */
  public record Shape(String table, int features) {}

  /** The feature tables of a pair, in the order of the resource. */
  public List<Shape> of(Pair pair) {
    return lines().stream()
        .map(line -> line.split("\t", -1))
        .map(fields -> new Shape(renamed(fields[0], pair), Integer.parseInt(fields[field])))
        .toList();
  }

  /** Swaps the two pairs' names, so that a table about both keeps a distinct name. */
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
    try (InputStream in = KnownLayout.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
