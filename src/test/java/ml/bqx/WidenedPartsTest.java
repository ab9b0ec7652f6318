package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts that have a column in different types, as pandas makes them where only some have nulls. */
class WidenedPartsTest extends ForeignFiles {
  private static final String EXPECTED =
      "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, %s AS agg__x";

  private void writeParts(String first, String second) throws Exception {
    writeTargets();
    String part = "SELECT %s AS interval_time, %s AS x %s WHERE i %s 2";
    write("agg-00000-of-00002", part.formatted(TIME, first, ROWS, "<"));
    write("agg-00001-of-00002", part.formatted(TIME, second, ROWS, ">="));
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER, BIGINT, INT64, BIGINT",
    "BIGINT, DOUBLE, DOUBLE, DOUBLE",
    "DOUBLE, BIGINT, DOUBLE, DOUBLE",
    "FLOAT, DOUBLE, DOUBLE, DOUBLE",
    "TINYINT, SMALLINT, INT32 INT_16, SMALLINT",
    "UTINYINT, USMALLINT, INT32 UINT_16, USMALLINT",
    "UINTEGER, SMALLINT, INT64, BIGINT",
    "INTEGER, FLOAT, DOUBLE, DOUBLE",
    "UBIGINT, DOUBLE, DOUBLE, DOUBLE"
  })
  void numbersGetTheTypeThatHoldsAllOfThem(
      String first, String second, String told, String expected) throws Exception {
    writeParts("i::" + first, "i::" + second);

    assertThat(refusedByAll()).endsWith("; --union makes it %s in all parts".formatted(told));
    Outcome outcome = assertAllMerge(EXPECTED.formatted(TIME, "i::" + expected), "--union");

    assertThat(outcome.summary("widened by --union")).isEqualTo("1 (agg.x is %s)".formatted(told));
  }

  @Test
  void timesGetTheFinerUnit() throws Exception {
    writeParts(TIME + "::TIMESTAMP_MS", TIME + "::TIMESTAMP_NS");

    Outcome outcome = assertAllMerge(EXPECTED.formatted(TIME, TIME + "::TIMESTAMP_NS"), "--union");

    assertThat(outcome.summary("widened by --union"))
        .isEqualTo("1 (agg.x is INT64 TIMESTAMP_NANOS without a time zone)");
  }

  @Test
  void aNumberThatWouldBeRoundedIsRefused() throws Exception {
    writeParts("9007199254740993", "i::DOUBLE");

    assertThat(refusedByAll("--union"))
        .contains(
            "row 0 holds 9007199254740993, which DOUBLE cannot hold exactly (%s); write it in one type in all parts"
                .formatted(file("agg-00000-of-00002")));
  }

  @Test
  void targetsToo() throws Exception {
    writeParts("i", "i");
    write(
        "targets-00000-of-00002",
        "SELECT %s AS interval_time, i AS y %s WHERE i < 2".formatted(TIME, ROWS));
    write(
        "targets-00001-of-00002",
        "SELECT %s AS interval_time, i / 2 AS y %s WHERE i >= 2".formatted(TIME, ROWS));
    Files.delete(file("targets"));

    assertAllMerge(
        "SELECT %s::TIMESTAMPTZ AS interval_time, CASE WHEN i < 2 THEN i ELSE i / 2 END AS y, i AS agg__x"
            .formatted(TIME),
        "--union");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i::VARCHAR | i::DOUBLE | DOUBLE | BYTE_ARRAY UTF8",
        "i::DECIMAL(9,2) | i | INT64 | INT32 DECIMAL(9, 2)",
        "(TIMESTAMP '2024-01-01') | (TIMESTAMPTZ '2024-01-01') | INT64 TIMESTAMP_MICROS | INT64 TIMESTAMP_MICROS without a time zone"
      })
  void whatHasNoCommonTypeIsRefused(String first, String second, String one, String other)
      throws Exception {
    writeParts(first, second);

    assertThat(refusedByAll("--union"))
        .isEqualTo(
            "error: Cannot merge %s: column x is %s, in %s it is %s; write it in one type in all parts"
                .formatted(file("agg-00001-of-00002"), one, file("agg-00000-of-00002"), other));
  }
}
