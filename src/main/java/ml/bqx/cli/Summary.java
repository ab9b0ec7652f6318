package ml.bqx.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What a command prints at its end: a title, then names and values in columns. */
public final class Summary {
  private static final List<String> BYTE_UNITS = List.of("bytes", "kB", "MB", "GB", "TB");

  private final String title;
  private final TextTable lines = new TextTable("ll");

  public Summary(String title) {
    this.title = title;
  }

  public Summary add(String name, Object value) {
    lines.row(name, value);
    return this;
  }

  public Summary count(String name, long value) {
    return add(name, String.format(Locale.ROOT, "%,d", value));
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
    return add(name, number + " " + BYTE_UNITS.get(unit));
  }

  /** The time since a {@link System#nanoTime}. */
  public Summary secondsSince(String name, long startNanos) {
    return add(name, String.format(Locale.ROOT, "%.1f", (System.nanoTime() - startNanos) / 1e9));
  }

  public void print(PrintStream out) {
    out.printf("%s%n%s", title, lines);
  }
}
