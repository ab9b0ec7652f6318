package ml.bqx.doubles;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;
import org.duckdb.DuckDBConnection;

/**
 * A BigQuery of one machine, whose tables are those of a DuckDB file: REST over HTTP for discovery,
 * and Beam's fake services with {@link FakeStorageRead} for what BigQueryIO calls.
 */
public final class FakeBigQuery implements AutoCloseable {
  static final String PROJECT = "test-project";

  /** When every table was last written, unless told otherwise. */
  public static final Instant WRITTEN = Instant.parse("2024-06-01T00:00:00Z");

  /** What streams do besides giving rows. */
  public enum Fault {
    /** The session is refused. */
    DENIED,
    QUOTA,
    DROPPED,
    /** The stream says so in the middle. */
    BREAKS,
    /** The stream ends in the middle, and looks as if it were whole. */
    ENDS,
    /** The stream gives its rows twice. */
    REPEATS,
    /** The last block of rows is cut off. */
    CUT,
    /** The session does not tell what its rows are. */
    NO_SCHEMA,
    /** No answer comes. */
    HANGS
  }

  /** Those that work now, by the number that serialised clients know. */
  static final Map<Integer, FakeBigQuery> RUNNING = new ConcurrentHashMap<>();

  private final int number = System.identityHashCode(this);
  private final DuckDBConnection connection;
  private final FakeBigQueryRest rest;
  final AvroBlocks blocks;

  public final Map<String, Instant> written = new ConcurrentHashMap<>();
  public final Map<String, String> kinds = new ConcurrentHashMap<>();
  public final Map<String, Fault> faults = new ConcurrentHashMap<>();

  /** What happens, once, when a table is about to be read. */
  public final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();

  /** Partitioning columns of tables; one that begins with an underscore is a hidden one. */
  public final Map<String, String> partitions = new ConcurrentHashMap<>();

  /** Tables with {@code require_partition_filter}. */
  public final Set<String> filtersRequired = ConcurrentHashMap.newKeySet();

  /** Tables with row access policies: the rows that they let this account see, in SQL. */
  public final Map<String, String> policies = new ConcurrentHashMap<>();

  /** Tables of which nothing is known before some moment. */
  public final Map<String, Instant> histories = new ConcurrentHashMap<>();

  /** Rows in the streaming buffers of tables: no count has them. */
  public final Map<String, Long> buffered = new ConcurrentHashMap<>();

  /** Answers to the next calls of REST. */
  public final Queue<Refusal> refused = new ConcurrentLinkedQueue<>();

  /** An answer to a call of REST. */
  public record Refusal(int status, String reason, String message) {}

  /** Types that columns turn out to have when they are read: {@code table.column} to the type. */
  public final Map<String, String> changedTypes = new ConcurrentHashMap<>();

  /** HTTP codes with which a look at a table is answered; no list has it then. */
  public final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  /** Columns by dataset and table: hundreds of tables are looked at several times. */
  private final Map<String, Map<String, Map<String, String>>> known = new ConcurrentHashMap<>();

  private final Map<String, List<List<String>>> listed = new ConcurrentHashMap<>();

  /** Calls of REST that fail from now on, before others succeed. */
  public final AtomicInteger outages = new AtomicInteger();

  /** Tables that queries made, as {@code dataset.table}, with the query in DuckDB's SQL. */
  public final Map<String, String> results = new ConcurrentHashMap<>();

  public final Queue<CreateReadSessionRequest> sessions = new ConcurrentLinkedQueue<>();

  private FakeBigQuery(DuckDBConnection connection, AvroBlocks blocks) throws Exception {
    this.connection = connection;
    this.blocks = blocks;
    this.rest = new FakeBigQueryRest(this);
    FakeDatasetService.setUp();
    RUNNING.put(number, this);
  }

