package ml.bqx.quality.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import ml.bqx.quality.checks.Finding.Check;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.Segments;

/** Looks for changes in the course of time, by the pieces that a column's statistics have. */
final class TimeChecks {
  /** Pieces on both sides of a change: fewer may be chance. */
  private static final int LEAST_SIDE = 3;

  /** Constant pieces at the end that count: an eighth of the rows. */
  private static final int CONSTANT_PIECES = 4;

  /** The same for columns of few values, which stay the same for long anyway. */
  private static final int CONSTANT_PIECES_OF_FEW = 8;

  /** Columns with so many different values have few. */
  private static final int FEW = 20;

  /** How many times as much, or as little, values vary after a change of scale. */
  private static final double SCALE = 20;

  /** How far means are apart after a jump, in deviations within a piece. */
  private static final double JUMP = 8;

  private final ColumnStatistics column;
  private final IntFunction<String> startOf;
  private final List<Piece> pieces = new ArrayList<>();

  /** A piece that has values. */
  private record Piece(int index, float mean, float deviation) {}

  private TimeChecks(ColumnStatistics column, IntFunction<String> startOf) {
    this.column = column;
    this.startOf = startOf;
    Segments segments = column.segments();
    for (int i = 0; i < segments.count(); i++) {
      if (segments.values(i) > 1) {
        pieces.add(new Piece(i, segments.mean(i), segments.deviation(i)));
      }
    }
  }

  /**
   * What is found in a column.
   *
   * @param startOf tells when a piece begins
   */
  static Optional<Finding> of(ColumnStatistics column, IntFunction<String> startOf) {
    TimeChecks checks = new TimeChecks(column, startOf);
    return checks.constantSince().or(checks::scale).or(checks::jump);
  }

  private Optional<Finding> constantSince() {
    int from = pieces.size();
    while (from > 0 && isSame(pieces.get(from - 1), pieces.get(pieces.size() - 1))) {
      from--;
    }

    int constant = pieces.size() - from;
    long before = pieces.stream().limit(from).filter(piece -> piece.deviation == 0).count();
    int least = column.distinct() > FEW ? CONSTANT_PIECES : CONSTANT_PIECES_OF_FEW;
    if (constant < least || from < 1 || before * 10 > from) {
      return Optional.empty();
    }

    return found(
        Check.CONSTANT_SINCE,
        constant,
        "the same value since about %s, in the last %d of %d pieces",
        startOf.apply(pieces.get(from).index),
        constant,
        column.segments().count());
  }

  private static boolean isSame(Piece piece, Piece last) {
    boolean sameMean =
        piece.mean == last.mean || (Float.isNaN(piece.mean) && Float.isNaN(last.mean));
    return piece.deviation == 0 && sameMean;
  }

  /** Finds the change at which the two sides share nothing. */
  private Optional<Finding> scale() {
    for (int cut = LEAST_SIDE; cut <= pieces.size() - LEAST_SIDE; cut++) {
      Range before = deviations(0, cut);
      Range after = deviations(cut, pieces.size());
      boolean apart = before.least > 0 && after.least > 0;
      double growth = after.least / before.greatest;
      double shrinkage = before.least / after.greatest;
      double middle = after.middle / before.middle;
      if (apart && Math.max(growth, shrinkage) > 3 && Math.max(middle, 1 / middle) >= SCALE) {
        return found(
            Check.SCALE,
            Math.abs(Math.log(middle)),
            "its deviation is %.4g times that of before since about %s",
            middle,
            startOf.apply(pieces.get(cut).index));
      }
    }

    return Optional.empty();
  }

  private Optional<Finding> jump() {
    for (int cut = LEAST_SIDE; cut <= pieces.size() - LEAST_SIDE; cut++) {
      Range before = means(0, cut);
      Range after = means(cut, pieces.size());
      double distance = Math.max(after.least - before.greatest, before.least - after.greatest);
      double deviation = deviations(0, pieces.size()).greatest;
      double spread = Math.max(before.greatest - before.least, after.greatest - after.least);
      if (distance > JUMP * deviation && distance > spread && deviation > 0) {
        return found(
            Check.SHIFT,
            distance / deviation,
            "its mean moves from %.6g to %.6g at about %s, %.0f times the deviation around it",
            before.middle,
            after.middle,
            startOf.apply(pieces.get(cut).index),
            distance / deviation);
      }
    }

    return Optional.empty();
  }

  private Optional<Finding> found(Check check, double weight, String evidence, Object... values) {
    return Optional.of(
        new Finding(check, column.name(), String.format(Locale.ROOT, evidence, values), weight));
  }

  /** Least, middle and greatest of some numbers. */
  private record Range(double least, double middle, double greatest) {
    static Range of(double[] sorted) {
      return new Range(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }
  }

  private Range deviations(int from, int to) {
    return Range.of(
        pieces.subList(from, to).stream().mapToDouble(Piece::deviation).sorted().toArray());
  }

  private Range means(int from, int to) {
    return Range.of(pieces.subList(from, to).stream().mapToDouble(Piece::mean).sorted().toArray());
  }
}
