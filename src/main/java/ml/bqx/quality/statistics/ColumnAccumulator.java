package ml.bqx.quality.statistics;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import ml.bqx.checkpoint.Spine;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the statistics of a column, run of spine rows by run. Accumulators of adjacent runs can be
 * merged; how the spine was cut changes nothing but the last digits of mean and deviation.
 */
final class ColumnAccumulator {
  private static final int NONE = -1;

  private final ColumnSchema schema;
  private final ValueType type;
  private final boolean isNumber;
  private final Moments[] segments = new Moments[SpinePart.SEGMENTS];
  private final DistinctCount distinct = new DistinctCount();
  private final Extremes extremes;
  private final ImmutableDoubleArray.Builder sample = ImmutableDoubleArray.builder();
  private long rows;
  private long values;
  private long zeros;
  private long nan;
  private long infinite;
  private long content;
  private int firstRow = NONE;
  private int lastRow = NONE;
  private int from = NONE;
  private int to;
  private int longestNulls;
  private long firstTime;
  private long lastTime;

  ColumnAccumulator(ColumnSchema schema) {
    this.schema = schema;
    this.type = ValueType.of(schema);
    this.isNumber = type.isNumber();
    this.extremes = new Extremes(type);
    Arrays.setAll(segments, i -> new Moments());
  }

  /**
   * Adds the rows of one segment of a part of the spine, which follow those before.
   *
   * @param match for each row its row in the source, or {@link ml.bqx.parquet.RowGather#NO_ROW}
   * @param row the first of the part that is in the segment
   * @param room for the rows of a segment
   */
  void add(ColumnVector source, int[] match, SpinePart part, int row, GatheredValues room) {
    int segment = part.segment(row);
    int end = part.end(segment);
    from = from == NONE ? part.firstRow() + row : from;
    to = part.firstRow() + end;
    rows += end - row;
    room.gather(type, source, match, row, end);
    sample(room, part, row, end);
    add(source, room, part, segment);
  }

  private void add(ColumnVector source, GatheredValues room, SpinePart part, int segment) {
    values += room.count();
    zeros += room.zeros();
    nan += room.nan();
    infinite += room.infinite();
    segments[segment].add(room);
    if (!isFloatingPoint()) {
      extremes.add(source, room);
    }

    long sum = 0;
    for (int i = 0; i < room.count(); i++) {
      long hash = Hash.of(room.bits()[i]);
      sum += hash * part.weight(room.row(i));
      distinct.add(hash);
    }

    content += sum;
    runs(room, part);
  }

  /** Floating point extremes are those of the moments. */
  private boolean isFloatingPoint() {
    return type.kind() == ValueType.Kind.DOUBLE || type.kind() == ValueType.Kind.FLOAT;
  }

  private void runs(GatheredValues room, SpinePart part) {
    int count = room.count();
    if (count == 0) {
      return;
    }

    if (firstRow == NONE) {
      firstRow = part.firstRow() + room.row(0);
      firstTime = part.timestamp(room.row(0));
      lastRow = firstRow;
    }

    int before = part.firstRow() + room.row(0) - lastRow - 1;
    longestNulls = Math.max(longestNulls, Math.max(before, room.longestGap()));
    int last = room.row(count - 1);
    lastRow = part.firstRow() + last;
    lastTime = part.timestamp(last);
  }

  /** Keeps the finite numbers of the sampled rows among {@code [from .. end)}. */
  private void sample(GatheredValues room, SpinePart part, int from, int end) {
    ImmutableIntArray sampled = part.sampled();
    int at = part.sampledBefore(from);
    int i = 0;
    for (; at < sampled.length() && sampled.get(at) < end; at++) {
      int row = sampled.get(at);
      i = room.at(row, i);
      if (isNumber && i < room.count() && room.row(i) == row) {
        double number = room.number(i);
        if (!Double.isNaN(number)) {
          sample.add(number);
        }
      }
    }
  }

  /** Adds what another has seen of the rows that follow. */
  void merge(ColumnAccumulator next) {
    from = from == NONE ? next.from : from;
    to = next.to;
    rows += next.rows;
    values += next.values;
    zeros += next.zeros;
    nan += next.nan;
    infinite += next.infinite;
    content += next.content;
    distinct.merge(next.distinct);
    extremes.merge(next.extremes);
    sample.addAll(next.sample.build());
    for (int i = 0; i < segments.length; i++) {
      segments[i].merge(next.segments[i]);
    }

    if (next.firstRow != NONE) {
      int between = lastRow == NONE ? 0 : next.firstRow - lastRow - 1;
      longestNulls = Math.max(Math.max(longestNulls, next.longestNulls), between);
      firstTime = firstRow == NONE ? next.firstTime : firstTime;
      firstRow = firstRow == NONE ? next.firstRow : firstRow;
      lastRow = next.lastRow;
      lastTime = next.lastTime;
    }
  }

  /** The statistics of all rows that were added. */
  ColumnStatistics statistics() {
    Moments all = new Moments();
    for (Moments segment : segments) {
      all.merge(segment);
    }

    boolean numbers = isNumber && all.numbers() > 0;
    double[] sampled = sample.build().toArray();
    if (numbers && sampled.length == 0) {
      sampled = new double[] {all.min(), all.max()};
    }

    return new ColumnStatistics(
        schema.name(),
        schema.typeName(),
        rows,
        rows - values,
        longestRun(),
        values == 0 ? null : Spine.text(firstTime),
        values == 0 ? null : Spine.text(lastTime),
        // An estimate may exceed what is possible.
        Math.min(values, distinct.estimate()),
        least(all),
        greatest(all),
        numbers ? all.min() : null,
        numbers ? all.max() : null,
        numbers ? finite(all.mean()) : null,
        numbers ? finite(all.deviation()) : null,
        zeros,
        nan,
        infinite,
        all.isConstant(),
        numbers ? sampled.length : 0,
        numbers ? Quantiles.of(sampled, all.min(), all.max()) : Quantiles.NONE,
        Segments.of(segments),
        "%016x".formatted(content));
  }

  private long longestRun() {
    if (firstRow == NONE) {
      return rows;
    }

    return Math.max(longestNulls, Math.max(firstRow - from, to - 1 - lastRow));
  }

  private @Nullable String least(Moments all) {
    if (!isFloatingPoint()) {
      return extremes.leastText();
    }

    return all.numbers() == 0 ? null : Double.toString(all.min());
  }

  private @Nullable String greatest(Moments all) {
    if (!isFloatingPoint()) {
      return extremes.greatestText();
    }

    return all.numbers() == 0 ? null : Double.toString(all.max());
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
