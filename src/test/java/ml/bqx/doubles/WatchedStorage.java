package ml.bqx.doubles;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * A door in front of the emulator of Cloud Storage: it tells which port a request comes from,
 * before and after it is done, and leaves an answer out when it is told to.
 */
public final class WatchedStorage implements AutoCloseable {
  /** The part of an upload that has its name is shorter. */
  private static final int NAME_BYTES = 1_000;

  /** Headers that belong to one connection. */
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

  /**
   * A request.
   *
   * @param port of the one that sends it
   * @param call method, path and query, decoded; and what the body of an upload in one call begins
   *     with, where its name is
   */
  public record Request(int port, String call) {}

  /** Sees all requests. */
  public interface Watch {
    /** Before it is done; false for it not to be done, nor answered. */
    default boolean before(Request request) {
      return true;
    }

    /** When it is done; false for it not to be answered. */
    default boolean after(Request request) {
      return true;
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final URI emulator = URI.create(Emulators.gcsEndpoint());
  private volatile Watch watch = new Watch() {};

  /** A door that is open. */
  public WatchedStorage() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** What takes the place of {@code --gcsEndpoint}. */
  public String endpoint() {
    return "http://localhost:%d%s".formatted(port(), emulator.getPath());
  }

  /** Has someone watch, in the place of whoever did. */
  public void watch(Watch next) {
    watch = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      Request request =
          new Request(
              exchange.getRemoteAddress().getPort(),
              URLDecoder.decode(call, StandardCharsets.UTF_8) + begin(exchange, body));
      Watch watching = watch;
      if (watching.before(request)) {
        forward(exchange, body, request, watching);
      }
    }
  }

  private static String begin(HttpExchange exchange, byte[] body) throws IOException {
    if (!String.valueOf(exchange.getRequestURI()).contains("uploadType=multipart")) {
      return "";
    }

    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream bytes = new ByteArrayInputStream(body);
    byte[] begin = (zipped ? new GZIPInputStream(bytes) : bytes).readNBytes(NAME_BYTES);
    return " " + new String(begin, StandardCharsets.ISO_8859_1).replaceAll("\\s+", " ");
  }

  /** On a connection of its own: the emulator may close one just when it is to be used again. */
  private void forward(HttpExchange exchange, byte[] body, Request request, Watch watching)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) emulator.resolve(exchange.getRequestURI()).toURL().openConnection();
    try {
      connection.setRequestMethod(exchange.getRequestMethod());
      connection.setInstanceFollowRedirects(false);
      for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
        if (!OF_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
          header.getValue().forEach(value -> connection.addRequestProperty(header.getKey(), value));
        }
      }

      connection.setRequestProperty("Connection", "close");
      if (body.length > 0 || exchange.getRequestMethod().matches("POST|PUT")) {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.getOutputStream().write(body);
      }

      int status = connection.getResponseCode();
      InputStream content =
          status < 400 ? connection.getInputStream() : connection.getErrorStream();
      byte[] answer = content == null ? new byte[0] : content.readAllBytes();
      if (watching.after(request)) {
        answer(exchange, status, connection.getHeaderFields(), answer);
      }
    } finally {
      connection.disconnect();
    }
  }

  private void answer(
      HttpExchange exchange, int status, Map<String, List<String>> headers, byte[] body)
      throws IOException {
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      // The status line has no name.
      String name = header.getKey();
      if (name != null && !OF_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
        // The address at which an upload goes on is that of this door.
        for (String value : header.getValue()) {
          exchange
              .getResponseHeaders()
              .add(name, value.replace(":" + emulator.getPort(), ":" + port()));
        }
      }
    }

    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
