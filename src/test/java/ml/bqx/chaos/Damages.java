package ml.bqx.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.Regions.Range;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.StatisticsEntry;
import ml.bqx.options.MergeMethod;

/**
 * A file of a set is damaged or is not the right one. A merge must refuse it or not need it; an
 * extraction must make it again, and say so.
 */
final class Damages implements Kind {
  /** The command that looks at checkpoints or a training file. */
  private static final String CHECK = "check";

  /** What happens to a file. */
  private enum Damage {
    PAGE_FLIP,
    PAGE_ZEROED,
    TRUNCATED,
    SWAPPED,
    OLDER,
    RECORD_FLIP,
    RECORD_TRUNCATED,
    MANIFEST_FLIP,
    MANIFEST_TRUNCATED,
    TRAINING_PAGE_FLIP,
    TRAINING_TRUNCATED,
    CARD_FLIP,
    CARD_TRUNCATED,
    STATISTICS_FLIP,
    STATISTICS_TRUNCATED;

    private boolean isOfCheckpoint() {
      return ordinal() <= OLDER.ordinal();
    }

    private boolean isOfRecord() {
      return this == RECORD_FLIP || this == RECORD_TRUNCATED;
    }

    private boolean isOfStatistics() {
      return this == STATISTICS_FLIP || this == STATISTICS_TRUNCATED;
    }

    private boolean isOfOutput() {
      return switch (this) {
        case TRAINING_PAGE_FLIP, TRAINING_TRUNCATED, CARD_FLIP, CARD_TRUNCATED -> true;
        default -> false;
      };
    }
  }

  /** Files that were damaged. */
  private record Damaged(List<Path> files) {
    private static Damaged of(Path... files) {
      return new Damaged(List.of(files));
    }

    private List<String> names() {
      return files.stream().map(file -> file.getFileName().toString()).toList();
    }
  }

  private final ChaosSets sets;

  Damages(ChaosSets sets) {
    this.sets = sets;
  }

  @Override
  public String name() {
    return "damage";
  }

  @Override
  public String title() {
    return "page, record, manifest or card damaged; file truncated, swapped or of an earlier run";
  }

  @Override
  public List<String> cases(Extent extent, Random random) {
    List<String> cases = new ArrayList<>();
    for (Damage damage : Damage.values()) {
      if (damage.isOfOutput()) {
        add(cases, CHECK, damage, extent.of(1, 50));
      } else if (damage.isOfRecord()) {
        add(cases, "extract", damage, extent.of(1, 60));
      } else if (damage.isOfStatistics()) {
        add(cases, CHECK, damage, extent.of(0, 20));
        add(cases, "extract", damage, extent.of(0, 20));
      } else {
        // Files of an earlier extraction take another extraction.
        int few = damage == Damage.OLDER ? 0 : 1;
        add(cases, CHECK, damage, extent.of(few, 20));
        add(cases, "extract", damage, extent.of(damage == Damage.PAGE_FLIP ? 1 : 0, 20));
        add(cases, "stream", damage, extent.of(few, 30));
        add(cases, "compose", damage, extent.of(0, 30));
        add(cases, "beam", damage, extent.of(0, 12));
        add(cases, "duckdb", damage, extent.of(0, 12));
      }
    }

    return cases;
  }

  private static void add(List<String> cases, String command, Damage damage, int count) {
    for (int i = 0; i < count; i++) {
      cases.add("%s:%s:%d".formatted(command, damage, i));
    }
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":");
    Damage damage = Damage.valueOf(words[1]);
    Workplace place = sets.copy(Source.FEW);
    if (damage.isOfOutput()) {
      Workplace.copy(sets.training(Source.FEW, MergeMethod.STREAM).getParent(), place.output());
    }

