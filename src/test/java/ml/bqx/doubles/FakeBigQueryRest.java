package ml.bqx.doubles;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.bigquery.model.GetQueryResultsResponse;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.QueryRequest;
import com.google.api.services.bigquery.model.QueryResponse;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableCell;
import com.google.api.services.bigquery.model.TableRow;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The calls of BigQuery's REST interface that discovery makes, with the answers and the refusals
 * that its documentation tells of.
 */
final class FakeBigQueryRest implements AutoCloseable {
  /** So few that a dataset has several pages. */
  private static final int PAGE_ROWS = 500;

  private static final Pattern TABLE =
      Pattern.compile("/bigquery/v2/projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)");
  private static final Pattern QUERY = Pattern.compile("/bigquery/v2/projects/([^/]+)/queries");
  private static final Pattern RESULTS =
      Pattern.compile("/bigquery/v2/projects/([^/]+)/queries/(\\w+)");
  private static final Pattern SCHEMA =
      Pattern.compile("FROM `([^`]+)`.`([^`]+)`.INFORMATION_SCHEMA.(COLUMNS|TABLES)");
  private static final Pattern COUNTED =
      Pattern.compile(
          "FROM `[^`]+`.`([^`]+)`.`([^`]+)`(?: FOR SYSTEM_TIME AS OF TIMESTAMP '([^']+)')?");

  /** BigQuery's texts of moments in SQL. */
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSXXX");

  private final FakeBigQuery bigQuery;
  final AtomicInteger queries = new AtomicInteger();
  final AtomicInteger counts = new AtomicInteger();
  final AtomicInteger looks = new AtomicInteger();
  private final Map<String, List<List<String>>> jobs = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  FakeBigQueryRest(FakeBigQuery bigQuery) throws IOException {
    this.bigQuery = bigQuery;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try {
      FakeBigQuery.Refusal refusal = bigQuery.refused.poll();
      if (refusal != null) {
        refuse(exchange, refusal.status(), refusal.reason(), refusal.message());
        return;
      }

      if (bigQuery.outages.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        refuse(
            exchange,
            503,
            "backendError",
            "Error encountered during execution. Retrying may solve the problem.");
        return;
      }

      Matcher table = TABLE.matcher(path);
      Matcher results = RESULTS.matcher(path);
      if (QUERY.matcher(path).matches()) {
        query(exchange);
      } else if (results.matches()) {
        page(exchange, results.group(2));
      } else if (table.matches()) {
        table(exchange, table.group(2), table.group(3));
      } else {
        refuse(exchange, 404, "notFound", "No such call: " + path);
      }
    } catch (SQLException | RuntimeException e) {
      refuse(exchange, 400, "invalidQuery", e.getMessage());
    } finally {
      exchange.close();
    }
  }

  private void query(HttpExchange exchange) throws IOException, SQLException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream in = exchange.getRequestBody();
    String body =
        new String((zipped ? new GZIPInputStream(in) : in).readAllBytes(), StandardCharsets.UTF_8);
    String sql = GsonFactory.getDefaultInstance().fromString(body, QueryRequest.class).getQuery();
    String id = "job_" + queries.incrementAndGet();
    Matcher schema = SCHEMA.matcher(sql);
    if (!schema.find()) {
      Optional<FakeBigQuery.Refusal> refusal = refusal(sql);
      if (refusal.isPresent()) {
        refuse(exchange, refusal.get().status(), refusal.get().reason(), refusal.get().message());
        return;
      }

      counts.incrementAndGet();
      jobs.put(id, bigQuery.rows(COUNTED.matcher(sql).replaceAll(this::source)));
    } else if (!schema.group(1).equals(FakeBigQuery.PROJECT)) {
      refuse(exchange, 403, "accessDenied", "Access Denied: Project " + schema.group(1));
      return;
    } else if (bigQuery.schema(schema.group(2)).isEmpty()) {
      refuse(
          exchange,
          404,
          "notFound",
          "Not found: Dataset %s:%s".formatted(schema.group(1), schema.group(2)));
      return;
    } else {
      jobs.put(id, sql.contains("__TABLES__") ? tables(schema.group(2)) : columns(sql, schema));
    }

