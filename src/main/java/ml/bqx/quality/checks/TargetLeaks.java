package ml.bqx.quality.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ml.bqx.quality.checks.Finding.Check;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.QualitySource;
import ml.bqx.storage.Storage;
import ml.bqx.training.Horizon;

/**
 * Looks for features that are a target, or nearly so, at a lag at which it is not known yet. A
 * target of horizon h is known h rows later: a feature may follow it from then on, as a return
 * does, but not before.
 */
public final class TargetLeaks {
  /** Lags to both sides that are tried, rows, when no target has a longer horizon. */
  private static final int LEAST_LAGS = 128;

  /** No more are tried: half of the rows that are looked at have to be there at each. */
  private static final int MOST_LAGS = Window.MOST_ROWS / 2;

  /** Correlations that are not noise: of what is a copy up to a little of it. */
  private static final double LIMIT = 0.95;

  /** How much closer it must follow than at any lag at which the target is known. */
  private static final double CLOSER = 0.02;

  /** Fewer rows tell nothing. */
  private static final int LEAST_ROWS = 512;

  private final List<Target> targets;
  private final int lags;

  /** Rows after which it is asked whether the others can still make a correlation high enough. */
  private static final int STEP = 128;

  /**
   * Numbers of mean 0 and norm 1, with 0 for what is no number.
   *
   * @param values one a row
   * @param rest for each row the sum of squares from it on, and 0 at the end
   */
  private record Scaled(double[] values, double[] rest) {
    static Scaled of(double... values) {
      double[] rest = new double[values.length + 1];
      for (int i = values.length - 1; i >= 0; i--) {
        rest[i] = rest[i + 1] + values[i] * values[i];
      }

      return new Scaled(values, rest);
    }
  }

  /** A target with the numbers of the window. */
  private record Target(String name, int horizon, Scaled scaled) {}

  /** How a feature follows a target at a lag. */
  private record Lag(Target target, int rows, double correlation) {}

  private TargetLeaks(List<Target> targets) {
    this.targets = targets;
    this.lags =
        Math.min(
            MOST_LAGS,
            Math.max(LEAST_LAGS, 1 + targets.stream().mapToInt(Target::horizon).max().orElse(0)));
  }

  /**
   * Looks for them in the middle of the rows to train on: of a file that is split, of its first
   * part.
   *
   * @return what is found; empty when the rows of the set are in any order, and nothing can be seen
   */
  public static Optional<List<Finding>> of(Storage storage, QualitySource source)
      throws IOException {
    Optional<Window> window = Window.of(storage, source);
    return window.isPresent() ? Optional.of(of(window.get(), targets(source))) : Optional.empty();
  }

  private static List<String> targets(QualitySource source) {
    return source.statistics().groups().stream()
        .filter(GroupStatistics::targets)
        .flatMap(group -> group.columns().stream())
        .map(ColumnStatistics::name)
        .toList();
  }

  /** What is found among the features of a window. */
  private static List<Finding> of(Window window, List<String> targets) throws IOException {
    List<Target> known =
        window.look(
            targets::contains, (name, values) -> scaled(values).map(all -> target(name, all)));
    if (known.isEmpty()) {
      return List.of();
    }

    TargetLeaks leaks = new TargetLeaks(known);
    return window.look(name -> !targets.contains(name), leaks::look);
  }

  private static Target target(String name, Scaled scaled) {
    // Of a horizon that nobody knows, only what lies ahead is certainly not known.
    long rows = Math.min(MOST_LAGS, Horizon.minutes(name).orElse(1));
    return new Target(name, (int) rows, scaled);
  }

  /** Empty for too few numbers, or a constant. */
  private static Optional<Scaled> scaled(double... values) {
    int count = 0;
    double sum = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        count++;
        sum += value;
      }
    }

    double mean = sum / count;
    double squares = 0;
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = Double.isNaN(values[i]) ? 0 : values[i] - mean;
      squares += scaled[i] * scaled[i];
    }

    if (count < LEAST_ROWS || !(squares > 0) || !Double.isFinite(squares)) {
      return Optional.empty();
    }

    // Rows without a number do not weaken what the others show.
    double norm = Math.sqrt(squares * count / values.length);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= norm;
    }

    return Optional.of(Scaled.of(scaled));
  }

  private Optional<Finding> look(String name, double... values) {
    Optional<Scaled> feature = scaled(values);
    if (feature.isEmpty()) {
      return Optional.empty();
    }

    List<Lag> found = new ArrayList<>();
    for (Target target : targets) {
      closest(feature.get(), target).ifPresent(found::add);
    }

    return found.stream()
        .max((one, other) -> Double.compare(Math.abs(one.correlation), Math.abs(other.correlation)))
        .map(lag -> finding(name, lag));
  }

  /** The lag before the target is known at which the feature is closest, if it is close there. */
  private Optional<Lag> closest(Scaled feature, Target target) {
    double unknown = 0;
    int at = 0;
    for (int lag = -lags; lag < target.horizon && lag <= lags; lag++) {
      double correlation = correlation(feature, target.scaled, lag, LIMIT);
      if (Math.abs(correlation) > Math.abs(unknown)) {
        unknown = correlation;
        at = lag;
      }
    }

    if (Math.abs(unknown) < LIMIT) {
      return Optional.empty();
    }

    double known = 0;
    for (int lag = target.horizon; lag <= lags; lag++) {
      known = Math.max(known, Math.abs(correlation(feature, target.scaled, lag, 0)));
    }

    return Math.abs(unknown) > known + CLOSER
        ? Optional.of(new Lag(target, at, Math.min(1, Math.max(-1, unknown))))
        : Optional.empty();
  }

  /**
   * Of the feature with the target {@code lag} rows before. It ends early, with 0, once the rows
   * that are left cannot bring it to {@code least}: their part is at most the product of their
   * norms (Cauchy and Schwarz).
   */
  private static double correlation(Scaled feature, Scaled target, int lag, double least) {
    int rows = feature.values.length;
    int from = Math.max(0, lag);
    int to = Math.min(rows, target.values.length + lag);
    double needed = least * (to - from) / rows;
    double sum = 0;
    for (int row = from; row < to; row += STEP) {
      int end = Math.min(to, row + STEP);
      for (int i = row; i < end; i++) {
        sum += feature.values[i] * target.values[i - lag];
      }

      if (Math.abs(sum) + Math.sqrt(feature.rest[end] * target.rest[end - lag]) < needed) {
        return 0;
      }
    }

    return sum * rows / (to - from);
  }

  private static Finding finding(String name, Lag lag) {
    String when =
        lag.rows == 0
            ? "of its own row"
            : "of %d rows %s".formatted(Math.abs(lag.rows), lag.rows > 0 ? "before" : "ahead");
    return new Finding(
        Check.LEAK,
        name,
        String.format(
            Locale.ROOT,
            "correlation %.4f with %s %s, which is known %d rows later",
            lag.correlation,
            lag.target.name,
            when,
            lag.target.horizon - lag.rows),
        Math.abs(lag.correlation));
  }
}
