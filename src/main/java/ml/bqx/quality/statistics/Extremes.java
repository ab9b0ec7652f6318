package ml.bqx.quality.statistics;

import java.util.Arrays;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The least and the greatest value of a column whose values are not floating point, exactly. */
final class Extremes {
  private final ValueType type;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;
  private byte @Nullable [] first;
  private byte @Nullable [] last;

  Extremes(ValueType type) {
    this.type = type;
  }

  void add(ColumnVector source, GatheredValues values) {
    if (source instanceof Binaries binaries) {
      for (int i = 0; i < values.count(); i++) {
        int row = values.source(i);
        add(
            Arrays.copyOfRange(
                binaries.bytes(), binaries.offsets()[row], binaries.offsets()[row + 1]));
      }
    } else {
      for (int i = 0; i < values.count(); i++) {
        least = Math.min(least, values.bits()[i]);
        greatest = Math.max(greatest, values.bits()[i]);
      }
    }
  }

  private void add(byte[] value) {
    byte[] low = first;
    byte[] high = last;
    first = low == null || type.compare(value, low) < 0 ? value : low;
    last = high == null || type.compare(value, high) > 0 ? value : high;
  }

  void merge(Extremes other) {
    least = Math.min(least, other.least);
    greatest = Math.max(greatest, other.greatest);
    if (other.first != null) {
      add(other.first);
    }

    if (other.last != null) {
      add(other.last);
    }
  }

  /** The least value in words; null when there is none. */
  @Nullable String leastText() {
    if (type.isBytes()) {
      return first == null ? null : type.text(first);
    }

    return least > greatest ? null : type.text(least);
  }

  /** The greatest value in words; null when there is none. */
  @Nullable String greatestText() {
    if (type.isBytes()) {
      return last == null ? null : type.text(last);
    }

    return least > greatest ? null : type.text(greatest);
  }
}