    // Not done yet: the caller must ask for the results.
    answer(
        exchange,
        200,
        new QueryResponse()
            .setJobComplete(false)
            .setJobReference(new JobReference().setJobId(id).setLocation("US")));
  }

  /** What the documentation says that a query for the past is refused for. */
  private Optional<FakeBigQuery.Refusal> refusal(String sql) {
    return COUNTED
        .matcher(sql)
        .results()
        .filter(table -> table.group(3) != null)
        .map(
            table ->
                bigQuery.refusal(
                    table.group(1),
                    table.group(2),
                    OffsetDateTime.parse(table.group(3), MOMENT).toInstant()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private String source(MatchResult table) {
    return "FROM " + Matcher.quoteReplacement(bigQuery.source(table.group(1), table.group(2)));
  }

  /** Hidden columns too, unless the query does without them. */
  private List<List<String>> columns(String sql, Matcher schema) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    String last = "";
    for (List<String> row : bigQuery.schema(schema.group(2))) {
      String column = bigQuery.partitions.getOrDefault(row.get(0), "");
      if (!row.get(0).equals(last) && column.startsWith("_") && !sql.contains("is_hidden = 'NO'")) {
        rows.add(List.of(row.get(0), column, "TIMESTAMP"));
      }

      last = row.get(0);
      rows.add(row);
    }

    return rows;
  }

  /**
   * Name, type, rows, time of change, whether a filter is required, and the partitioning column.
   */
  private List<List<String>> tables(String dataset) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    for (String name :
        bigQuery.schema(dataset).stream().map(row -> row.get(0)).distinct().toList()) {
      if (!bigQuery.refusals.containsKey(name)) {
        rows.add(
            List.of(
                name,
                bigQuery.kinds.getOrDefault(name, "BASE TABLE"),
                "" + bigQuery.counted(dataset, name),
                "" + bigQuery.written.getOrDefault(name, FakeBigQuery.WRITTEN).toEpochMilli(),
                bigQuery.filtersRequired.contains(name) ? "true" : "",
                bigQuery.partitions.getOrDefault(name, "")));
      }
    }

    return rows;
  }

  private void page(HttpExchange exchange, String job) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    Matcher token = Pattern.compile("pageToken=(\\d+)").matcher(query);
    int from = token.find() ? Integer.parseInt(token.group(1)) : 0;
    List<List<String>> rows = jobs.get(job);
    int to = Math.min(rows.size(), from + PAGE_ROWS);
    List<TableRow> page =
        rows.subList(from, to).stream()
            .map(
                row ->
                    new TableRow()
                        .setF(row.stream().map(value -> new TableCell().setV(value)).toList()))
            .toList();
    answer(
        exchange,
        200,
        new GetQueryResultsResponse()
            .setJobComplete(true)
            .setRows(page)
            .setPageToken(to < rows.size() ? "" + to : null));
  }

  private void table(HttpExchange exchange, String dataset, String name)
      throws IOException, SQLException {
    looks.incrementAndGet();
    Integer refusal = bigQuery.refusals.get(name);
    Table table = bigQuery.table(dataset, name);
    if (refusal != null) {
      refuse(
          exchange,
          refusal,
          "accessDenied",
          "Access Denied: Table %s:%s.%s".formatted(FakeBigQuery.PROJECT, dataset, name));
    } else if (table == null) {
      refuse(
          exchange,
          404,
          "notFound",
          "Not found: Table %s:%s.%s".formatted(FakeBigQuery.PROJECT, dataset, name));
    } else {
      answer(exchange, 200, table);
    }
  }

  private static void refuse(HttpExchange exchange, int code, String reason, String message)
      throws IOException {
    String told = message.replace("\"", "'").replace("\n", " ");
    send(
        exchange,
        code,
        """
        {"error": {"code": %1$d, "message": "%2$s",
          "errors": [{"domain": "global", "reason": "%3$s", "message": "%2$s"}]}}
        """
            .formatted(code, told, reason));
  }

  private static void answer(HttpExchange exchange, int code, Object json) throws IOException {
    send(exchange, code, GsonFactory.getDefaultInstance().toString(json));
  }

  private static void send(HttpExchange exchange, int code, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
