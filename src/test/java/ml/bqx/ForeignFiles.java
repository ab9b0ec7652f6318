package ml.bqx;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Writes a set of Parquet files with DuckDB, which knows nothing of checkpoints. */
abstract class ForeignFiles {
  /** Five minutes. */
  static final String ROWS = "FROM range(5) r(i)";

  /** The minute, to be written in any type of time. */
  static final String TIME = "(TIMESTAMP '2024-01-01' + to_minutes(i))";

  static Duck duck;

  @TempDir Path directory;

  Workplace place;

  @BeforeAll
  static void open() throws Exception {
    duck = Duck.inMemory();
  }

  @AfterAll
  static void close() throws Exception {
    duck.close();
  }

  @BeforeEach
  void makeDirectory() throws Exception {
    place = new Workplace(directory, directory.resolve("no warehouse"));
    Files.createDirectories(place.directory());
  }

  /** Writes a file; {@code name} is without its ending. */
  void write(String name, String sql) throws Exception {
    duck.run("COPY (%s) TO '%s' (FORMAT parquet)".formatted(sql, file(name)));
  }

  void writeTargets() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(TIME, ROWS));
  }

  Path file(String name) {
    return place.directory().resolve(name + ".parquet");
  }
}