    Damaged damaged = damage(place, damage, random);
    Result result =
        switch (words[0]) {
          case CHECK -> check(place, damage, damaged);
          case "extract" -> extract(place, damage, damaged);
          default -> merge(place, MergeMethod.valueOf(words[0].toUpperCase(Locale.ROOT)), damaged);
        };
    ChaosSets.delete(place.root());
    return result.in(damage + " of " + damaged.names());
  }

  private Result check(Workplace place, Damage damage, Damaged damaged) throws Exception {
    boolean same = !damage.isOfOutput() && Judge.set(sets.good(Source.FEW), place).survived();
    Outcome outcome =
        Outcome.ofMain(
            List.of(
                CHECK,
                "--pair=" + Workplace.PAIR,
                damage.isOfOutput()
                    ? "--output=" + place.output()
                    : "--checkpoints=" + place.checkpoints()));
    return outcome.code() == 0 && !same
        ? new Result(Verdict.WRONG, "check finds nothing")
        : Judge.message(outcome, damaged.names());
  }

  private Result merge(Workplace place, MergeMethod method, Damaged damaged) throws Exception {
    Path good = sets.training(Source.FEW, method);
    Outcome outcome = Outcome.ofMain(sets.merge(place, Source.FEW, method));
    return Judge.merge(outcome, place, found -> TrainingJudge.compare(good, found), damaged.names())
        .then(() -> Judge.cleanedUp(place.output()));
  }

  private Result extract(Workplace place, Damage damage, Damaged damaged) throws Exception {
    Outcome outcome = Outcome.ofMain(sets.extract(place, Source.FEW));
    return Judge.message(outcome, damaged.names())
        .then(
            () ->
                outcome.code() == 0 ? Result.SURVIVED : new Result(Verdict.STUCK, outcome.error()))
        .then(() -> Judge.set(sets.good(Source.FEW), place))
        .then(() -> said(outcome, damage, damaged));
  }

  /** What was extracted again must be told; manifest and statistics are only written again. */
  private static Result said(Outcome outcome, Damage damage, Damaged damaged) {
    if (!damage.isOfCheckpoint() && !damage.isOfRecord()) {
      return Result.SURVIVED;
    }

    for (Path file : damaged.files) {
      String name = file.getFileName().toString();
      String table =
          damage.isOfRecord()
              ? name.replace(".json", "")
              : CheckpointNames.table(name).orElseThrow();
      if (!outcome.err().contains(table)) {
        return new Result(
            Verdict.UNCLEAR, "it does not say that it extracts %s again".formatted(table));
      }
    }

    return Result.SURVIVED;
  }

  private Damaged damage(Workplace place, Damage damage, Random random) throws Exception {
    Path file =
        switch (damage) {
          case PAGE_FLIP, PAGE_ZEROED, TRUNCATED, SWAPPED, OLDER ->
              Flips.anyFile(place.directory(), random);
          case RECORD_FLIP, RECORD_TRUNCATED -> anyRecord(place, random);
          case MANIFEST_FLIP, MANIFEST_TRUNCATED -> place.manifest();
          case TRAINING_PAGE_FLIP, TRAINING_TRUNCATED -> place.trainingFile();
          case CARD_FLIP, CARD_TRUNCATED -> place.card();
          case STATISTICS_FLIP, STATISTICS_TRUNCATED ->
              place.directory().resolve(StatisticsEntry.FILE_NAME);
        };
    switch (damage) {
      case PAGE_FLIP, TRAINING_PAGE_FLIP -> flip(file, Regions.of(file).pages(), random);
      case RECORD_FLIP, MANIFEST_FLIP, CARD_FLIP, STATISTICS_FLIP ->
          flip(file, List.of(new Range(0, Files.size(file))), random);
      case PAGE_ZEROED -> zero(file, Regions.of(file).pages(), random);
      case TRUNCATED,
          RECORD_TRUNCATED,
          MANIFEST_TRUNCATED,
          TRAINING_TRUNCATED,
          CARD_TRUNCATED,
          STATISTICS_TRUNCATED ->
          truncate(file, random);
      case SWAPPED -> {
        Path other = another(place, file, random);
        swap(file, other);
        return Damaged.of(file, other);
      }
      case OLDER -> makeOlder(file);
    }

    return Damaged.of(file);
  }

  private static Path anyRecord(Workplace place, Random random) throws IOException {
    try (Stream<Path> records = Files.list(place.directory().resolve("_commits"))) {
      List<Path> sorted = records.sorted().toList();
      return sorted.get(random.nextInt(sorted.size()));
    }
  }

  private static void flip(Path file, List<Range> ranges, Random random) throws IOException {
    Flips.flip(file, Regions.anyByte(ranges, random), random.nextInt(Byte.SIZE));
  }

  private static void zero(Path file, List<Range> pages, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Range page = pages.get(random.nextInt(pages.size()));
    Arrays.fill(bytes, (int) page.from(), (int) page.to(), (byte) 0);
    Files.write(file, bytes);
  }

  private static void truncate(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
  }

  private static Path another(Workplace place, Path file, Random random) throws IOException {
    Path other = file;
    while (other.equals(file)) {
      other = Flips.anyFile(place.directory(), random);
    }

    return other;
  }

  private static void swap(Path one, Path other) throws IOException {
    byte[] bytes = Files.readAllBytes(one);
    Files.write(one, Files.readAllBytes(other));
    Files.write(other, bytes);
  }

  /** The file of the same name from an extraction of the tables as they were before. */
  private void makeOlder(Path file) throws Exception {
    Path before = sets.good(Source.FEW_CHANGED).directory();
    Files.write(file, Files.readAllBytes(before.resolve(file.getFileName().toString())));
  }
}
