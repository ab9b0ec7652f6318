package ml.bqx.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What was tried and what was survived, by kind and by what was running. */
final class Table {
  private static final String HEAD =
      """
      | accident | happens to | seed | tried | survived | wrong output | unreadable output | lost | other |
      |---|---|---:|---:|---:|---:|---:|---:|---:|
      """;

  /** Stands in place of a command in the row that sums up a kind. */
  private static final String ALL = "**all**";

  /** Marks in a page, between which the table is. */
  private static final String BEGIN = "<!-- make chaos -->\n";

  private static final String END = "<!-- end -->";

  /** Columns of numbers. */
  private static final int TRIED = 0;

  private static final int SURVIVED = 1;

  private static final int COLUMNS = 6;

  /** Which column counts a verdict, besides the first. */
  private static int column(Verdict verdict) {
    return switch (verdict) {
      case SURVIVED -> SURVIVED;
      case WRONG -> 2;
      case UNREADABLE -> 3;
      case LOST -> 4;
      case STUCK, HANGS, GAVE_UP, UNCLEAR, LEFT_BEHIND, HARNESS -> 5;
      case MISSED -> throw new IllegalArgumentException("Nothing happened");
    };
  }

  /** The numbers of a command, and the seed of their cases. */
  private record Row(String seed, int[] counts) {
    private static Row none(String seed) {
      return new Row(seed, new int[COLUMNS]);
    }

    private void add(int[] others) {
      Arrays.setAll(counts, i -> counts[i] + others[i]);
    }

    private String line(String title, String what) {
      String numbers =
          Arrays.stream(counts).mapToObj("%,d"::formatted).collect(Collectors.joining(" | "));
      return "| %s | %s | %s | %s |".formatted(title, what, seed, numbers);
    }
  }

  private final long seed;

  /** By the name of the kind, in the order of the table. */
  private final Map<String, String> titles = new LinkedHashMap<>();

  /** By title and command. */
  private final Map<String, Map<String, Row>> rows = new LinkedHashMap<>();

  Table(long seed) {
    this.seed = seed;
  }

  void add(Kind kind) {
    titles.put(kind.name(), kind.title());
    rows.put(kind.title(), new TreeMap<>());
  }

  /** Counts what came of a case. */
  synchronized void count(String name, Result result) {
    if (result.verdict() == Verdict.MISSED) {
      return;
    }

    String[] words = name.split(":");
    String what = words[1].toLowerCase(Locale.ROOT).replace('_', ' ');
    int[] counts =
        rows.get(titles.get(words[0]))
            .computeIfAbsent(what, key -> Row.none(Long.toString(seed)))
            .counts;
    counts[TRIED]++;
    counts[column(result.verdict())]++;
  }

  /** How many cases were not survived. */
  synchronized int failures() {
    return rows.values().stream()
        .flatMap(kind -> kind.values().stream())
        .mapToInt(row -> row.counts[TRIED] - row.counts[SURVIVED])
        .sum();
  }

  /** The table as Markdown. */
  synchronized String text() {
    return text(rows);
  }

  private static String text(Map<String, Map<String, Row>> rows) {
    return HEAD
        + rows.entrySet().stream()
            .flatMap(kind -> lines(kind.getKey(), kind.getValue()))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
  }

  private static Stream<String> lines(String title, Map<String, Row> kind) {
    Row all = Row.none("");
    kind.values().forEach(row -> all.add(row.counts));
    Stream<String> each =
        kind.entrySet().stream().map(row -> row.getValue().line(title, row.getKey()));
    return kind.size() > 1 ? Stream.concat(each, Stream.of(all.line(title, ALL))) : each;
  }

  /** Writes the rows of this run into a page; those of which there are none here stay. */
  synchronized void writeInto(Path page) throws IOException {
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END, from);
    Map<String, Map<String, Row>> all = new LinkedHashMap<>();
    rows.forEach((title, kind) -> all.put(title, new TreeMap<>(kind)));
    text.substring(from, to)
        .lines()
        .skip(HEAD.lines().count())
        .forEach(line -> addOlder(line, all));
    Files.writeString(page, text.substring(0, from) + text(all) + text.substring(to));
  }

  private static void addOlder(String line, Map<String, Map<String, Row>> all) {
    List<String> cells = List.of(line.split("\\|")).stream().map(String::strip).toList();
    String title = cells.get(1);
    String what = cells.get(2);
    if (!what.equals(ALL) && all.containsKey(title)) {
      int[] counts =
          IntStream.range(0, COLUMNS)
              .map(i -> Integer.parseInt(cells.get(4 + i).replace(",", "")))
              .toArray();
      all.get(title).putIfAbsent(what, new Row(cells.get(3), counts));
    }
  }
}
