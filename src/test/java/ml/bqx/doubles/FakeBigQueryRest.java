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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The two calls of BigQuery's REST interface that discovery makes. */
final class FakeBigQueryRest implements AutoCloseable {
  /** So few that a dataset has several pages. */
  private static final int PAGE_ROWS = 500;

  private static final Pattern TABLE =
      Pattern.compile("/bigquery/v2/projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)");
  private static final Pattern QUERY = Pattern.compile("/bigquery/v2/projects/([^/]+)/queries");
  private static final Pattern RESULTS =
      Pattern.compile("/bigquery/v2/projects/([^/]+)/queries/(\\w+)");
  private static final Pattern COLUMNS =
      Pattern.compile("FROM `([^`]+)`.`([^`]+)`.INFORMATION_SCHEMA.COLUMNS");

  private final FakeBigQuery bigQuery;
  final AtomicInteger queries = new AtomicInteger();
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
      if (bigQuery.outages.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        refuse(
            exchange, 503, "Error encountered during execution. Retrying may solve the problem.");
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
        refuse(exchange, 404, "No such call: " + path);
      }
    } catch (SQLException | RuntimeException e) {
      refuse(exchange, 400, e.getMessage());
    } finally {
      exchange.close();
    }
  }

  private void query(HttpExchange exchange) throws IOException, SQLException {
    queries.incrementAndGet();
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream in = exchange.getRequestBody();
    String body =
        new String((zipped ? new GZIPInputStream(in) : in).readAllBytes(), StandardCharsets.UTF_8);
    QueryRequest request = GsonFactory.getDefaultInstance().fromString(body, QueryRequest.class);
    Matcher columns = COLUMNS.matcher(request.getQuery());
    if (!columns.find()) {
      refuse(exchange, 400, "Syntax error: " + request.getQuery());
    } else if (!columns.group(1).equals(FakeBigQuery.PROJECT)) {
      refuse(exchange, 403, "Access Denied: Project " + columns.group(1));
    } else if (bigQuery.schema(columns.group(2)).isEmpty()) {
      refuse(
          exchange, 404, "Not found: Dataset %s:%s".formatted(columns.group(1), columns.group(2)));
    } else {
      // Not done yet: the caller must ask for the results.
      answer(
          exchange,
          200,
          new QueryResponse()
              .setJobComplete(false)
              .setJobReference(new JobReference().setJobId(columns.group(2)).setLocation("US")));
    }
  }

  private void page(HttpExchange exchange, String dataset) throws IOException, SQLException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    Matcher token = Pattern.compile("pageToken=(\\d+)").matcher(query);
    int from = token.find() ? Integer.parseInt(token.group(1)) : 0;
    List<List<String>> rows = bigQuery.schema(dataset);
    int to = Math.min(rows.size(), from + PAGE_ROWS);
    List<TableRow> page = new ArrayList<>();
    for (List<String> row : rows.subList(from, to)) {
      page.add(
          new TableRow()
              .setF(
                  List.of(
                      new TableCell().setV(row.get(0)),
                      new TableCell().setV(row.get(1)),
                      new TableCell().setV(row.get(2)))));
    }

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
    Integer refusal = bigQuery.refusals.get(name);
    Table table = bigQuery.table(dataset, name);
    if (refusal != null) {
      refuse(
          exchange,
          refusal,
          "Access Denied: Table %s:%s.%s".formatted(FakeBigQuery.PROJECT, dataset, name));
    } else if (table == null) {
      refuse(
          exchange,
          404,
          "Not found: Table %s:%s.%s".formatted(FakeBigQuery.PROJECT, dataset, name));
    } else {
      answer(exchange, 200, table);
    }
  }

  private static void refuse(HttpExchange exchange, int code, String message) throws IOException {
    send(
        exchange,
        code,
        "{\"error\": {\"code\": %d, \"message\": \"%s\"}}"
            .formatted(code, message.replace("\"", "'").replace("\n", " ")));
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
