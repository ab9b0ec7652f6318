package ml.bqx;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsRequest;
import com.google.cloud.bigquery.storage.v1.ReadRowsResponse;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamRequest;
import com.google.cloud.bigquery.storage.v1.SplitReadStreamResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.BigQueryServerStream;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StorageClient;
import org.apache.beam.sdk.io.gcp.testing.FakeBigQueryServices;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;

/**
 * A BigQuery whose answers were made before, by {@link RecordBigQuery}: REST for discovery, and
 * what BigQueryIO calls. Giving an answer is reading it from a file.
 */
final class RecordedBigQuery implements AutoCloseable {
  /** Holds the answer to the query of a dataset's columns. */
  static final String COLUMNS = "columns.json";

  /** Holds the answer to the query of a dataset's tables. */
  static final String TABLES = "tables.json";

  /** Holds what REST knows of a table. */
  static final String TABLE = "table.json";

  /** Holds the read session of a table; its streams are files beside it. */
  static final String SESSION = "session";

  private static final Pattern RESULTS =
      Pattern.compile("/bigquery/v2/projects/[^/]+/queries/(\\w+)-(.+)");
  private static final Pattern QUERIED =
      Pattern.compile("FROM `\\w+`.`(\\w+)`.INFORMATION_SCHEMA.(COLUMNS|TABLES)");
  private static final Pattern COUNTED =
      Pattern.compile("COUNT\\(\\*\\) FROM `\\w+`.`(\\w+)`.`(\\w+)`");

  /** Begins the name of a job that counts rows. */
  private static final String COUNTS = "counts";

  private final Path recording;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  /** Answers of jobs that have counted rows, in the order of these. */
  private final List<byte[]> counts = new CopyOnWriteArrayList<>();

  /** Serves a recording until it is closed. */
  RecordedBigQuery(Path recording) throws IOException {
    this.recording = recording;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Where REST listens. */
  String endpoint() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Matcher results = RESULTS.matcher(exchange.getRequestURI().getPath());
      byte[] json =
          results.matches()
              ? results(results.group(1), results.group(2))
              : job(exchange).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, json.length);
      exchange.getResponseBody().write(json);
    }
  }

  private byte[] results(String place, String name) throws IOException {
    return place.equals(COUNTS)
        ? counts.get(Integer.parseInt(name))
        : Files.readAllBytes(recording.resolve(Path.of(place, name)));
  }

  /** A job whose name says where its results are. */
  private String job(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    byte[] bytes = (zipped ? new GZIPInputStream(body) : body).readAllBytes();
    String query = new String(bytes, StandardCharsets.UTF_8);
    Matcher columns = QUERIED.matcher(query);
    List<String> counted =
        COUNTED
            .matcher(query)
            .results()
            .map(table -> count(table.group(1), table.group(2)))
            .toList();
    if (columns.find()) {
      return job(columns.group(1), columns.group(2).equals("TABLES") ? TABLES : COLUMNS);
    } else if (counted.isEmpty()) {
      throw new IOException("not a query of columns or tables, or of numbers of rows: " + query);
    }

    String answer = "{\"jobComplete\": true, \"rows\": [%s]}".formatted(String.join(",", counted));
    synchronized (counts) {
      counts.add(answer.getBytes(StandardCharsets.UTF_8));
      return job(COUNTS, Integer.toString(counts.size() - 1));
    }
  }

  private static String job(String place, String name) {
    return "{\"jobReference\": {\"jobId\": \"%s-%s\", \"location\": \"US\"}}"
        .formatted(place, name);
  }

  /** A row of an answer: the name of a table, and how many rows it has. */
  private String count(String dataset, String table) {
    return "{\"f\": [{\"v\": \"%s.%s\"}, {\"v\": \"%s\"}]}"
        .formatted(dataset, table, table(recording, dataset, table).getNumRows());
  }

  private static Table table(Path recording, String dataset, String table) {
    Path file = recording.resolve(Path.of(dataset, table, TABLE));
    try {
      return GsonFactory.getDefaultInstance().fromString(Files.readString(file), Table.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What BigQueryIO calls. */
  BigQueryServices services() {
    FakeDatasetService.setUp();
    return new FakeBigQueryServices()
        .withDatasetService(new Tables(recording.toString()))
        .withStorageClient(new Client(recording.toString()));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static final class Tables extends FakeDatasetService {
    private static final long serialVersionUID = 1L;

    private final String recording;

    Tables(String recording) {
      this.recording = recording;
    }

    @Override
    public Table getTableImpl(
        TableReference reference, List<String> fields, TableMetadataView view) {
      return table(Path.of(recording), reference.getDatasetId(), reference.getTableId());
    }
  }

  /** Storage Read. Streams are named by their files. */
  record Client(String recording) implements StorageClient, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public ReadSession createReadSession(CreateReadSessionRequest request) {
      ReadSession asked = request.getReadSession();
      String[] parts = asked.getTable().split("/", -1);
      Path file = Path.of(recording, parts[3], parts[5], SESSION);
      if (!asked.getReadOptions().getRowRestriction().isEmpty()) {
        throw new IllegalArgumentException("tables are recorded whole");
      }

      try {
        return ReadSession.parseFrom(Files.readAllBytes(file)).toBuilder()
            .setTable(asked.getTable())
            .setReadOptions(asked.getReadOptions())
            .build();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request) {
      return new Responses(Path.of(recording, request.getReadStream()).toString());
    }

    @Override
    public BigQueryServerStream<ReadRowsResponse> readRows(ReadRowsRequest request, String table) {
      return readRows(request);
    }

    @Override
    public SplitReadStreamResponse splitReadStream(SplitReadStreamRequest request) {
      return SplitReadStreamResponse.getDefaultInstance();
    }

    @Override
    public SplitReadStreamResponse splitReadStream(SplitReadStreamRequest request, String table) {
      return splitReadStream(request);
    }

    @Override
    public void close() {}
  }

  /** The responses of a stream's file, each behind its length. */
  private record Responses(String file) implements BigQueryServerStream<ReadRowsResponse> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<ReadRowsResponse> iterator() {
      try {
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(file))));
        return new ResponseIterator(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void cancel() {}
  }

  private static final class ResponseIterator implements Iterator<ReadRowsResponse> {
    private final DataInputStream in;
    private int length;

    ResponseIterator(DataInputStream in) throws IOException {
      this.in = in;
      readLength();
    }

    /** Reads how long the next response is; -1 behind the last. */
    private void readLength() throws IOException {
      try {
        length = in.readInt();
      } catch (EOFException e) {
        length = -1;
        in.close();
      }
    }

    @Override
    public boolean hasNext() {
      return length >= 0;
    }

    @Override
    public ReadRowsResponse next() {
      try {
        byte[] response = new byte[length];
        in.readFully(response);
        readLength();
        return ReadRowsResponse.parseFrom(response);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
