package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the scripts of {@code deploy/} with doubles of the programs that they call.
 *
 * @param directory in which the doubles are; a script of theirs finds it as its own directory
 */
record DeployScript(Path directory) {
  /** Puts a double in the place of a program. */
  void install(String program, String script) throws IOException {
    Path file = Files.writeString(directory.resolve(program), script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** Runs a command, expects its exit code, and gives what it prints. */
  String run(Map<String, String> environment, int code, String... command) throws Exception {
    Path log = directory.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().merge("PATH", "", (path, none) -> directory + ":" + path);
    builder.environment().putAll(environment);
    Process process = builder.start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(log);
    assertThat(process.exitValue()).as(printed).isEqualTo(code);
    return printed;
  }
}
