package ml.bqx.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.Outcome;
import ml.bqx.chaos.disk.WatchedFileSystem;

/**
 * A JVM that does what it is told, line by line: it lists and runs cases, or runs a command. It
 * lives until it is closed, so that what it has compiled serves many.
 */
final class OtherProcess implements Closeable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final long seed;
  private Process process;
  private PrintStream requests;
  private BufferedReader answers;

  /**
   * A process that starts when it is needed.
   *
   * @param root directory for its sets
   * @param seed of the run
   */
  OtherProcess(Path root, long seed) {
    this.root = root;
    this.seed = seed;
  }

  /** The program that this JVM is. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** What starts a JVM with the classes of this one. */
  static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    // Nearly all of what they run is too brief for the second compiler.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    for (String module : List.of("java.lang", "java.nio", "java.util")) {
      command.add("--add-opens=java.base/" + module + "=ALL-UNNAMED");
    }

    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  private void start() throws IOException {
    // A process that was killed leaves sets there, and does not tell which are whole.
    ChaosSets.delete(root);
    List<String> command = java("-Xmx1g", WatchedFileSystem.JVM_OPTION);
    command.addAll(List.of(Worker.class.getName(), root.toString(), Long.toString(seed)));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Has something done.
   *
   * @param request what
   * @param type of the answer
   */
  synchronized <T> T ask(List<String> request, Class<T> type) throws IOException {
    if (process == null) {
      start();
    }

    requests.println(JSON.writeValueAsString(request));
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("The worker has ended in the middle of " + request);
    }

    return JSON.readValue(answer, type);
  }

  /** Runs a command of the jar. */
  Outcome run(List<String> command) {
    List<String> request = new ArrayList<>(List.of("exec"));
    request.addAll(command);
    try {
      return ask(request, Outcome.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process, whatever it does; it starts again with the next request. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }

    process = null;
  }

  @Override
  public void close() {
    kill();
  }
}
