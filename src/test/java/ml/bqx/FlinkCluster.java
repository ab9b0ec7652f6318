package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JobManager and workers of Flink's, processes of this machine that speak over loopback, started
 * as Flink's own scripts start them. They end with this JVM, however it ends.
 */
final class FlinkCluster implements AutoCloseable {
  static final int SLOTS = 2;

  /** With it a JVM believes the emulator of BigQuery. */
  static final String TRUST = "-Djavax.net.ssl.trustStore=" + System.getenv("BQX_TRUST_STORE");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Marks what Flink tells its scripts, among what it logs. */
  private static final String FOR_SCRIPT = "BASH_JAVA_UTILS_EXEC_RESULT:";

  private static final String LOGGING =
      """
      rootLogger.level = INFO
      rootLogger.appenderRef.console.ref = console
      appender.console.name = console
      appender.console.type = CONSOLE
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %d{ABSOLUTE} %-5p %c{1} - %m%n
      """;

  private final Path directory;
  private final Path home;
  private final int port;
  private final Process manager;
  private final List<String> workerCommand;
  private final List<Process> workers = new CopyOnWriteArrayList<>();

  /** Lives as long as the cluster: Linux ends a process with the thread that has started it. */
  private final ExecutorService starter = Executors.newSingleThreadExecutor();

  private int started;

  /**
   * Starts a cluster.
   *
   * @param directory for configuration, logs and temporary files
   * @param settings lines of its configuration, besides addresses
   */
  FlinkCluster(Path directory, List<String> settings) throws Exception {
    this.directory = directory;
    this.home =
        Path.of(
            Objects.requireNonNull(
                System.getenv("BQX_FLINK"), "BQX_FLINK is not set: run this with make test-flink"));
    this.port = TiedProcess.freePort();
    configure(settings);
    manager =
        start(
            "jobmanager",
            java(
                List.of("-Xmx1g"),
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"));
    workerCommand = workerCommand();
  }

  private void configure(List<String> settings) throws IOException {
    List<String> lines = new ArrayList<>(settings);
    lines.add("jobmanager.rpc.address: localhost");
    lines.add("jobmanager.rpc.port: " + TiedProcess.freePort());
    lines.add("rest.port: " + port);
    lines.add("taskmanager.numberOfTaskSlots: " + SLOTS);
    for (String who : List.of("jobmanager.bind-host", "rest.bind-address", "rest.address")) {
      lines.add(who + ": localhost");
    }

    lines.add("taskmanager.bind-host: localhost");
    lines.add("taskmanager.host: localhost");
    lines.add("io.tmp.dirs: " + directory);
    Files.write(directory.resolve("flink-conf.yaml"), lines);
    Files.writeString(directory.resolve("log4j.properties"), LOGGING);
  }

  private List<String> java(List<String> options, String main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ChildJvm.BRIEF);
    command.add("-Dlog4j.configurationFile=" + directory.resolve("log4j.properties"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(List.of(args));
    command.addAll(List.of("--configDir", directory.toString()));
    return command;
  }

  private String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      return jars.map(Path::toString)
              .filter(jar -> jar.matches(".*/(flink-dist|log4j)-[^/]*\\.jar"))
              .reduce("", (all, jar) -> all + jar + ":")
          + home.resolve("bin/bash-java-utils.jar");
    }
  }

  /** What Flink says that a worker's JVM needs, for the memory that is configured. */
  private List<String> workerCommand() throws Exception {
    Path answer = directory.resolve("resources.log");
    int code =
        new ProcessBuilder(
                java(
                    List.of(),
                    "org.apache.flink.runtime.util.bash.BashJavaUtils",
                    "GET_TM_RESOURCE_PARAMS"))
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start()
            .waitFor();
    assertThat(code).as(Files.readString(answer)).isZero();
    List<List<String>> told =
        Files.readAllLines(answer).stream()
            .filter(line -> line.startsWith(FOR_SCRIPT))
            .map(line -> Splitter.on(' ').splitToList(line.substring(FOR_SCRIPT.length())))
            .toList();
    List<String> command =
        java(
            Stream.concat(Stream.of(TRUST), told.get(0).stream()).toList(),
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    command.addAll(told.get(1));
    return command;
  }

  private Process start(String name, List<String> command) throws Exception {
    ProcessBuilder builder =
        TiedProcess.of(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile());
    return starter.submit(builder::start).get();
  }

  /** Starts one more worker, and does not wait for it. */
  synchronized void startWorker() {
    try {
      workers.add(start("taskmanager-" + ++started, workerCommand));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until so many workers have nothing to do. */
  void awaitIdle(int count) {
    Waiting.until(
        () -> has(count) && overview("slots-available") == count * SLOTS,
        count + " workers of Flink, idle; logs are in " + directory);
  }

  /** How often Flink has begun again what workers that are gone have done. */
  long restarts() {
    try (Stream<String> lines = Files.lines(directory.resolve("jobmanager.log"))) {
      return lines.filter(line -> line.contains("will be restarted to recover")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean has(int count) {
    return overview("taskmanagers") == count;
  }

  private int overview(String name) {
    try {
      URL url = URI.create("http://" + address() + "/overview").toURL();
      return JSON.readTree(url).path(name).asInt();
    } catch (IOException e) {
      // It has not started yet.
      return -1;
    }
  }

  /** What {@code --flinkMaster} is. */
  String address() {
    return "localhost:" + port;
  }

  /** The workers that are alive. */
  List<Process> workers() {
    return workers.stream().filter(Process::isAlive).toList();
  }

  /** The worker that has a connection from one port of this machine to another. */
  Optional<Process> worker(int from, int to) {
    return workers().stream().filter(worker -> holds(worker, from, to)).findFirst();
  }

  private static boolean holds(Process worker, int from, int to) {
    Pattern connection =
        Pattern.compile(
            "^ *\\d+: [0-9A-F]+:%04X [0-9A-F]+:%04X (?:\\S+ +){6}(\\d+) .*".formatted(from, to));
    Path process = Path.of("/proc/" + worker.pid());
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      List<String> sockets =
          Stream.of("tcp", "tcp6")
              .flatMap(table -> lines(process.resolve("net").resolve(table)).stream())
              .map(connection::matcher)
              .filter(line -> line.matches())
              .map(line -> "socket:[%s]".formatted(line.group(1)))
              .toList();
      return files.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      // Closed meanwhile.
      return "";
    }
  }

  /** Sends a worker a signal by its name. */
  static void signal(Process worker, String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor();
      assertThat(code).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    workers.forEach(Process::destroyForcibly);
    manager.destroyForcibly();
    starter.shutdown();
  }
}
