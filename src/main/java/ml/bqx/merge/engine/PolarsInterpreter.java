package ml.bqx.merge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Throwables;
import com.google.common.collect.Iterables;
import com.google.common.io.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.storage.Storage;

/** A Python interpreter of this machine that has Polars, and the one script that it runs. */
final class PolarsInterpreter {
  /** Joins keep the order of rows, when asked to, since 1.21. */
  private static final int MAJOR = 1;

  private static final int MINOR = 21;

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*");
  private static final String SCRIPT = "polars_join.py";

  /** What the script prints for each checkpoint that it has joined. */
  private static final String PROGRESS = "joined";

  /** As Python and Rust report it. */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("MemoryError|memory allocation of \\d+ bytes failed");

  /** Exit code of a process that the kernel killed for lack of memory: 128 + 9. */
  private static final int KILLED = 137;

  private final String python;
  private final Path spill;

  private PolarsInterpreter(String python, Path spill) {
    this.python = python;
    this.spill = spill;
  }

  /**
   * Makes sure that the interpreter is there and has a Polars that is new enough.
   *
   * @param python its name or path
   * @param spill directory for the script, and for what it writes
   * @throws InvalidInputException when it is not, with what to install
   */
  static PolarsInterpreter find(String python, Path spill) throws IOException {
    byte[] script = Resources.toByteArray(Resources.getResource(PolarsInterpreter.class, SCRIPT));
    Storage.local().write(spill.resolve(SCRIPT).toString(), script);
    PolarsInterpreter interpreter = new PolarsInterpreter(python, spill);
    interpreter.checkVersion();
    return interpreter;
  }

  private void checkVersion() throws IOException {
    Ended ended = run(List.of(), () -> {});
    String last = lastLine(ended.output);
    if (ended.code != 0) {
      throw new InvalidInputException(
          last.contains("No module named 'polars'")
              ? "Cannot merge with polars: %s has no package polars; install it with %s -m pip install polars, or set --python to another interpreter"
                  .formatted(python, python)
              : "Cannot merge with polars: %s cannot load the package polars (%s)"
                  .formatted(python, last));
    }

    Matcher matcher = VERSION.matcher(last);
    if (!matcher.matches() || isTooOld(matcher)) {
      throw new InvalidInputException(
          "Cannot merge with polars: %s has polars \"%s\", %d.%d or newer is required; upgrade it with %s -m pip install --upgrade polars, or set --python to another interpreter"
              .formatted(python, last, MAJOR, MINOR, python));
    }
  }

  private static boolean isTooOld(Matcher version) {
    int major = Integer.parseInt(version.group(1));
    return major < MAJOR || (major == MAJOR && Integer.parseInt(version.group(2)) < MINOR);
  }

  /**
   * Joins what a plan lists.
   *
   * @param plan the JSON file that the script describes
   * @param output the Parquet file that it makes
   * @param joined is called for each checkpoint that is joined
   * @throws ServiceException when it cannot, saying why
   */
  void join(Path plan, Path output, Runnable joined) throws IOException {
    Ended ended = run(List.of(plan.toString(), output.toString()), joined);
    if (ended.code != 0) {
      throw new ServiceException("Cannot merge with polars: " + inWords(ended.code, ended.output));
    }
  }

  private String inWords(int code, String output) {
    String error = lastLine(output);
    if (output.contains("No space left on device")) {
      return "the disk of %s is full (%s); free some space, or set --spillDirectory to another disk"
          .formatted(spill.getParent(), error);
    } else if (code == KILLED || OUT_OF_MEMORY.matcher(output).find()) {
      return "%s ran out of memory (exit code %d); use --mergeMethod=stream, which holds one column at a time"
          .formatted(python, code);
    }

    return "%s; --mergeMethod=stream does not need it"
        .formatted(error.isEmpty() ? "%s ended with code %d".formatted(python, code) : error);
  }

  /**
   * A process that has ended.
   *
   * @param output what it printed, to stdout or stderr, besides its progress
   */
  private record Ended(int code, String output) {}

  private Ended run(List<String> arguments, Runnable joined) throws IOException {
    List<String> command = new ArrayList<>(List.of(python, spill.resolve(SCRIPT).toString()));
    command.addAll(arguments);
    Process process = start(command);
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.equals(PROGRESS)) {
          joined.run();
        } else {
          output.append(line).append('\n');
        }
      }

      return new Ended(process.waitFor(), output.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot wait for " + python + ": interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(List<String> command) {
    try {
      // Its input stays open as long as this process lives, however that ends; the script waits
      // for the end of it.
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot merge with polars: cannot run %s (%s); install Python 3 with the package polars, or set --python to an interpreter that has it"
              .formatted(python, String.valueOf(Throwables.getRootCause(e).getMessage()).strip()),
          e);
    }
  }

  /** The error line of a traceback. */
  private static String lastLine(String text) {
    return Iterables.getLast(text.lines().filter(line -> !line.isBlank()).toList(), "").strip();
  }
}
