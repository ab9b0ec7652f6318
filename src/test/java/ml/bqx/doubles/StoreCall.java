package ml.bqx.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A request to {@link ObjectStore}.
 *
 * @param body unzipped
 */
record StoreCall(String method, URI uri, Headers headers, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is answered. */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer of(ObjectNode json) {
      return of(200, json);
    }

    static Answer of(int status, ObjectNode json) {
      return new Answer(
          status,
          Map.of("Content-Type", "application/json; charset=UTF-8"),
          json.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Answer empty(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    /** Announces all of it, and ends in the middle. */
    void sendHalf(HttpExchange exchange) throws IOException {
      headers.forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body, 0, body.length / 2);
      exchange.getResponseBody().flush();
    }

    void send(HttpExchange exchange) throws IOException {
      headers.forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** A refusal, in the form that the service has for it. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    Refusal(int status, String reason, String message) {
      super(message);
      this.status = status;
      this.reason = reason;
    }

    Answer answer() {
      ObjectNode answer = JSON.createObjectNode();
      ObjectNode error = answer.putObject("error").put("code", status).put("message", getMessage());
      error
          .putArray("errors")
          .addObject()
          .put("domain", "global")
          .put("reason", reason)
          .put("message", getMessage());
      return Answer.of(status, answer);
    }
  }

  static StoreCall of(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return new StoreCall(
        exchange.getRequestMethod(),
        exchange.getRequestURI(),
        exchange.getRequestHeaders(),
        zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body);
  }

  /** A parameter of the query; empty text when there is none. */
  String parameter(String name) {
    return Stream.of(String.valueOf(uri.getRawQuery()).split("&"))
        .filter(part -> part.startsWith(name + "="))
        .map(part -> URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  JsonNode json() throws IOException {
    return JSON.readTree(body);
  }

  /** The bodies of a multipart request, each behind its own headers. */
  List<byte[]> parts() {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String boundary = text.substring(0, text.indexOf("\r\n"));
    List<byte[]> parts = new ArrayList<>();
    String[] pieces = text.split(Pattern.quote(boundary));
    for (int i = 1; i < pieces.length - 1; i++) {
      String content = pieces[i].split("\r\n\r\n", 2)[1];
      parts.add(content.substring(0, content.length() - 2).getBytes(StandardCharsets.ISO_8859_1));
    }

    return parts;
  }
}
