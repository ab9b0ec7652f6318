package ml.bqx.cli;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a command prints at its end: a title, then names and values in columns. */
public final class Summary {
  private static final CharMatcher WORD =
      CharMatcher.inRange('a', 'z')
          .or(CharMatcher.inRange('A', 'Z'))
          .or(CharMatcher.inRange('0', '9'));

  private static final List<String> BYTE_UNITS = List.of("bytes", "kB", "MB", "GB", "TB");

  private final String title;
  private final TextTable lines = new TextTable("ll");
  private final StringBuilder tables = new StringBuilder();
  private final Map<String, Object> fields = new LinkedHashMap<>();

  public Summary(String title) {
    this.title = title;
    fields.put("title", title);
  }

  public Summary add(String name, Object value) {
    return add(
        name, value, value instanceof Number || value instanceof Boolean ? value : "" + value);
  }

  private Summary add(String name, Object text, Object json) {
    lines.row(name, text);
    fields.put(key(name), json);
    return this;
  }

  /** {@code rows filled with nulls} is the field {@code rowsFilledWithNulls}. */
  static String key(String name) {
    List<String> words =
        Splitter.on(WORD.negate())
            .omitEmptyStrings()
            .splitToStream(name.replace("%", "percent "))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .toList();
    return words.get(0)
        + words.stream().skip(1).map(Ascii::toUpperCase).map(Summary::capital).collect(joining());
  }

  private static String capital(String word) {
    return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
  }

  public Summary count(String name, long value) {
    return add(name, String.format(Locale.ROOT, "%,d", value), value);
  }

  /** In the decimal unit that leaves one to three digits before the point. */
  public Summary bytes(String name, long value) {
    double scaled = value;
    int unit = 0;
    while (scaled >= 1000 && unit < BYTE_UNITS.size() - 1) {
      scaled /= 1000;
      unit++;
    }

    String number = String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", scaled);
    return add(name, number + " " + BYTE_UNITS.get(unit), value);
  }

  /** The time since a {@link System#nanoTime}. */
  public Summary secondsSince(String name, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return add(name, String.format(Locale.ROOT, "%.1f", seconds), seconds);
  }

  /**
   * Shows a table below the lines.
   *
   * @param name its field in the JSON object
   * @param table its first row has the names of its columns, those aligned right numbers
   */
  public Summary table(String name, TextTable table) {
    tables.append(table);
    fields.put(name, table.objects());
    return this;
  }

  public void print(PrintStream out) {
    if (!Output.takes(fields)) {
      out.printf("%s%n%s%s", title, lines, tables);
    }
  }
}
