package ml.bqx.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.bqx.Duck;
import ml.bqx.NamedSets;
import ml.bqx.Outcome;
import ml.bqx.SampleSets;
import ml.bqx.Workplace;
import ml.bqx.catalog.Pair;
import ml.bqx.options.MergeMethod;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.Samples;

/**
 * Sets of checkpoints that nothing has happened to, and the training files that they make: each
 * made when a case first asks for it, the same in every run.
 */
final class ChaosSets {
  /** Sets of checkpoints. */
  enum Source {
    /** Of every kind of table some, with all types, gaps, shards and an empty table. */
    WIDE(),

    /** Three feature groups of it, with all types: few operations, so that each can be tried. */
    FEW("--groups={regime_eurusd_90,mkt_regime,mkt_sentiment}", "--limit=1300"),

    /** The same tables with other values. */
    FEW_CHANGED("--groups={regime_eurusd_90,mkt_regime,mkt_sentiment}", "--limit=1300"),

    /** The files of {@link #WIDE}, of which no manifest tells. */
    FOREIGN(),

    /** Every type that DuckDB writes. */
    FOREIGN_TYPES(),

    /** A tenth of the rows is missing. */
    FOREIGN_GAPS();

    private final List<String> extractOptions;

    Source(String... extractOptions) {
      this.extractOptions = List.of(extractOptions);
    }

    private boolean isOfDuckDb() {
      return this == FOREIGN_TYPES || this == FOREIGN_GAPS;
    }
  }

  /** A modification time is part of what checkpoints are made of. */
  private static final FileTime MODIFIED = FileTime.from(Instant.parse("2024-03-01T00:00:00Z"));

  private final Path root;
  private final Map<Object, Object> made = new HashMap<>();
  private int places;

  /** Sets below a directory. */
  ChaosSets(Path root) {
    this.root = root;
  }

  private interface Making<T> {
    T make() throws Exception;
  }

  @SuppressWarnings("unchecked") // A key is of one kind of thing.
  private synchronized <T> T once(Object key, Making<T> making) throws Exception {
    if (!made.containsKey(key)) {
      made.put(key, making.make());
    }

    return (T) made.get(key);
  }

  /** The warehouse of a set. */
  Path warehouse(Source source) throws Exception {
    int seed = source == Source.FEW_CHANGED ? 2 : 1;
    return once(
        "warehouse " + seed,
        () -> {
          Path file = Files.createDirectories(root).resolve("warehouse-%d.duckdb".formatted(seed));
          Samples.of(file, Pair.of(Workplace.PAIR), SampleSets.MINUTES)
              .withTables(SampleSets.TABLES)
              .withSeed(seed)
              .withDefects(SampleDefect.EMPTY_TABLE)
              .create();
          Files.setLastModifiedTime(file, MODIFIED);
          return file;
        });
  }

  /** The set as it should be; not to be changed. */
  Workplace good(Source source) throws Exception {
    return once(
        source,
        () -> {
          Workplace place = new Workplace(root.resolve("good-" + source), warehouse(source));
          if (source == Source.FOREIGN) {
            Workplace.copy(good(Source.WIDE).checkpoints(), place.checkpoints());
            Files.delete(place.manifest());
            delete(place.directory().resolve("_commits"));
          } else if (source.isOfDuckDb()) {
            try (Duck duck = Duck.inMemory()) {
              NamedSets set =
                  source == Source.FOREIGN_TYPES ? NamedSets.ALL_TYPES : NamedSets.WITH_GAPS;
              set.write(duck, place.directory());
            }
          } else {
            done(Outcome.ofMain(extract(place, source)));
          }

          return place;
        });
  }

  /** The training file of a set as it should be, with its card beside it. */
  Path training(Source source, MergeMethod method, String... more) throws Exception {
    String what = String.join(" ", more);
    return once(
        source + " " + method + what,
        () -> {
          Workplace place = good(source);
          done(Outcome.ofMain(merge(place, source, method, more)));
          String name = "training-%s%s".formatted(method, what.replaceAll("\\W", "-"));
          Path output = Files.move(place.output(), place.root().resolve(name));
          return output.resolve(place.trainingFile().getFileName());
        });
  }

  /** The command that extracts a set. */
  List<String> extract(Workplace place, Source source, String... more) {
    return command("extract", source.extractOptions, more, place::extractArgs);
  }

  /** The command that merges a set. */
  List<String> merge(Workplace place, Source source, MergeMethod method, String... more) {
    List<String> options = new ArrayList<>(List.of("--mergeMethod=" + method));
    if (method == MergeMethod.POLARS) {
      options.add("--python=" + Polars.PYTHON);
    }

    if (source.isOfDuckDb()) {
      options.addAll(NamedSets.OPTIONS);
    }

    return command("merge", options, more, place::mergeArgs);
  }

  private interface Completion {
    String[] complete(String... options);
  }

  private static List<String> command(
      String name, List<String> options, String[] more, Completion completion) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(completion.complete(all.toArray(String[]::new))));
    return command;
  }

  private static void done(Outcome outcome) {
    if (outcome.code() != 0) {
      throw new IllegalStateException("Nothing happened, and yet: " + outcome.err());
    }
  }

  /** An empty directory to work in. */
  Workplace empty(Source source) throws Exception {
    Path directory;
    synchronized (this) {
      directory = root.resolve("case-%04d".formatted(places++));
    }

    delete(directory);
    return new Workplace(Files.createDirectories(directory), warehouse(source));
  }

  /** A directory to work in, with a copy of a set. */
  Workplace copy(Source source) throws Exception {
    Workplace place = empty(source);
    Workplace.copy(good(source).checkpoints(), place.checkpoints());
    return place;
  }

  /** Deletes a directory, if it is there. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }

    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted((a, b) -> b.compareTo(a))
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
