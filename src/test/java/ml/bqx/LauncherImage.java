package ml.bqx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.run.v1.model.Container;
import com.google.api.services.run.v1.model.EnvVar;
import com.google.api.services.run.v1.model.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Cloud Run job without Cloud Run: the entrypoint of its image in {@code Dockerfile.launcher}
 * with the arguments, variables and memory of a manifest, as a process of this machine. The
 * launcher runs from its own jar; of the worker the classes are those under test, in place of the
 * jar that they are packaged to.
 */
final class LauncherImage {
  private static final Path FILE = Path.of("Dockerfile.launcher");
  private static final Pattern FROM = Pattern.compile("FROM (\\S+) AS (\\S+)");
  private static final Pattern IMAGE = Pattern.compile("\\$\\{REPOSITORY}/([a-z]+):.*");

  private static final String MEBIBYTES = "Mi";
  private static final String GIBIBYTES = "Gi";

  private final Container container;
  private final Map<String, String> names;

  private LauncherImage(Container container, Map<String, String> names) {
    this.container = container;
    this.names = names;
  }

  /**
   * The container of a job.
   *
   * @param job name of a manifest in {@code deploy/}
   * @param names what {@code make deploy} fills in, by its name in braces
   */
  static LauncherImage of(String job, Map<String, String> names) throws IOException {
    Job manifest = StrictModel.yaml(Path.of("deploy", job + ".yaml"), Job.class);
    Container container =
        manifest.getSpec().getTemplate().getSpec().getTemplate().getSpec().getContainers().get(0);

    return new LauncherImage(container, names);
  }

  /**
   * Starts it, with the environment of the manifest and nothing of this process's but the path.
   *
   * @param more variables of this execution
   * @param args arguments of this execution, in place of those of the manifest
   */
  Process start(Map<String, String> more, Path log, String... args) throws IOException {
    List<String> command = command();
    if (args.length == 0 && container.getArgs() != null) {
      command.addAll(container.getArgs());
    }

    command.addAll(Arrays.asList(args));
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    Map<String, String> environment = process.environment();
    environment.keySet().retainAll(List.of("PATH"));
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), filled(variable.getValue()));
    }

    environment.putAll(more);

    return process.start();
  }

  /** All images. */
  static List<String> targets() throws IOException {
    return Files.readAllLines(FILE).stream()
        .map(FROM::matcher)
        .filter(Matcher::matches)
        .map(from -> from.group(2))
        .filter(name -> !name.equals("base"))
        .toList();
  }

  /** The lines of a target, and before them those of the target that it begins with. */
  static Stream<String> lines(String target) throws IOException {
    List<String> lines = new ArrayList<>();
    String from = "";
    boolean isInside = false;
    for (String line : Files.readAllLines(FILE)) {
      Matcher begin = FROM.matcher(line);
      if (begin.matches()) {
        isInside = begin.group(2).equals(target);
        from = isInside ? begin.group(1) : from;
      } else if (isInside) {
        lines.add(line);
      }
    }

    return from.isEmpty() ? Stream.of() : Stream.concat(lines(from), lines.stream());
  }

  /** What the image of a target runs. */
  private static List<String> entrypoint(String target) throws IOException {
    String entrypoint =
        lines(target)
            .filter(line -> line.startsWith("ENTRYPOINT "))
            .reduce((first, last) -> last)
            .orElseThrow()
            .substring("ENTRYPOINT ".length());
    return new ArrayList<>(Arrays.asList(new ObjectMapper().readValue(entrypoint, String[].class)));
  }

  /** The options of the JVM of a target. */
  static List<String> javaOptions(String target) throws IOException {
    List<String> command = entrypoint(target);
    return command.subList(1, command.indexOf("-jar"));
  }

  /** The image that a job uses. */
  private String target() {
    Matcher image = IMAGE.matcher(container.getImage());
    if (!image.matches()) {
      throw new IllegalArgumentException("Cannot find the image: " + container.getImage());
    }

    return image.group(1);
  }

  private List<String> command() throws IOException {
    List<String> command = entrypoint(target());
    command.set(0, Path.of(System.getProperty("java.home"), "bin", command.get(0)).toString());
    command.add(1, "-XX:MaxRAM=" + bytes(container.getResources().getLimits().get("memory")));
    command.addAll(1, ChildJvm.BRIEF);
    int jar = command.indexOf("-jar");
    if (target().equals("launcher")) {
      command.set(jar + 1, LauncherJar.FILE.toString());
      return command;
    }

    command.subList(jar, jar + 2).clear();
    command.addAll(
        jar, List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    for (String module : List.of("java.lang", "java.nio", "java.util")) {
      command.add(1, "--add-opens=java.base/" + module + "=ALL-UNNAMED");
    }

    return command;
  }

  private static long bytes(String quantity) {
    long number = Long.parseLong(quantity.replaceAll("\\D", ""));
    if (quantity.endsWith(MEBIBYTES)) {
      return number << 20;
    }

    if (quantity.endsWith(GIBIBYTES)) {
      return number << 30;
    }

    throw new IllegalArgumentException("Cannot read memory: " + quantity);
  }

  private String filled(String value) {
    String filled = value;
    for (Map.Entry<String, String> name : names.entrySet()) {
      filled = filled.replace("${" + name.getKey() + "}", name.getValue());
    }

    return filled;
  }
}
