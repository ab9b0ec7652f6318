package ml.bqx.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes entries for Cloud Logging of what a program prints: all that is printed between two flushes
 * is one JSON object on a line, with its severity and what {@link LogContext} says. So an error of
 * several lines is one entry, and not as many as it has lines.
 *
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">Structured logging</a>
 */
public final class JsonLog extends OutputStream {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As {@code simplelogger.properties} has it. */
  private static final Pattern LOGGED =
      Pattern.compile(
          "(?:\\d\\d:\\d\\d:\\d\\d )?(TRACE|DEBUG|INFO|WARN|ERROR) \\S+ - (.*)", Pattern.DOTALL);

  private static final String ERROR = "error: ";

  /** Where events go; nowhere unless logs are JSON. */
  private static final AtomicReference<PrintStream> EVENTS = new AtomicReference<>();

  private final PrintStream out;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  JsonLog(PrintStream out) {
    this.out = out;
  }

  /** From now on, all that this process prints is JSON. */
  public static void install() {
    PrintStream out = System.out;
    System.setOut(printing(out));
    System.setErr(printing(System.err));
    EVENTS.set(out);
  }

  private static PrintStream printing(PrintStream out) {
    return new PrintStream(new JsonLog(out), false, StandardCharsets.UTF_8);
  }

  /**
   * Prints an entry for machines, on which metrics are built; nothing when logs are not JSON.
   *
   * @param name what has happened
   * @param fields of the entry, besides those of {@link LogContext}
   */
  public static void event(String name, String message, Map<String, ?> fields) {
    PrintStream to = EVENTS.get();
    if (to != null) {
      ObjectNode entry = entry("INFO", message).put("event", name);
      fields.forEach((field, value) -> entry.set(field, JSON.valueToTree(value)));
      to.println(entry);
    }
  }

  @Override
  public synchronized void write(int b) {
    text.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    text.write(bytes, offset, length);
  }

  @Override
  public synchronized void flush() {
    String printed = text.toString(StandardCharsets.UTF_8).stripTrailing();
    text.reset();
    if (!printed.isBlank()) {
      out.println(entry(printed));
      out.flush();
    }
  }

  @Override
  public void close() {
    flush();
  }

  private static ObjectNode entry(String printed) {
    Matcher logged = LOGGED.matcher(printed);
    if (logged.matches()) {
      String level = logged.group(1);
      return entry(
          level.equals("WARN") ? "WARNING" : level.equals("TRACE") ? "DEBUG" : level,
          logged.group(2));
    }

    return printed.startsWith(ERROR)
        ? entry("ERROR", printed.substring(ERROR.length()))
        : entry("INFO", printed);
  }

  private static ObjectNode entry(String severity, String message) {
    ObjectNode entry =
        JSON.createObjectNode()
            .put("severity", severity)
            .put("time", Instant.now().toString())
            .put("message", message);
    LogContext.fields().forEach(entry::put);
    return entry;
  }
}
