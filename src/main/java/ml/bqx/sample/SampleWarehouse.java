package ml.bqx.sample;

import static ml.bqx.duckdb.DuckDb.quoted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.ServiceException;
import ml.bqx.parallel.ParallelCalls;
import org.duckdb.DuckDBConnection;

/**
 * Creates an embedded warehouse that looks like the real one: the same tables and widths,
 * random-walk prices, features derived from them, nulls and gaps, and tables that belong to no
 * pair.
 */
public final class SampleWarehouse {
  /** The dataset of the feature tables. */
  public static final String FEATURES = "bqx_ml_v3_features_v2";

  /** The dataset of the targets. */
  public static final String ANALYTICS = "bqx_ml_v3_analytics_v2";

  /** Enough for the row groups in flight of the widest table, at any number of minutes. */
  private static final String MEMORY = "2GB";

  /** 64 MB of doubles: what is not yet committed waits in memory. */
  private static final long VALUES_PER_TRANSACTION = 8L << 20;

  private static final String SCRATCH = "scratch";

  private final SampleConfig config;
  private final int kept;
  private final SamplePlan plan;

  /** A sample that {@link #create} will make. */
  public SampleWarehouse(SampleConfig config) {
    this.config = config;
    this.kept = SampleSettings.minutesToKeep(config);
    this.plan = new SamplePlan(config, kept, SCRATCH + ".market");
  }

  /** Number of tables. */
  public int tables() {
    return plan.statements().size();
  }

  /**
   * Makes the file under a temporary name beside it, and then renames it. Rows are appended to a
   * copy of the file that is there.
   *
   * @param progress receives the number of tables done, from several threads
   * @throws ServiceException when it cannot be written
   */
  public Sample create(LongConsumer progress) {
    Path file = config.file().toAbsolutePath();
    Path partial = beside(file, ".partial");
    Path scratch = beside(file, ".scratch");
    try {
      delete(partial, scratch);
      if (kept > 0) {
        Files.copy(file, partial);
      }

      long rows;
      try (DuckDBConnection connection = DuckDb.openWritable(partial)) {
        rows = fill(connection, scratch, progress);
      } finally {
        delete(scratch);
      }

      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return plan.sample(rows, Files.size(file));
    } catch (SQLException e) {
      throw failed(file, DuckDb.reason(e), e);
    } catch (IOException e) {
      throw failed(file, ServiceException.reason(e), e);
    }
  }

  private static ServiceException failed(Path file, String reason, Exception cause) {
    return new ServiceException(
        "Cannot create the sample warehouse %s: %s".formatted(file, reason), cause);
  }

  private long fill(DuckDBConnection connection, Path scratch, LongConsumer progress)
      throws SQLException {
    DuckDb.execute(connection, "SET TimeZone = 'UTC'");
    DuckDb.execute(connection, "SET threads = 1");
    DuckDb.execute(connection, "SET memory_limit = " + DuckDb.literal(MEMORY));
    DuckDb.execute(
        connection, "ATTACH %s AS %s".formatted(DuckDb.literal(scratch.toString()), SCRATCH));
    DuckDb.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + quoted(FEATURES));
    DuckDb.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + quoted(ANALYTICS));
    SampleSettings.write(config, connection);
    for (String statement : plan.marketStatements(SCRATCH)) {
      DuckDb.execute(connection, statement);
    }

    makeTables(connection, plan.statements(), progress);
    return DuckDb.number(
        connection,
        "SELECT sum(estimated_size)::BIGINT FROM duckdb_tables() WHERE schema_name IN (%s, %s)"
            .formatted(DuckDb.literal(FEATURES), DuckDb.literal(ANALYTICS)));
  }

  /**
   * Makes the tables, several at a time: with threads of its own DuckDB would use them for one
   * table at a time, and they would mostly wait for each other.
   */
  private static void makeTables(
      DuckDBConnection connection, List<SamplePlan.Statement> statements, LongConsumer progress)
      throws SQLException {
    int workers = Runtime.getRuntime().availableProcessors();
    Queue<SamplePlan.Statement> open = new ConcurrentLinkedQueue<>(statements);
    AtomicInteger made = new AtomicInteger();
    ParallelCalls.of(
        workers,
        IntStream.range(0, workers).boxed().toList(),
        worker -> {
          makeTables(connection, open, () -> progress.accept(made.incrementAndGet()));
          return worker;
        },
        open::clear);

    // What waits in memory is compressed and written now, which DuckDB does well with threads.
    DuckDb.execute(connection, "SET threads = " + workers);
    DuckDb.execute(connection, "CHECKPOINT");
  }

  /**
   * Makes many tables in one transaction: every commit of this size is a checkpoint, which writes
   * the description of all tables so far.
   */
  private static void makeTables(
      DuckDBConnection connection, Queue<SamplePlan.Statement> open, Runnable made)
      throws SQLException {
    try (DuckDBConnection mine = connection.duplicate()) {
      mine.setAutoCommit(false);
      long values = 0;
      for (SamplePlan.Statement next = open.poll(); next != null; next = open.poll()) {
        DuckDb.execute(mine, next.sql());
        values += next.values();
        if (values >= VALUES_PER_TRANSACTION) {
          mine.commit();
          values = 0;
        }

        made.run();
      }

      mine.commit();
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Deletes DuckDB files with the logs that a killed process leaves beside them. */
  private static void delete(Path... files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(beside(file, ".wal"));
    }
  }
}
