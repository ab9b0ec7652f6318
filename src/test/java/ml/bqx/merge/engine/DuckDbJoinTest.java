package ml.bqx.merge.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import ml.bqx.config.EngineConfig;
import ml.bqx.failure.ServiceException;
import ml.bqx.options.DuplicatePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DuckDB says when it lacks something, in our words. */
class DuckDbJoinTest {
  /** Sorts more than fits into the memory. */
  private static final String LARGE_SORT =
      "CREATE TABLE sorted AS SELECT hash(range) AS h FROM range(10_000_000) ORDER BY h";

  @TempDir Path directory;

  @Test
  void aDiskThatIsFullWhileSpilling() throws Exception {
    try (DuckDbJoin duckDb = start(60)) {
      // What DuckDB sets from the room that there is on the disk.
      duckDb.execute("SET max_temp_directory_size = '1MB'");

      assertThatThrownBy(() -> duckDb.execute(LARGE_SORT))
          .isInstanceOf(ServiceException.class)
          .hasMessageStartingWith(
              "Cannot merge with duckdb: the disk of %s is full (Out of Memory Error: failed to offload",
              directory)
          .hasMessageEndingWith("; free some space, or set --spillDirectory to another disk");
    }
  }

  @Test
  void anythingElseIsToldInDuckDbsWordsAndWithAnotherMethod() throws Exception {
    try (DuckDbJoin duckDb = start(60)) {
      assertThatThrownBy(() -> duckDb.execute("SELECT x FROM nowhere"))
          .isInstanceOf(ServiceException.class)
          .hasMessage(
              "Cannot merge with duckdb: Catalog Error: Table with name nowhere does not exist!; --mergeMethod=stream does not need it");
    }
  }

  private DuckDbJoin start(int megabytes) {
    EngineConfig config =
        new EngineConfig(
            megabytes * 1_000_000L, new EngineConfig.Spill.BesideTrainingFile(), "python3", false);

    return DuckDbJoin.start(config, DuplicatePolicy.FIRST, directory.resolve("spilled"));
  }
}
