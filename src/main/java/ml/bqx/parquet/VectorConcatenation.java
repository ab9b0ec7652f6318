package ml.bqx.parquet;

import java.util.Arrays;
import java.util.List;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Puts parts of a column one behind the other. */
public final class VectorConcatenation {
  private VectorConcatenation() {}

  /**
   * All rows of the parts, in their order.
   *
   * @param parts vectors of one kind, at least one; the only one is returned as it is
   */
  public static ColumnVector of(List<ColumnVector> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }

    int rows = parts.stream().mapToInt(ColumnVector::size).reduce(0, Math::addExact);
    ColumnVector first = parts.get(0);
    if (first instanceof Longs) {
      long[] values = new long[rows];
      copy(parts, values, part -> ((Longs) part).values());
      return new Longs(values, validity(parts, rows));
    } else if (first instanceof Ints) {
      int[] values = new int[rows];
      copy(parts, values, part -> ((Ints) part).values());
      return new Ints(values, validity(parts, rows));
    } else if (first instanceof Booleans) {
      boolean[] values = new boolean[rows];
      copy(parts, values, part -> ((Booleans) part).values());
      return new Booleans(values, validity(parts, rows));
    }

    return binaries(parts, rows);
  }

  /** The array in a vector. */
  private interface Values {
    Object of(ColumnVector part);
  }

  private static void copy(List<ColumnVector> parts, Object target, Values values) {
    int row = 0;
    for (ColumnVector part : parts) {
      System.arraycopy(values.of(part), 0, target, row, part.size());
      row += part.size();
    }
  }

  private static ColumnVector binaries(List<ColumnVector> parts, int rows) {
    int length =
        parts.stream().mapToInt(part -> lastOffset((Binaries) part)).reduce(0, Math::addExact);
    byte[] bytes = new byte[length];
    int[] offsets = new int[rows + 1];
    int row = 0;
    for (ColumnVector part : parts) {
      Binaries source = (Binaries) part;
      int start = offsets[row];
      System.arraycopy(source.bytes(), 0, bytes, start, lastOffset(source));
      for (int i = 1; i <= source.size(); i++) {
        offsets[row + i] = start + source.offsets()[i];
      }

      row += source.size();
    }

    return new Binaries(bytes, offsets, validity(parts, rows));
  }

  private static int lastOffset(Binaries part) {
    return part.offsets()[part.size()];
  }

  private static boolean @Nullable [] validity(List<ColumnVector> parts, int rows) {
    if (parts.stream().allMatch(part -> part.valid() == null)) {
      return null;
    }

    boolean[] valid = new boolean[rows];
    int row = 0;
    for (ColumnVector part : parts) {
      if (part.valid() == null) {
        Arrays.fill(valid, row, row + part.size(), true);
      } else {
        System.arraycopy(part.valid(), 0, valid, row, part.size());
      }

      row += part.size();
    }

    return valid;
  }
}
