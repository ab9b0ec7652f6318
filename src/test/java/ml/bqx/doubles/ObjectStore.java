package ml.bqx.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Ints;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/**
 * The part of Cloud Storage's JSON API that composing uses (listing, direct upload, compose,
 * delete), on loopback, with the service's limit of 32 sources a call.
 */
public final class ObjectStore implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OBJECT =
      Pattern.compile("/storage/v1/b/([^/]+)/o/([^/]+?)(/compose)?");
  private static final Pattern PART = Pattern.compile("\r\n\r\n");

  public final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  public final List<Integer> composed = new ArrayList<>();

  /** Name of an object whose composition fails, or null. */
  public String refused;

  private final HttpServer server;

  public ObjectStore() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:%d/storage/v1/".formatted(server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = body(exchange);
    String path = exchange.getRequestURI().getRawPath();
    Matcher object = OBJECT.matcher(path);
    if (path.startsWith("/upload/")) {
      upload(exchange, body);
    } else if (path.endsWith("/o")) {
      answer(exchange, 200, listing());
    } else if (!object.matches()) {
      answer(exchange, 400, "{}");
    } else if (exchange.getRequestMethod().equals("DELETE")) {
      answer(exchange, objects.remove(name(object)) == null ? 404 : 204, "{}");
    } else {
      compose(exchange, name(object), JSON.readTree(body));
    }
  }

  /** All objects, in one page. */
  private String listing() {
    ObjectNode listing = JSON.createObjectNode();
    ArrayNode items = listing.putArray("items");
    objects.forEach(
        (name, bytes) -> items.addObject().put("name", name).put("crc32c", base64Crc(bytes)));
    return listing.toString();
  }

  private static String base64Crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Base64.getEncoder().encodeToString(Ints.toByteArray((int) crc.getValue()));
  }

  private static String name(Matcher object) {
    return URLDecoder.decode(object.group(2), StandardCharsets.UTF_8);
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return zipped
        ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
        : exchange.getRequestBody().readAllBytes();
  }

  /** A multipart body: the object's metadata, then its bytes. */
  private void upload(HttpExchange exchange, byte[] body) throws IOException {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String boundary = text.substring(0, text.indexOf("\r\n"));
    String[] parts = text.split(Pattern.quote(boundary));
    String name = JSON.readTree(PART.split(parts[1], 2)[1]).get("name").asText();
    String content = PART.split(parts[2], 2)[1];
    objects.put(
        name, content.substring(0, content.length() - 2).getBytes(StandardCharsets.ISO_8859_1));
    answer(exchange, 200, "{}");
  }

  private void compose(HttpExchange exchange, String name, JsonNode request) throws IOException {
    JsonNode sources = request.get("sourceObjects");
    composed.add(sources.size());
    if (sources.size() > 32 || name.equals(refused)) {
      answer(exchange, 400, "{\"error\": {\"message\": \"refused\"}}");
      return;
    }

    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (JsonNode source : sources) {
      whole.write(objects.get(source.get("name").asText()));
    }

    objects.put(name, whole.toByteArray());
    answer(exchange, 200, "{}");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = status == 204 ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
