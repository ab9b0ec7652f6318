package ml.bqx.quality.diff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.quality.statistics.ColumnStatistics;
import ml.bqx.quality.statistics.GroupStatistics;
import ml.bqx.quality.statistics.QualitySource;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How two training sets differ. Columns are matched by name.
 *
 * @param before the first of them
 * @param after the second
 * @param came columns that only the second has
 * @param went columns that only the first has
 * @param equal columns that are equal in every row, timestamps included
 * @param changed columns whose values are not equal, those that moved most first
 */
public record SetDifference(
    Side before,
    Side after,
    List<String> came,
    List<String> went,
    int equal,
    List<ColumnDifference> changed) {

  /**
   * One of two sets.
   *
   * @param location where it is
   * @param rows of its spine
   * @param first timestamp of the first of them, ISO 8601
   * @param last timestamp of the last of them
   * @param columns how many it has
   * @param nullShare part of all its values that are null, 0 to 1
   * @param rowsMissing rows of the spine that its tables lack, in all of them
   */
  public record Side(
      String location,
      long rows,
      String first,
      String last,
      int columns,
      double nullShare,
      long rowsMissing) {
    private static Side of(QualitySource source) {
      return new Side(
          source.location(),
          source.rows(),
          source.first(),
          source.last(),
          source.statistics().columns().size(),
          source.statistics().columns().stream()
              .mapToDouble(ColumnStatistics::nullShare)
              .average()
              .orElse(0),
          source.statistics().groups().stream().mapToLong(GroupStatistics::rowsMissing).sum());
    }
  }

  /**
   * A column that both sets have, with other values.
   *
   * @param typeBefore its Parquet type in the first set
   * @param typeAfter its Parquet type in the second
   * @param nullsBefore part of the rows without a value in the first set, 0 to 1
   * @param nullsAfter part of the rows without a value in the second
   * @param meanBefore mean of its numbers in the first set
   * @param meanAfter mean of its numbers in the second
   * @param drift how far its numbers moved; null when one of both has none
   */
  public record ColumnDifference(
      String name,
      String typeBefore,
      String typeAfter,
      double nullsBefore,
      double nullsAfter,
      @Nullable Double meanBefore,
      @Nullable Double meanAfter,
      @Nullable Drift drift) {
    private static ColumnDifference of(ColumnStatistics before, ColumnStatistics after) {
      boolean numbers = !before.quantiles().isEmpty() && !after.quantiles().isEmpty();
      return new ColumnDifference(
          before.name(),
          before.type(),
          after.type(),
          before.nullShare(),
          after.nullShare(),
          before.mean(),
          after.mean(),
          numbers ? Drift.between(before.quantiles(), after.quantiles()) : null);
    }

    /** Whether its type changed. */
    boolean hasOtherType() {
      return !typeBefore.equals(typeAfter);
    }

    /** Its population stability index; 0 when it has none. */
    public double psi() {
      return drift == null ? 0 : drift.psi();
    }
  }

  /** Compares two sets by their statistics. */
  public static SetDifference of(QualitySource before, QualitySource after) {
    Map<String, ColumnStatistics> left = new LinkedHashMap<>();
    before.statistics().columns().forEach(column -> left.put(column.name(), column));
    List<String> came = new ArrayList<>();
    List<ColumnDifference> changed = new ArrayList<>();
    int equal = 0;
    for (ColumnStatistics column : after.statistics().columns()) {
      ColumnStatistics old = left.remove(column.name());
      if (old == null) {
        came.add(column.name());
      } else if (isEqual(old, column)) {
        equal++;
      } else {
        changed.add(ColumnDifference.of(old, column));
      }
    }

    changed.sort(
        Comparator.comparing(ColumnDifference::hasOtherType)
            .thenComparing(ColumnDifference::psi)
            .thenComparing(each -> Math.abs(each.nullsAfter() - each.nullsBefore()))
            .reversed());
    return new SetDifference(
        Side.of(before), Side.of(after), came, List.copyOf(left.keySet()), equal, changed);
  }

  private static boolean isEqual(ColumnStatistics before, ColumnStatistics after) {
    return before.type().equals(after.type())
        && before.rows() == after.rows()
        && before.nulls() == after.nulls()
        && before.content().equals(after.content())
        && Objects.equals(before.firstValue(), after.firstValue());
  }

  /** Columns that changed their type. */
  public List<ColumnDifference> retyped() {
    return changed.stream().filter(ColumnDifference::hasOtherType).toList();
  }
}
