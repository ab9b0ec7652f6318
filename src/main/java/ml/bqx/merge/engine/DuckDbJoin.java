package ml.bqx.merge.engine;

import static ml.bqx.duckdb.DuckDb.literal;
import static ml.bqx.duckdb.DuckDb.quoted;
import static ml.bqx.merge.JoinedTable.columnName;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ml.bqx.catalog.Catalog;
import ml.bqx.config.EngineConfig;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.ServiceException;
import ml.bqx.merge.JoinedTable;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import org.duckdb.DuckDBConnection;

/** An embedded DuckDB that joins checkpoints with their spine, some at a time, to Parquet files. */
final class DuckDbJoin implements Closeable {
  private static final String KEY = quoted(Catalog.KEY_COLUMN);

  /**
   * Rows of a row group of what is joined. DuckDB holds those of all columns in memory, for each
   * thread; the default of a training file costs it 130 KB a column.
   */
  private static final int ROW_GROUP_ROWS = 16_384;

  /** More rows than a file ever has: 2^40. */
  private static final long MAX_ROWS = 1L << 40;

  private final DuckDBConnection connection;
  private final EngineConfig config;
  private final DuplicatePolicy onDuplicate;
  private final Path spill;

  private DuckDbJoin(
      DuckDBConnection connection, EngineConfig config, DuplicatePolicy onDuplicate, Path spill) {
    this.connection = connection;
    this.config = config;
    this.onDuplicate = onDuplicate;
    this.spill = spill;
  }

  /**
   * Starts DuckDB.
   *
   * @param onDuplicate which row of a repeated timestamp counts
   * @param spill where DuckDB puts what does not fit into the memory it may use
   */
  static DuckDbJoin start(EngineConfig config, DuplicatePolicy onDuplicate, Path spill) {
    try {
      DuckDbJoin join =
          new DuckDbJoin(DuckDb.openInMemory(), config, onDuplicate, spill.toAbsolutePath());
      join.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
      join.execute("SET memory_limit = '%d bytes'".formatted(config.duckdbMemory()));
      join.execute("SET temp_directory = " + literal(join.spill.toString()));
      return join;
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot start DuckDB: " + DuckDb.reason(e), e);
    }
  }

  /** Makes the spine of the targets' rows that have no null. */
  void makeSpine(EngineSource targets) {
    execute(
        "CREATE TABLE spine AS SELECT DISTINCT t FROM (%s) WHERE %s ORDER BY t"
            .formatted(rows(targets, "t"), joinable(targets, "t")));
  }

  /**
   * Joins checkpoints that are next to each other in the training file.
   *
   * @param sources at least one, each with a column
   * @param file where the result goes
   */
  JoinedTable join(List<EngineSource> sources, Path file) {
    SourcePlan first = sources.get(0).plan();
    int columns = sources.stream().mapToInt(source -> source.plan().columns().size()).sum();
    String selected =
        IntStream.range(first.firstColumn(), first.firstColumn() + columns)
            .mapToObj(column -> ", " + columnName(column))
            .collect(Collectors.joining());
    // Positional joins first, while the spine's rows are in order.
    String joins =
        sources.stream()
            .sorted(Comparator.comparing(EngineSource::positional).reversed())
            .map(this::join)
            .collect(Collectors.joining());
    // A dictionary of DuckDB's holds one zero for -0.0 and 0.0 and one NaN for all of them.
    execute(
        "COPY (SELECT make_timestamp(spine.t) AS %s%s FROM spine%s) TO %s (FORMAT parquet, ROW_GROUP_SIZE %d, DICTIONARY_SIZE_LIMIT 0)"
            .formatted(KEY, selected, joins, literal(file.toString()), ROW_GROUP_ROWS));
    return new JoinedTable("duckdb", List.of(file.toString()), first.firstColumn(), columns);
  }

  private String join(EngineSource source) {
    if (source.positional()) {
      return " POSITIONAL JOIN (SELECT %s FROM %s)".formatted(columns(source), files(source));
    }

    String key = "t" + source.plan().firstColumn();
    return " LEFT JOIN (%s) ON %s = spine.t".formatted(onePerTimestamp(source, key), key);
  }

