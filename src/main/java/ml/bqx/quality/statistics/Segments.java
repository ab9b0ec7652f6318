package ml.bqx.quality.statistics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A column over time: for each of {@link SpinePart#SEGMENTS} even pieces of the spine the number of
 * values, their mean and their standard deviation. Mean and deviation are rounded to a float; NaN
 * where there is none. The deviation is 0 where all values of a piece are the same, and only there.
 */
public final class Segments {
  private static final int BYTES = Integer.BYTES + 2 * Float.BYTES;

  private final int[] values;
  private final float[] means;
  private final float[] deviations;

  private Segments(int count) {
    values = new int[count];
    means = new float[count];
    deviations = new float[count];
  }

  static Segments of(Moments[] pieces) {
    Segments segments = new Segments(pieces.length);
    for (int i = 0; i < pieces.length; i++) {
      segments.values[i] = (int) pieces[i].values();
      segments.means[i] = pieces[i].numbers() == 0 ? Float.NaN : (float) pieces[i].mean();
      double deviation = pieces[i].deviation();
      // Not 0 for what is only close to it.
      segments.deviations[i] =
          deviation > 0 ? Math.max(Float.MIN_VALUE, (float) deviation) : (float) deviation;
    }

    return segments;
  }

  /** From bytes that {@link #bytes} made. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Segments of(byte[] bytes) {
    Segments segments = new Segments(bytes.length / BYTES);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < segments.count(); i++) {
      segments.values[i] = in.getInt();
      segments.means[i] = in.getFloat();
      segments.deviations[i] = in.getFloat();
    }

    return segments;
  }

  /** For each piece an int and two floats, little-endian. */
  @JsonValue
  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(count() * BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count(); i++) {
      out.putInt(values[i]).putFloat(means[i]).putFloat(deviations[i]);
    }

    return out.array();
  }

  /** Number of pieces. */
  public int count() {
    return values.length;
  }

  /** Values of a piece that are not null. */
  public int values(int segment) {
    return values[segment];
  }

  /** Mean of a piece's finite numbers, or NaN. */
  public float mean(int segment) {
    return means[segment];
  }

  /** Standard deviation of a piece's finite numbers, or NaN; 0 when all values are the same. */
  public float deviation(int segment) {
    return deviations[segment];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Segments segments && Arrays.equals(bytes(), segments.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  @Override
  public String toString() {
    return "%s values, means %s, deviations %s"
        .formatted(Arrays.toString(values), Arrays.toString(means), Arrays.toString(deviations));
  }
}
