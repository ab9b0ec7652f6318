package ml.bqx;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What a command did, seen from outside.
 *
 * @param code its exit code
 * @param out what it printed to stdout
 * @param err what it printed to stderr: log, progress, and the error at the end
 */
public record Outcome(int code, String out, String err) {
  private static final String ERROR = "error: ";

  /** Runs a command in this JVM. */
  public static Outcome of(ToIntFunction<String[]> command, String... args) {
    try (Console console = new Console()) {
      int code = command.applyAsInt(args);

      return new Outcome(code, console.out(), console.err());
    }
  }

  /** Runs the jar's main in this JVM. */
  public static Outcome ofMain(List<String> args) {
    return of(Main::run, args.toArray(String[]::new));
  }

  /** The error with which the command ended, without what stands before it; or nothing. */
  public String error() {
    int at = err.startsWith(ERROR) ? 0 : err.indexOf("\n" + ERROR) + 1;

    return err.startsWith(ERROR, at) ? err.substring(at).strip() : "";
  }

  /** What the summary says under a name; or nothing. */
  public String summary(String name) {
    String start = "  " + name + "  ";

    return out.lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .findFirst()
        .orElse("");
  }
}