  private String onePerTimestamp(EngineSource source, String key) {
    String condition = joinable(source, key);
    if (!source.hasDuplicates()) {
      return "SELECT * FROM (%s) WHERE %s".formatted(rows(source, key), condition);
    }

    // Only numbers go through the aggregate: what DuckDB makes of row_number() = 1 does not keep
    // -0.0. Nor are rows numbered by a window without order: two scans of several files may number
    // them in two ways.
    return "SELECT * FROM %1$s WHERE place IN (SELECT %2$s(place) FROM %1$s WHERE %3$s GROUP BY %4$s)"
        .formatted(
            "(" + placedRows(source, key) + ")",
            onDuplicate == DuplicatePolicy.LAST ? "max" : "min",
            condition,
            key);
  }

  /** {@link #rows}, and where each stands: the file's number, then the row's in the file. */
  private static String placedRows(EngineSource source, String key) {
    List<String> files = source.plan().files();
    return IntStream.range(0, files.size())
        .mapToObj(
            file ->
                "SELECT %s, %d * %d + file_row_number AS place FROM %s"
                    .formatted(
                        selected(source, key),
                        file,
                        MAX_ROWS,
                        read(List.of(files.get(file)), ", file_row_number = true")))
        .collect(Collectors.joining(" UNION ALL "));
  }

  /** All rows of a checkpoint, with their timestamp in microseconds. */
  private static String rows(EngineSource source, String key) {
    return "SELECT %s FROM %s".formatted(selected(source, key), files(source));
  }

  private static String selected(EngineSource source, String key) {
    String columns = columns(source);
    return "epoch_us(%s) AS %s%s".formatted(KEY, key, columns.isEmpty() ? "" : ", " + columns);
  }

  private static String columns(EngineSource source) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < source.plan().columns().size(); i++) {
      columns.add(
          quoted(source.plan().columns().get(i))
              + " AS "
              + columnName(source.plan().firstColumn() + i));
    }

    return String.join(", ", columns);
  }

  private static String joinable(EngineSource source, String key) {
    List<String> known = new ArrayList<>(List.of(key));
    for (int i = 0; i < source.plan().columns().size() && source.targets(); i++) {
      known.add(columnName(source.plan().firstColumn() + i));
    }

    return known.stream().map(name -> name + " IS NOT NULL").collect(Collectors.joining(" AND "));
  }

  private static String files(EngineSource source) {
    return read(source.plan().files(), "");
  }

  private static String read(List<String> files, String options) {
    String list =
        files.stream().map(file -> literal(asGlob(file))).collect(Collectors.joining(", "));
    // Directories named key=value are no columns.
    return "read_parquet([%s], hive_partitioning = false%s)".formatted(list, options);
  }

  /** A pattern that only that path matches. */
  private static String asGlob(String path) {
    return path.replaceAll("[\\[*?]", "[$0]");
  }

  /** Runs SQL; an error of DuckDB becomes one that names the option that helps. */
  void execute(String sql) {
    try {
      DuckDb.execute(connection, sql);
    } catch (SQLException e) {
      throw new ServiceException(inWords(DuckDb.reason(e)), e);
    }
  }

  private String inWords(String reason) {
    if (reason.contains("failed to offload") || reason.contains("No space left on device")) {
      return "Cannot merge with duckdb: the disk of %s is full (%s); free some space, or set --spillDirectory to another disk"
          .formatted(spill.getParent(), reason);
    } else if (reason.startsWith("Out of Memory")) {
      return "Cannot merge with duckdb: %d MB of memory is not enough (%s); raise --duckdbMemory, or use --mergeMethod=stream, which holds one column at a time"
          .formatted(config.duckdbMemory() / 1_000_000, reason);
    }

    return "Cannot merge with duckdb: %s; --mergeMethod=stream does not need it".formatted(reason);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("Cannot close DuckDB: " + DuckDb.reason(e), e);
    }
  }
}
