package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The comparison must find what differs, or nothing it says of equal files counts. */
class DiffBitsTest extends ForeignFiles {
  @Test
  void equalFilesAreEqual() throws Exception {
    Path file = merged("i AS x");

    assertThat(compare(file, file).out()).isEqualTo("equal: 5 rows, 3 columns\n");
  }

  @Test
  void valuesAreComparedByTheirBits() throws Exception {
    Path file = merged("CASE i WHEN 3 THEN 0.0::DOUBLE END AS x");

    assertDiffers(
        file,
        merged("CASE i WHEN 3 THEN -0.0::DOUBLE END AS x"),
        "mkt_vol__x: 1 values differ, the first in row 3");
    assertDiffers(
        file,
        merged("CASE WHEN i >= 2 THEN 0.0::DOUBLE END AS x"),
        "mkt_vol__x: 2 values differ, the first in row 2");
  }

  @Test
  void textsAndFlagsAreComparedToo() throws Exception {
    assertDiffers(
        merged("'row ' || i AS x"),
        merged("'row ' || i // 2 AS x"),
        "mkt_vol__x: 4 values differ, the first in row 1");
    assertDiffers(
        merged("i > 1 AS x"),
        merged("i > 2 AS x"),
        "mkt_vol__x: 1 values differ, the first in row 2");
    assertDiffers(
        merged("i::INTEGER AS x"),
        merged("(i * i)::INTEGER AS x"),
        "mkt_vol__x: 3 values differ, the first in row 2");
  }

  @Test
  void namesTypesRowGroupsAndKeyValuesAreComparedToo() throws Exception {
    Path file = merged("i AS x");

    assertDiffers(file, merged("i AS y"), "column 2: mkt_vol__y INT64 OPTIONAL, not mkt_vol__x");
    assertDiffers(file, merged("i::DOUBLE AS x"), "column 2: mkt_vol__x DOUBLE OPTIONAL, not ");
    assertDiffers(file, merged("i AS x, i AS z"), "columns: 4, not 3", "bqx.features: 2, not 1");
    assertDiffers(
        file, merged("i AS x", "--rowGroupRows=2"), "rows of the row groups: [2, 2, 1], not [5]");
  }

  @Test
  void whatIsNoFileIsTold() {
    assertThat(compare(directory.resolve("no.parquet"), directory.resolve("none.parquet")).code())
        .isEqualTo(1);
    assertThat(Outcome.of(DiffSets::run, "--bits", "--before=" + directory, "--after=x").error())
        .contains("--bits=true: it compares two training files");
    assertThat(Outcome.of(DiffSets::run, "--bits").error())
        .contains("--before is required", "--after is required");
  }

  /** A training file whose feature group has these columns. */
  private Path merged(String columns, String... more) throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s AS interval_time, %s %s".formatted(TIME, columns, ROWS));
    Path output = directory.resolve("output-" + System.nanoTime());
    String[] args = Arrays.copyOf(more, more.length + 2);
    args[more.length] = "--mergeMethod=stream";
    args[more.length + 1] = "--output=" + output;
    Workplace.assertDone(place.merge(args));

    return output.resolve("training_eurusd.parquet");
  }

  private static Outcome compare(Path expected, Path actual) {
    return Outcome.of(DiffSets::run, "--bits", "--before=" + expected, "--after=" + actual);
  }

  private static void assertDiffers(Path expected, Path actual, String... lines) {
    Outcome outcome = compare(expected, actual);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.error())
        .startsWith("error: " + actual + " differs from " + expected + "\n")
        .contains(lines);
  }
}
