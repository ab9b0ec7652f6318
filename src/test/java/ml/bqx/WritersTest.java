package ml.bqx;

import static ml.bqx.Workplace.assertDone;

import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.Test;

/**
 * Files of other writers as they are, habits that nobody else has included. They are in {@code
 * src/test/resources/foreign}, beside the script that wrote them.
 */
class WritersTest extends ForeignFiles {
  private static final Path FILES = Path.of("src/test/resources/foreign");

  @Test
  void rowGroupsWithoutRows() throws Exception {
    assertMerges("i / 2 AS empty_groups__x, 'row ' || i AS empty_groups__s", "empty_groups");
  }

  @Test
  void filesWithoutRows() throws Exception {
    assertMerges("NULL::DOUBLE AS empty__x, NULL::VARCHAR AS empty__s", "empty");
  }

  @Test
  void brotli() throws Exception {
    assertMerges("i / 2 AS brotli__x, repeat('again and ', 20) AS brotli__s", "brotli");
  }

  @Test
  void everyTypeOfFastparquet() throws Exception {
    assertMerges(
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
        """,
        "fastparquet");
  }

  /** Merges the files with every method; each has the minute as its key. */
  private void assertMerges(String columns, String... names) throws Exception {
    writeTargets();
    for (String name : names) {
      Files.copy(FILES.resolve(name + ".parquet"), file(name));
    }

    for (MergeMethod method : MergeMethods.ofAnySet()) {
      assertDone(place.merge("--mergeMethod=" + method, "--rowGroupRows=2"));

      duck.assertTraining(
          place.trainingFile(),
          "SELECT %s::TIMESTAMPTZ AS interval_time, i AS y, %s %s".formatted(TIME, columns, ROWS),
          2);
    }
  }
}
