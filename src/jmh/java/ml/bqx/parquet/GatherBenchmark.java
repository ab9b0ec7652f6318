package ml.bqx.parquet;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Rows of a column by index, in nanoseconds a value. */
public class GatherBenchmark extends ValueBenchmark {
  /** Which rows are wanted. */
  public enum Rows {
    /** All, in order. */
    ALL,
    /** Nine of ten, in order; the others are null. */
    WITH_GAPS,
    /** All, in no order. */
    UNSORTED
  }

  /** Which rows are wanted. */
  @Param Rows rows;

  private ColumnVector source;
  private int[] index;

  /** Makes column and index. */
  @Setup(Level.Trial)
  public void prepare() {
    source = Columns.doubles(Content.DISTINCT_WITH_NULLS);
    index = new int[Columns.ROWS];
    Random random = new Random(2);
    int next = 0;
    for (int row = 0; row < Columns.ROWS; row++) {
      index[row] =
          switch (rows) {
            case ALL -> row;
            case WITH_GAPS -> random.nextInt(10) > 0 ? next++ : RowGather.NO_ROW;
            case UNSORTED -> random.nextInt(Columns.ROWS);
          };
    }
  }

  /** Gathers them. */
  @Benchmark
  public ColumnVector gather() {
    return RowGather.gather(source, index, 0, Columns.ROWS);
  }
}
