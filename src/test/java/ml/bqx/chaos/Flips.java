package ml.bqx.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.Regions.Range;
import ml.bqx.checkpoint.StatisticsEntry;
import ml.bqx.options.MergeMethod;

/** One bit of a footer or a page header is flipped, where the checksums of pages do not reach. */
final class Flips implements Kind {
  /** The command that looks at a training file. */
  private static final String CHECK = "check";

  private final ChaosSets sets;

  /** Sets to damage; each is whole again after a case. */
  private final Map<Source, Workplace> places = new HashMap<>();

  private final Map<Path, Regions> regions = new HashMap<>();

  Flips(ChaosSets sets) {
    this.sets = sets;
  }

  @Override
  public String name() {
    return "flip";
  }

  @Override
  public String title() {
    return "one bit of a footer or page header flipped";
  }

  @Override
  public List<String> cases(Extent extent, Random random) throws Exception {
    List<String> cases = new ArrayList<>();
    add(cases, "stream:FEW", extent.of(40, 0));
    add(cases, "compose:FEW", extent.of(40, 0));
    add(cases, CHECK + ":FEW", extent.of(10, 0));
    add(cases, "stream:WIDE", extent.of(0, 2_200));
    add(cases, "compose:WIDE", extent.of(0, 1_700));
    add(cases, "beam:WIDE", extent.of(0, 600));
    add(cases, "duckdb:WIDE", extent.of(0, 600));
    if (Polars.isInstalled()) {
      add(cases, "polars:WIDE", extent.of(0, 100));
    }

    for (Source source : List.of(Source.FOREIGN, Source.FOREIGN_TYPES, Source.FOREIGN_GAPS)) {
      add(cases, "stream:" + source, extent.of(0, 200));
      add(cases, "beam:" + source, extent.of(0, 50));
      add(cases, "duckdb:" + source, extent.of(0, 50));
    }

    add(cases, "compose:" + Source.FOREIGN, extent.of(0, 100));
    add(cases, CHECK + ":WIDE", extent.of(0, 400));
    return cases;
  }

  private static void add(List<String> cases, String what, int count) {
    IntStream.range(0, count).forEach(i -> cases.add("%s:%d".formatted(what, i)));
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":");
    Source source = Source.valueOf(words[1]);
    if (words[0].equals(CHECK)) {
      return check(source, random);
    }

    MergeMethod method = MergeMethod.valueOf(words[0].toUpperCase(Locale.ROOT));
    Path good = sets.training(source, method);
    Workplace place = places.get(source);
    if (place == null) {
      place = sets.copy(source);
      places.put(source, place);
    }

    Path file = anyFile(place.directory(), random);
    Workplace there = place;
    return withFlip(file, random, () -> merge(there, source, method, good, file))
        .in(place.directory().relativize(file).toString());
  }

  private Result merge(Workplace place, Source source, MergeMethod method, Path good, Path damaged)
      throws Exception {
    ChaosSets.delete(place.output());
    Outcome outcome = Outcome.ofMain(sets.merge(place, source, method));
    boolean foreign = source != Source.WIDE && source != Source.FEW;
    return Judge.merge(
            outcome,
            place,
            found -> {
              Result same = TrainingJudge.compare(good, found);
              return foreign && !same.survived() ? TrainingJudge.consistent(found) : same;
            },
            wordsFor(method, damaged))
        .then(() -> Judge.cleanedUp(place.output()));
  }

  /** DuckDB does not say which file it cannot read; the message names the method that does. */
  private static List<String> wordsFor(MergeMethod method, Path damaged) {
    String name = damaged.getFileName().toString();
    return method == MergeMethod.DUCKDB ? List.of(name, "--mergeMethod=stream") : List.of(name);
  }

  private Result check(Source source, Random random) throws Exception {
    Path file = sets.training(source, MergeMethod.STREAM);
    return withFlip(
        file,
        random,
        () -> {
          Outcome outcome = Outcome.ofMain(List.of(CHECK, "--file=" + file));
          return outcome.code() == 0
              ? new Result(Verdict.WRONG, "check finds nothing")
              : Judge.message(outcome, List.of(file.getFileName().toString()));
        });
  }

  /** Flips a bit, looks what comes of it, and flips it back. */
  private Result withFlip(Path file, Random random, Result.Look look) throws Exception {
    Regions parts = regions.get(file);
    if (parts == null) {
      parts = Regions.of(file);
      regions.put(file, parts);
    }

    boolean inFooter = parts.headers().isEmpty() || random.nextInt(5) < 3;
    List<Range> ranges = inFooter ? parts.footer() : parts.headers();
    long at = Regions.anyByte(ranges, random);
    int bit = random.nextInt(Byte.SIZE);
    flip(file, at, bit);
    try {
      return look.look()
          .in("bit %d of byte %d, in a %s".formatted(bit, at, inFooter ? "footer" : "page header"));
    } finally {
      flip(file, at, bit);
    }
  }

  static void flip(Path file, long at, int bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= (byte) (1 << bit);
    Files.write(file, bytes);
  }

  /** Any file that a merge reads. */
  static Path anyFile(Path directory, Random random) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> sorted =
          files
              .filter(file -> file.toString().endsWith(".parquet"))
              .filter(file -> !file.endsWith(StatisticsEntry.FILE_NAME))
              .sorted()
              .toList();
      return sorted.get(random.nextInt(sorted.size()));
    }
  }
}
