package ml.bqx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a command prints while it runs: text for people; with {@code --quiet} nothing but warnings
 * and errors; with {@code --json} one object on stdout at the end, and the text, if it is not to be
 * quiet, on stderr.
 *
 * <p>There is one in a process at a time, because stdout is one.
 */
public final class Output implements AutoCloseable {
  private static final Set<String> QUIET = Set.of("--quiet", "--quiet=true");
  private static final Set<String> JSON = Set.of("--json", "--json=true");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static Output current = new Output("", new Form(false, false), null);

  private record Form(boolean isQuiet, boolean isJson) {
    static Form of(String... args) {
      return new Form(
          Stream.of(args).anyMatch(QUIET::contains), Stream.of(args).anyMatch(JSON::contains));
    }

    boolean isText() {
      return !isQuiet && !isJson;
    }
  }

  private final PrintStream stdout = System.out;
  private final String command;
  private final Form form;
  private final @Nullable Output outer;
  private final List<Map<String, Object>> summaries = new ArrayList<>();
  private String error = "";

  private Output(String command, Form form, @Nullable Output outer) {
    this.command = command;
    this.form = form;
    this.outer = outer;
  }

  /**
   * Begins the output that the arguments of a command ask for; closing it brings back stdout.
   *
   * @param command its name
   */
  public static Output begin(String command, String... args) {
    Form form = Form.of(args);
    // A command that another one runs prints like that one.
    boolean isInner = !current.form.isText();
    Output output = new Output(command, isInner ? current.form : form, current);
    if (!isInner && !form.isText()) {
      redirect(form);
    }

    current = output;
    return output;
  }

  private static void redirect(Form form) {
    if (form.isQuiet) {
      System.setProperty("org.slf4j.simpleLogger.log.ml.bqx", "warn");
      System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    } else {
      // What anybody else prints must not get between the fields of the object.
      System.setOut(System.err);
    }
  }

  /** The arguments that are not about the output. */
  public static String[] without(String... args) {
    return Stream.of(args)
        .filter(arg -> !QUIET.contains(arg) && !JSON.contains(arg))
        .toArray(String[]::new);
  }

  /** Whether progress is shown. */
  static boolean showsProgress() {
    return !current.form.isQuiet;
  }

  /** Takes what a summary says for the object; false when it has to be printed. */
  static boolean takes(Map<String, Object> summary) {
    if (current.form.isJson) {
      current.summaries.add(summary);
    }

    return current.form.isJson;
  }

  /** The command failed. */
  public void fail(Throwable thrown) {
    error = ErrorReport.message(thrown);
  }

  /** Prints the object, if there is to be one. */
  @Override
  public void close() {
    current = outer == null ? this : outer;
    if (!current.form.isText()) {
      current.summaries.addAll(summaries);
      return;
    }

    System.setOut(stdout);
    if (form.isJson) {
      stdout.println(json());
    }
  }

  private String json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("command", command);
    object.put("succeeded", error.isEmpty());
    if (!error.isEmpty()) {
      object.put("error", error);
    }

    object.put("summaries", summaries);
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a summary as JSON", e);
    }
  }
}
