package ml.bqx.doubles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Reading from Cloud Storage by its JSON API, on loopback: the bucket {@code bucket} is a directory
 * of this machine.
 */
public final class BucketStub implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OBJECT =
      Pattern.compile("(?:/download)?/storage/v1/b/bucket/o/(.+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  /** So few that a listing has several pages. */
  private static final int PAGE = 20;

  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** Objects whose content was asked for. */
  public final List<String> downloads = new CopyOnWriteArrayList<>();

  /** Statuses that calls are answered with before the truth is told. */
  public final List<Integer> faults = new CopyOnWriteArrayList<>();

  private final Path root;
  private final HttpServer server;

  public BucketStub(Path root) throws IOException {
    this.root = root;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:%d/storage/v1/".formatted(server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      calls.add(exchange.getRequestMethod() + " " + uri.getPath());
      Matcher object = OBJECT.matcher(uri.getRawPath());
      if (!faults.isEmpty()) {
        int status = faults.remove(0);
        send(exchange, status, error(status, "the bucket is not in the mood"));
      } else if (object.matches()) {
        object(exchange, URLDecoder.decode(object.group(1), StandardCharsets.UTF_8));
      } else if (uri.getPath().equals("/storage/v1/b/bucket/o")) {
        send(exchange, 200, list(uri));
      } else {
        send(exchange, 404, error(404, "The specified bucket does not exist."));
      }
    }
  }

  private void object(HttpExchange exchange, String name) throws IOException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      send(exchange, 404, error(404, "No such object: bucket/" + name));
    } else if (String.valueOf(exchange.getRequestURI().getQuery()).contains("alt=media")) {
      downloads.add(name);
      media(exchange, Files.readAllBytes(file));
    } else {
      send(exchange, 200, item(file));
    }
  }

  private static void media(HttpExchange exchange, byte[] all) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(String.valueOf(header));
    byte[] bytes =
        range.matches()
            ? Arrays.copyOfRange(
                all,
                Integer.parseInt(range.group(1)),
                Math.min(all.length, Integer.parseInt(range.group(2)) + 1))
            : all;
    if (range.matches()) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %s-%s/%d".formatted(range.group(1), range.group(2), all.length));
    }

    exchange.sendResponseHeaders(range.matches() ? 206 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private ObjectNode list(URI uri) throws IOException {
    String prefix = parameter(uri, "prefix");
    String token = parameter(uri, "pageToken");
    int start = token.isEmpty() ? 0 : Integer.parseInt(token);
    ObjectNode answer = JSON.createObjectNode();
    Path directory = root.resolve(prefix);
    if (Files.isDirectory(directory)) {
      try (Stream<Path> entries = Files.list(directory)) {
        List<Path> files = entries.filter(Files::isRegularFile).sorted().toList();
        for (Path file : files.subList(start, Math.min(files.size(), start + PAGE))) {
          answer.withArray("items").add(item(file));
        }

        if (start + PAGE < files.size()) {
          answer.put("nextPageToken", Integer.toString(start + PAGE));
        }
      }
    }

    return answer;
  }

  private static String parameter(URI uri, String name) {
    return Stream.of(String.valueOf(uri.getRawQuery()).split("&"))
        .filter(part -> part.startsWith(name + "="))
        .map(part -> URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  private ObjectNode item(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    byte[] sum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();

    return JSON.createObjectNode()
        .put("bucket", "bucket")
        .put("name", root.relativize(file).toString())
        .put("size", Long.toString(bytes.length))
        .put("crc32c", Base64.getEncoder().encodeToString(sum));
  }

  static ObjectNode error(int status, String message) {
    ObjectNode answer = JSON.createObjectNode();
    answer.putObject("error").put("code", status).put("message", message);

    return answer;
  }

  static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(json);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
