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

/**
 * A Cloud Run job without Cloud Run: the entrypoint of {@code Dockerfile.launcher} with the
 * arguments, variables and memory of a manifest, as a process of this machine. The classes are
 * those under test, in place of the jar that they are packaged to.
 */
final class LauncherImage {
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
   * @param args further arguments
   */
  Process start(Map<String, String> more, Path log, String... args) throws IOException {
    List<String> command = command();
    command.addAll(container.getArgs());
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

  private List<String> command() throws IOException {
    String entrypoint =
        Files.readAllLines(Path.of("Dockerfile.launcher")).stream()
            .filter(line -> line.startsWith("ENTRYPOINT "))
            .findFirst()
            .orElseThrow()
            .substring("ENTRYPOINT ".length());
    List<String> command =
        new ArrayList<>(Arrays.asList(new ObjectMapper().readValue(entrypoint, String[].class)));
    command.set(0, Path.of(System.getProperty("java.home"), "bin", command.get(0)).toString());
    command.add(1, "-XX:MaxRAM=" + bytes(container.getResources().getLimits().get("memory")));
    int jar = command.indexOf("-jar");
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