  /** One without tables; {@link #list} adds what discovery finds. */
  public static FakeBigQuery empty() throws Exception {
    return new FakeBigQuery(
        DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class),
        new AvroBlocks());
  }

  /** Makes a dataset of tables that cannot be read: (table, column, type) for each column. */
  public void list(String dataset, List<List<String>> columns) {
    listed.put(dataset, columns);
  }

  /** Queries that were asked. */
  public int queries() {
    return rest.queries.get();
  }

  /** Queries among them that count rows. */
  public int counts() {
    return rest.counts.get();
  }

  /** Looks at single tables. */
  public int looks() {
    return rest.looks.get();
  }

  /** What {@code INFORMATION_SCHEMA.COLUMNS} holds, without hidden columns: table, column, type. */
  List<List<String>> schema(String dataset) throws SQLException {
    if (listed.containsKey(dataset)) {
      return listed.get(dataset);
    }

    return rows(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
                + " WHERE table_catalog = 'warehouse' AND table_schema = '%s'".formatted(dataset)
                + " ORDER BY table_name, ordinal_position")
        .stream()
        .map(row -> List.of(row.get(0), row.get(1), bigQueryType(row.get(2))))
        .toList();
  }

  /** One with the tables of a DuckDB file. */
  public static FakeBigQuery over(Path warehouse) throws Exception {
    DuckDBConnection connection =
        DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
    try (Statement statement = connection.createStatement()) {
      statement.execute("ATTACH '%s' AS warehouse (READ_ONLY)".formatted(warehouse));
      statement.execute("SET threads = 1");
    }

    return new FakeBigQuery(connection, AvroBlocks.over(warehouse));
  }

  /** What the extraction must be told to find it. */
  public String[] args() {
    return new String[] {
      "--warehouse=bigquery",
      "--project=" + PROJECT,
      "--storageReadTimeout=10",
      "--bigQueryEndpoint=" + endpoint(),
      "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory"
    };
  }

  /** Where it answers requests. */
  public String endpoint() {
    return rest.endpoint();
  }

  /** What BigQueryIO calls. */
  public BigQueryServices services() {
    return new FakeIoServices(number);
  }

  /** What to select from for a table: itself, as far as it may be seen, or the query behind it. */
  String source(String dataset, String table) {
    String query = results.get(dataset + "." + table);
    String policy = policies.get(table);
    String all = "warehouse.%s.%s".formatted(dataset, table);
    if (query != null) {
      return "(%s)".formatted(query);
    }

    return policy == null ? all : "(SELECT * FROM %s WHERE %s)".formatted(all, policy);
  }

  /** What the documentation says that a look at a table's past is refused for. */
  Optional<Refusal> refusal(String dataset, String table, Instant moment) {
    String name = "%s:%s.%s".formatted(PROJECT, dataset, table);
    Instant history = histories.getOrDefault(table, Instant.MIN);
    if (policies.containsKey(table)) {
      return Optional.of(
          new Refusal(
              403,
              "accessDenied",
              "Access Denied: BigQuery BigQuery: Time travel on table %s is forbidden as it has (or has had) row access policies."
                  .formatted(name)));
    }

    return moment.isBefore(history)
        ? Optional.of(
            new Refusal(
                400,
                "invalidQuery",
                "Invalid snapshot time %1$d for table %2$s@%1$d. Cannot read before %3$d."
                    .formatted(moment.toEpochMilli(), name, history.toEpochMilli())))
        : Optional.empty();
  }

  /** Rows of a table that are counted, whoever may see them. */
  long counted(String dataset, String table) throws SQLException {
    String query = results.get(dataset + "." + table);
    String source =
        query == null ? "warehouse.%s.%s".formatted(dataset, table) : "(%s)".formatted(query);
    return Long.parseLong(rows("SELECT count(*) FROM " + source).get(0).get(0))
        - buffered.getOrDefault(table, 0L);
  }

  /** Columns of a table in their order, with BigQuery's names of their types. */
  public Map<String, String> columns(String dataset, String table) throws SQLException {
    String query = results.get(dataset + "." + table);
    if (query != null) {
      Map<String, String> columns = new LinkedHashMap<>();
      for (List<String> row : rows("DESCRIBE " + query)) {
        columns.put(row.get(0), bigQueryType(row.get(1)));
      }

      return columns;
    }

    Map<String, Map<String, String>> tables = known.get(dataset);
    if (tables == null) {
      tables = new LinkedHashMap<>();
      for (List<String> row : schema(dataset)) {
        tables
            .computeIfAbsent(row.get(0), name -> new LinkedHashMap<>())
            .put(row.get(1), row.get(2));
      }

      known.put(dataset, tables);
    }

    return tables.getOrDefault(table, Map.of());
  }

  static String bigQueryType(String type) {
    return switch (type) {
      case "DOUBLE" -> "FLOAT64";
      case "BIGINT" -> "INT64";
      case "BOOLEAN" -> "BOOL";
      case "VARCHAR" -> "STRING";
      case "BLOB" -> "BYTES";
      case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMP";
      default -> type.startsWith("DECIMAL") ? type.replace("DECIMAL", "NUMERIC") : type;
    };
  }

  List<List<String>> rows(String sql) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (Connection mine = connection.duplicate();
        Statement statement = mine.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(rows.getString(i));
        }

        all.add(row);
      }
    }

    return all;
  }

  Connection connect() throws SQLException {
    return connection.duplicate();
  }

  /** The resource of a table; null when there is none. */
  Table table(String dataset, String name) throws SQLException {
    Map<String, String> columns = columns(dataset, name);
    if (columns.isEmpty()) {
      return null;
    }

    long rows = counted(dataset, name);
    List<TableFieldSchema> fields =
        columns.entrySet().stream()
            .map(e -> new TableFieldSchema().setName(e.getKey()).setType(e.getValue()))
            .toList();
    return new Table()
        .setTableReference(
            new TableReference().setProjectId(PROJECT).setDatasetId(dataset).setTableId(name))
        .setType(kinds.getOrDefault(name, "TABLE"))
        .setNumRows(java.math.BigInteger.valueOf(rows))
        .setNumBytes(rows * 8 * columns.size())
        .setLastModifiedTime(
            java.math.BigInteger.valueOf(written.getOrDefault(name, WRITTEN).toEpochMilli()))
        .setSchema(new TableSchema().setFields(new ArrayList<>(fields)));
  }

  @Override
  public void close() throws Exception {
    rest.close();
    RUNNING.remove(number);
    connection.close();
  }
}
