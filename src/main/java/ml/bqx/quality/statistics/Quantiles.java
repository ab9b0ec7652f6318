package ml.bqx.quality.statistics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The values below which 0 %, 1 %, ... 100 % of a column's values are: the first and the last are
 * exact, those between them from a sample of rows. There are none for a column without numbers.
 */
public final class Quantiles {
  /** Steps between the first and the last point: percents. */
  public static final int STEPS = 100;

  static final Quantiles NONE = new Quantiles();

  private final double[] points;

  private Quantiles(double... points) {
    this.points = points;
  }

  /**
   * Those of a sample.
   *
   * @param sample at least one value, in any order; it gets sorted
   */
  public static Quantiles of(double[] sample, double min, double max) {
    Arrays.sort(sample);
    double[] points = new double[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      points[i] = sample[(int) Math.round((double) i * (sample.length - 1) / STEPS)];
    }

    points[0] = min;
    points[STEPS] = max;
    return new Quantiles(points);
  }

  /** From bytes that {@link #bytes} made. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Quantiles of(byte[] bytes) {
    double[] points = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(points);
    return new Quantiles(points);
  }

  /** The points as little-endian doubles. */
  @JsonValue
  byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(points.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(points);
    return bytes.array();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return points.length == 0;
  }

  /**
   * A quantile.
   *
   * @param percent 0 to 100
   */
  public double at(int percent) {
    return points[percent];
  }

  /** About which share of the values is not above this one: 0 to 1. */
  public double rank(double value) {
    if (value < points[0]) {
      return 0;
    } else if (value >= points[STEPS]) {
      return 1;
    }

    // The last point that is not above it: of equal points the last, as all are counted.
    int low = 0;
    int high = STEPS;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (points[middle] <= value) {
        low = middle;
      } else {
        high = middle;
      }
    }

    double width = points[high] - points[low];
    double inside = width > 0 && Double.isFinite(width) ? (value - points[low]) / width : 0;
    return (low + inside) / STEPS;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quantiles quantiles && Arrays.equals(points, quantiles.points);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(points);
  }

  @Override
  public String toString() {
    return Arrays.toString(points);
  }
}
