package ml.bqx.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.SplitConfig;
import ml.bqx.config.SplitConfig.Days;
import ml.bqx.config.SplitConfig.Share;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.training.TrainingSplits.Fold;
import ml.bqx.training.TrainingSplits.Part;
import ml.bqx.training.TrainingSplits.Rows;

/**
 * Divides the rows of a spine, so that no part knows anything of another: rows are left out at the
 * end of a part whose targets look into the next one (purge), and at the start of a part as long as
 * they resemble the one before (embargo).
 */
public final class SplitPlan {
  private static final long MICROS_PER_MINUTE = TimeUnit.MINUTES.toMicros(1);

  private final SplitConfig config;
  private final Spine spine;
  private final long purge;
  private long rowsPurged;
  private long rowsEmbargoed;

  private SplitPlan(SplitConfig config, Spine spine, long purge) {
    this.config = config;
    this.spine = spine;
    this.purge = purge;
  }

  /** A run of rows before anything is left out of it. */
  private record Run(String name, int from, int to) {
    int rows() {
      return to - from;
    }
  }

  /**
   * Divides the rows.
   *
   * @param spine at least one row
   * @param targets names of the targets
   * @throws InvalidInputException when a part or fold would have no rows, or it is unknown how far
   *     the targets look ahead
   */
  public static TrainingSplits of(SplitConfig config, Spine spine, List<String> targets) {
    return new SplitPlan(config, spine, purge(config, targets)).splits();
  }

  /** The minutes that targets look ahead. */
  private static long purge(SplitConfig config, List<String> targets) {
    if (config.purge() != null) {
      return config.purge();
    }

    List<String> unknown =
        targets.stream().filter(target -> Horizon.minutes(target).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      throw new InvalidInputException(
          "Cannot split: the names of these targets do not tell how many minutes they look ahead (_h{minutes}): %s; set --purge"
              .formatted(String.join(", ", unknown)));
    }

    return targets.stream()
        .map(Horizon::minutes)
        .mapToLong(OptionalLong::getAsLong)
        .max()
        .orElse(0);
  }

  private TrainingSplits splits() {
    List<Run> runs = runs();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      int from = i == 0 ? run.from : afterEmbargo(runs.get(i - 1), run);
      int to = i == runs.size() - 1 ? run.to : beforePurge(run, runs.get(i + 1));
      checkRows(run, from, to);
      rowsEmbargoed += from - run.from;
      rowsPurged += run.to - to;
      parts.add(new Part(run.name, Rows.of(spine, from, to)));
    }

    long inRuns = runs.stream().mapToLong(Run::rows).sum();
    return new TrainingSplits(
        purge,
        config.embargo(),
        parts,
        folds(parts),
        rowsPurged,
        rowsEmbargoed,
        runs.isEmpty() ? 0 : spine.rows() - inRuns);
  }

  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    double share = 0;
    int from = 0;
    for (SplitConfig.Part part : config.parts()) {
      Run run;
      if (part instanceof Share next) {
        share += next.share();
        int to = (int) Math.min(spine.rows(), Math.round(share * spine.rows()));
        run = new Run(part.name(), from, to);
        from = to;
      } else {
        TimeRange days = TimeRange.of(((Days) part).days());
        run = new Run(part.name(), rowFrom(days.from()), rowFrom(days.to()));
      }

      if (run.rows() <= 0) {
        throw new InvalidInputException(
            "Cannot split: part %s has no rows; the %,d rows are from %s to %s"
                .formatted(
                    part.name(),
                    spine.rows(),
                    Spine.text(spine.timestamps()[0]),
                    Spine.text(spine.timestamps()[spine.rows() - 1])));
      }

      runs.add(run);
    }

    return runs;
  }

  /** The first row at that time or later. */
  private int rowFrom(long timestamp) {
    int found = Arrays.binarySearch(spine.timestamps(), timestamp);
    return found < 0 ? -found - 1 : found;
  }

  /** The row behind the last one of a run whose targets do not look into the next run. */
  private int beforePurge(Run run, Run next) {
    long end = spine.timestamps()[next.from] - purge * MICROS_PER_MINUTE;
    return Math.min(run.to, rowFrom(end));
  }

  /** The first row of a run that is far enough from the run before it. */
  private int afterEmbargo(Run before, Run run) {
    long end = spine.timestamps()[before.to - 1] + config.embargo() * MICROS_PER_MINUTE;
    return Math.max(run.from, rowFrom(end + 1));
  }

  private void checkRows(Run run, int from, int to) {
    if (from >= to) {
      throw new InvalidInputException(
          "Cannot split: nothing is left of %s, which has %,d rows from %s to %s, by a purge of %d and an embargo of %d minutes; make it longer, or lower --purge or --embargo"
              .formatted(
                  run.name,
                  run.rows(),
                  Spine.text(spine.timestamps()[run.from]),
                  Spine.text(spine.timestamps()[run.to - 1]),
                  purge,
                  config.embargo()));
    }
  }

  /** As many segments as there are folds, and one: each but the first is tested on. */
  private List<Fold> folds(List<Part> parts) {
    int start = parts.isEmpty() ? 0 : parts.get(0).rows().from();
    int end = parts.isEmpty() ? spine.rows() : parts.get(0).rows().to();
    long rows = (long) end - start;
    List<Fold> folds = new ArrayList<>();
    for (int fold = 1; fold <= config.folds(); fold++) {
      int cut = (int) (start + rows * fold / (config.folds() + 1));
      int next = (int) (start + rows * (fold + 1) / (config.folds() + 1));
      Run train = new Run("the rows to train on in fold " + fold, start, cut);
      Run test = new Run("the rows to test on in fold " + fold, cut, next);
      if (train.rows() == 0 || test.rows() == 0) {
        throw new InvalidInputException(
            "Cannot split: %,d rows are too few for --folds=%d".formatted(rows, config.folds()));
      }

      int trainEnd = beforePurge(train, test);
      int testStart = afterEmbargo(train, test);
      checkRows(train, start, trainEnd);
      checkRows(test, testStart, next);
      folds.add(new Fold(Rows.of(spine, start, trainEnd), Rows.of(spine, testStart, next)));
    }

    return folds;
  }
}
