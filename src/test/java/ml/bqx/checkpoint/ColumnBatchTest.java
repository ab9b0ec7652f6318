package ml.bqx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.warehouse.ColumnBatchCoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnBatchTest {
  private static final ColumnBatch FIRST =
      new ColumnBatch(
          new long[] {10, 20},
          List.of(
              new Longs(new long[] {1, 2}, null),
              new Ints(new int[] {3, 0}, new boolean[] {true, false}),
              new Booleans(new boolean[] {true, false}, null),
              // Builders leave room behind the last byte.
              new Binaries("abc??".getBytes(UTF_8), new int[] {0, 1, 3}, null)),
          4);

  private static final ColumnBatch SECOND =
      new ColumnBatch(
          new long[] {5},
          List.of(
              new Longs(new long[] {0}, new boolean[] {false}),
              new Ints(new int[] {7}, null),
              new Booleans(new boolean[] {true}, null),
              new Binaries("xyz".getBytes(UTF_8), new int[] {0, 3}, null)),
          1);

  @Test
  void batchesGoThroughTheirCoderUnchanged() throws Exception {
    for (ColumnBatch batch : List.of(FIRST, SECOND, new ColumnBatch(new long[0], List.of(), 0))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ColumnBatchCoder.INSTANCE.encode(batch, bytes);
      ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());

      assertSame(ColumnBatchCoder.INSTANCE.decode(in), batch);
      assertThat(in.available()).isZero();
    }
  }

  /** Booleans travel as bits. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16, 17, 1_000})
  void booleansOfAnyNumberOfRowsGoThroughTheCoder(int rows) throws Exception {
    boolean[] values = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = row % 3 == 0 || row % 8 == 7;
    }

    ColumnBatch batch =
        new ColumnBatch(new long[rows], List.of(new Booleans(values, values.clone())), 0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ColumnBatchCoder.INSTANCE.encode(batch, bytes);

    assertSame(
        ColumnBatchCoder.INSTANCE.decode(new ByteArrayInputStream(bytes.toByteArray())), batch);
  }

  @Test
  void concatenatedBatchesHaveTheRowsOfAll() {
    ColumnBatch all = ColumnBatch.concat(List.of(FIRST, SECOND));

    assertSame(
        all,
        new ColumnBatch(
            new long[] {10, 20, 5},
            List.of(
                new Longs(new long[] {1, 2, 0}, new boolean[] {true, true, false}),
                new Ints(new int[] {3, 0, 7}, new boolean[] {true, false, true}),
                new Booleans(new boolean[] {true, false, true}, null),
                new Binaries("abcxyz".getBytes(UTF_8), new int[] {0, 1, 3, 6}, null)),
            5));
  }

  @Test
  void rowsOutsideARangeGo() {
    ColumnBatch within = ColumnBatch.concat(List.of(FIRST, SECOND)).within(new TimeRange(5, 20));

    assertThat(within.timestamps()).containsExactly(10, 5);
    assertThat(((Ints) within.columns().get(1)).values()).containsExactly(3, 7);
    assertThat(within.rowsWithoutTimestamp()).isEqualTo(5);
    assertThat(FIRST.within(TimeRange.ALL)).isSameAs(FIRST);
  }

  @Test
  void completeRowsAreInTheOrderOfTheirTimestamps() {
    ColumnBatch complete =
        new ColumnBatch(
                new long[] {30, 10, 40, 20, 10, 99},
                List.of(
                    new Ints(
                        new int[] {3, 1, 4, 0, 5, 9},
                        new boolean[] {true, true, true, false, true, true})),
                0)
            .complete(new TimeRange(0, 50));

    assertThat(complete.timestamps()).containsExactly(10, 10, 30, 40);
    assertThat(((Ints) complete.columns().get(0)).values()).containsExactly(1, 5, 3, 4);
  }

  private static void assertSame(ColumnBatch actual, ColumnBatch expected) {
    assertThat(actual.timestamps()).isEqualTo(expected.timestamps());
    assertThat(actual.rowsWithoutTimestamp()).isEqualTo(expected.rowsWithoutTimestamp());
    assertThat(actual.columns()).hasSameSizeAs(expected.columns());
    for (int i = 0; i < expected.columns().size(); i++) {
      ColumnVector column = actual.columns().get(i);
      ColumnVector wanted = expected.columns().get(i);
      assertThat(column.valid()).as("validity of column %d", i).isEqualTo(wanted.valid());
      if (wanted instanceof Binaries binaries) {
        assertThat(text((Binaries) column)).isEqualTo(text(binaries));
      } else {
        assertThat(column).usingRecursiveComparison().isEqualTo(wanted);
      }
    }
  }

  private static List<String> text(Binaries column) {
    return java.util.stream.IntStream.range(0, column.size())
        .mapToObj(
            row -> new String(column.bytes(), column.offsets()[row], column.length(row), UTF_8))
        .toList();
  }
}
