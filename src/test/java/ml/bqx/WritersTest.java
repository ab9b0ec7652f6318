package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Files of other writers as they are, habits that nobody else has included. They are in {@code
 * src/test/resources/foreign}, beside the script that wrote them.
 */
class WritersTest extends ForeignFiles {
  private static final Path FILES = Path.of("src/test/resources/foreign");

  @Test
  void rowGroupsWithoutRows() throws Exception {
    bring("empty_groups");

    assertAllMerge(select("i / 2 AS empty_groups__x, 'row ' || i AS empty_groups__s"));
  }

  @Test
  void filesWithoutRows() throws Exception {
    bring("empty");

    assertAllMerge(select("NULL::DOUBLE AS empty__x, NULL::VARCHAR AS empty__s"));
  }

  @Test
  void brotli() throws Exception {
    bring("brotli");

    assertAllMerge(select("i / 2 AS brotli__x, repeat('again and ', 20) AS brotli__s"));
  }

  @Test
  void everyTypeOfFastparquet() throws Exception {
    bring("fastparquet");

    assertAllMerge(
        select(
            """
        i / 2 AS fastparquet__x, CASE WHEN i <> 3 THEN i END AS fastparquet__n,
          CASE WHEN i <> 3 THEN (i / 4)::FLOAT END AS fastparquet__f,
          CASE WHEN i <> 3 THEN i % 2 = 0 END AS fastparquet__b, i % 2 = 0 AS fastparquet__flag,
          CASE WHEN i <> 3 THEN 'row ' || i END AS fastparquet__s,
          CASE WHEN i <> 3 THEN (i::VARCHAR)::BLOB END AS fastparquet__bytes,
          CASE WHEN i <> 3 THEN 'kind ' || i % 2 END AS fastparquet__c,
          i::TINYINT AS fastparquet__i8, i::INTEGER AS fastparquet__i32,
          i::USMALLINT AS fastparquet__u16, i::UBIGINT AS fastparquet__u64,
          (TIMESTAMP '2024-01-01' + to_minutes(i))::TIMESTAMPTZ AS fastparquet__t,
          TIME '00:00:00' + to_seconds(i) AS fastparquet__delta\
        """));
  }

  @Test
  void timestampsOfSpark() throws Exception {
    String time = "(TIMESTAMP '2024-01-01' + to_minutes(i))::TIMESTAMPTZ";

    bring("spark");

    // INT96 is in UTC, the targets of DuckDB have no zone.
    assertAllMerge(
        select("CASE WHEN i <> 3 THEN %s END AS spark__t, 'row ' || i AS spark__s".formatted(time)),
        "--timeZone=UTC");
  }

  @Test
  void columnsWithoutAnyValueInAPart() throws Exception {
    bring("null_parts-00000-of-00003", "null_parts-00001-of-00003", "null_parts-00002-of-00003");

    assertAllMerge(
        select(
            """
            CASE WHEN i > 1 THEN i / 2 END AS null_parts__x,
              CASE WHEN i <> 2 THEN 'row ' || i END AS null_parts__s,
              NULL AS null_parts__none,
              CASE WHEN i = 2 THEN DATE '2024-01-01' END AS null_parts__d,
              CASE WHEN i > 2 THEN i % 2 = 0 END AS null_parts__b\
            """));
  }

  @Test
  void columnsOfUnsupportedTypesAreRefusedOrLeftOutAndCounted() throws Exception {
    bring("unsupported");

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: column g is BYTE_ARRAY of a logical type that this tool does not know; leave out such columns with --onUnsupportedType=skip"
                .formatted(file("unsupported")));

    for (String policy : List.of("skip", "double")) {
      Outcome outcome =
          assertAllMerge(
              select("i / 2 AS unsupported__x, 'row ' || i AS unsupported__s"),
              "--onUnsupportedType=" + policy);

      assertThat(outcome.summary("left out"))
          .isEqualTo(
              "3 columns of unsupported types (unsupported.g, unsupported.l, unsupported.st)");
    }
  }

  @Test
  void wideDecimalsBecomeDoublesWhenAskedForAndAreCounted() throws Exception {
    bring("wide");

    Outcome outcome =
        assertAllMerge(
            select(
                "CASE WHEN i = 0 THEN 7e-20 WHEN i <> 3 THEN i * 1e40 END AS wide__wide, (i / 100)::DECIMAL(9, 2) AS wide__narrow"),
            "--onUnsupportedType=double");

    assertThat(outcome.summary("rounded to doubles")).isEqualTo("1 (wide.wide)");
  }

  /** Puts files beside targets of the same minutes. */
  private void bring(String... names) throws Exception {
    writeTargets();
    for (String name : names) {
      Files.copy(FILES.resolve(name + ".parquet"), file(name));
    }
  }

  private static String select(String columns) {
    return "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, %s".formatted(TIME, columns);
  }
}
