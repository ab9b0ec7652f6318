package ml.bqx.verify;

import static ml.bqx.duckdb.DuckDb.literal;
import static ml.bqx.duckdb.DuckDb.quoted;

import com.google.common.collect.Lists;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.duckdb.DuckDb;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.verify.WarehouseComparison.Difference;
import org.duckdb.DuckDBConnection;

/**
 * Compares a training file with the embedded warehouse, all in DuckDB, which shares no code with
 * the pipelines: rows, timestamps, columns and their order and types, and for each column how many
 * values it has and a checksum of them.
 *
 * <p>The checksum is the sum of the hashes of (timestamp, value). It does not depend on the order
 * of rows, and a value in the wrong row changes it. DuckDB hashes all NaNs alike, and -0.0 like
 * 0.0.
 */
public final class WarehouseCheck {
  private static final String MEMORY = "2GB";

  /** Columns of the file in one query: each query reads the whole footer again. */
  private static final int COLUMNS_PER_QUERY = 2_048;

  /** The key column as microseconds, whatever type of timestamp it has. */
  private static final String KEY = "epoch_us(%s)".formatted(quoted(Catalog.KEY_COLUMN));

  /** The name of this column; not a valid feature name. */
  private static final String TIME = quoted("the key");

  static final String TRAINING_FILE = "training file";

  private final DuckDBConnection connection;
  private final Catalog catalog;
  private final TimeRange range;
  private final CheckedFile file;
  private final List<Difference> differences = new ArrayList<>();
  private Set<String> comparable = Set.of();

  private WarehouseCheck(
      DuckDBConnection connection, Catalog catalog, TimeRange range, CheckedFile file) {
    this.connection = connection;
    this.catalog = catalog;
    this.range = file.choice().map(each -> each.range().and(range)).orElse(range);
    this.file = file;
  }

  /**
   * Compares.
   *
   * @param warehouse the DuckDB file
   * @param catalog what the training file is made of
   * @param range the timestamps that were extracted
   * @param trainingFile path or glob of the Parquet file
   * @throws InvalidInputException when either cannot be read
   */
  public static WarehouseComparison compare(
      Path warehouse,
      Catalog catalog,
      TimeRange range,
      String trainingFile,
      LongConsumer progress) {
    int threads = Runtime.getRuntime().availableProcessors();
    try (DuckDBConnection connection = DuckDb.openReadOnly(warehouse, threads, MEMORY)) {
      CheckedFile file = CheckedFile.of(connection, trainingFile);
      return new WarehouseCheck(connection, catalog, range, file).run(progress);
    } catch (SQLException e) {
      throw new InvalidInputException(
          "Cannot compare the training file with the warehouse: %s (%s)"
              .formatted(DuckDb.reason(e), trainingFile),
          e);
    }
  }

  private WarehouseComparison run(LongConsumer progress) throws SQLException {
    DuckDb.execute(connection, "SET TimeZone = 'UTC'");
    DuckDb.execute(connection, "CREATE TEMP TABLE spine AS " + spine());
    List<FeatureGroup> groups = new ArrayList<>(List.of(catalog.targets()));
    groups.addAll(catalog.groups());
    ColumnComparison columns = ColumnComparison.of(file, catalog.targets(), groups);
    differences.addAll(columns.differences());
    comparable = columns.comparable();
    if (columns.hasKey()) {
      checkPair();
      checkTimestamps();
      checkValues(groups, progress);
    }

    return new WarehouseComparison(
        DuckDb.number(connection, "SELECT count(*) FROM spine"),
        1 + catalog.targetCount() + catalog.featureCount() - columns.notChosen(),
        columns.notChosen(),
        differences);
  }

  /** The timestamps of the rows of targets that have no null. */
  private String spine() {
    FeatureGroup targets = catalog.targets();
    String known =
        targets.columns().stream()
            .map(column -> quoted(column.name()) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    return "SELECT DISTINCT %1$s AS ts FROM %2$s WHERE %1$s >= %3$d AND %1$s < %4$d AND %5$s"
        .formatted(KEY, source(targets), range.from(), range.to(), known);
  }

  /** The column of the pair is not in the warehouse. */
  private void checkPair() throws SQLException {
    if (file.hasPair()) {
      report(
          "rows have another pair",
          "SELECT count(*) FROM %s WHERE %s IS DISTINCT FROM %s"
              .formatted(
                  file.parquet(), quoted(Catalog.PAIR_COLUMN), file.pair(catalog.pair().name())));
    }
  }

  private void checkTimestamps() throws SQLException {
    DuckDb.execute(
        connection,
        """
        CREATE TEMP TABLE found AS
        SELECT %1$s AS ts, lag(%1$s) OVER (ORDER BY filename, file_row_number) AS before
        FROM read_parquet(%2$s, hive_partitioning = false, file_row_number = true, filename = true)\
        """
            .formatted(KEY, literal(file.path())));
    report("timestamps are null", "SELECT count(*) FROM found WHERE ts IS NULL");
    report(
        "timestamps are not later than the previous row's",
        "SELECT count(*) FROM found WHERE ts <= before");
    report(
        "rows of the spine are missing", "SELECT count(*) FROM spine ANTI JOIN found USING (ts)");
    report("rows are not in the spine", "SELECT count(*) FROM found ANTI JOIN spine USING (ts)");
  }

  private void report(String what, String count) throws SQLException {
    long rows = DuckDb.number(connection, count);
    if (rows > 0) {
      differences.add(
          new Difference(TRAINING_FILE, Catalog.KEY_COLUMN, "%d %s".formatted(rows, what)));
    }
  }

  private void checkValues(List<FeatureGroup> groups, LongConsumer progress) throws SQLException {
    Map<String, ColumnDigest> found = digestsOfFile(groups);
    int done = 0;
    for (FeatureGroup group : groups) {
      List<Column> columns =
          group.columns().stream()
              .filter(column -> comparable.contains(group.featureName(column)))
              .toList();
      List<ColumnDigest> expected =
          ColumnDigest.of(
              connection,
              columns.stream().map(column -> file.value(group, column)).toList(),
              TIME,
              "(SELECT ts AS %1$s FROM spine) LEFT JOIN %2$s USING (%1$s)"
                  .formatted(TIME, keyed(source(group))));
      for (int i = 0; i < columns.size(); i++) {
        String name = group.featureName(columns.get(i));
        ColumnDigest actual = Objects.requireNonNull(found.get(name), name);
        if (!actual.equals(expected.get(i))) {
          differ(group, columns.get(i), expected.get(i).versus(actual));
        }
      }

      progress.accept(++done);
    }
  }

  private Map<String, ColumnDigest> digestsOfFile(List<FeatureGroup> groups) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    for (FeatureGroup group : groups) {
      for (Column column : group.columns()) {
        String name = group.featureName(column);
        if (comparable.contains(name)) {
          values.put(name, ColumnDigest.value(name, file.type(column)));
        }
      }
    }

    Map<String, ColumnDigest> digests = new HashMap<>();
    for (List<String> names : Lists.partition(List.copyOf(values.keySet()), COLUMNS_PER_QUERY)) {
      List<ColumnDigest> some =
          ColumnDigest.of(
              connection, names.stream().map(values::get).toList(), TIME, keyed(file.parquet()));
      for (int i = 0; i < names.size(); i++) {
        digests.put(names.get(i), some.get(i));
      }
    }

    return digests;
  }

  private static String keyed(String from) {
    return "(SELECT *, %s AS %s FROM %s)".formatted(KEY, TIME, from);
  }

  private static String source(FeatureGroup group) {
    return quoted(group.table().dataset(), group.table().name());
  }

  private void differ(FeatureGroup group, Column column, String what) {
    differences.add(new Difference(group.table().qualifiedName(), group.featureName(column), what));
  }
}
