package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import ml.bqx.checkpoint.Build;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final Console console = new Console();

  @AfterEach
  void release() {
    console.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "help", "--help", "-h"})
  void helpListsTheCommands(String arg) {
    int code = arg.isEmpty() ? Main.run() : Main.run(arg);

    assertThat(code).isZero();
    assertThat(console.out())
        .startsWith("usage: java -jar bqx-ml.jar COMMAND --option=value ...\n")
        .containsPattern("\n  sample     \\w")
        .containsPattern("\n  extract    \\w")
        .containsPattern("\n  merge      \\w")
        .containsPattern("\n  verify     \\w")
        .containsPattern("\n  report     \\w")
        .containsPattern("\n  diff       \\w")
        .containsPattern("\n  completion \\w")
        .containsPattern("\n  launch     \\w");
    assertThat(console.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void theVersionIsThatOfTheBuild(String arg) {
    assertThat(Main.run(arg)).isZero();
    assertThat(console.out()).isEqualTo(Build.NAME_AND_VERSION + System.lineSeparator());
    assertThat(console.out()).matches("bqx-ml \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void everyCommandTellsTheVersion() {
    assertThat(Main.run("merge", "--version")).isZero();
    assertThat(Main.run("completion", "--version")).isZero();
    assertThat(console.out()).isEqualTo((Build.NAME_AND_VERSION + "%n").formatted().repeat(2));
  }

  @ParameterizedTest
  @CsvSource({
    "extrat, did you mean extract?",
    "Merge, did you mean merge?",
    "--pair=eurusd, 'expected one of sample, extract, merge, verify, check, inspect, report, diff,"
        + " completion, launch'",
  })
  void anUnknownCommandIsAnError(String arg, String hint) {
    int code = Main.run(arg);

    assertThat(code).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("error: Cannot run %s: no such command; %s%n".formatted(arg, hint));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample", "extract", "merge", "verify"})
  void everyCommandHasItsHelp(String command) {
    int code = Main.run(command, "--help");

    assertThat(code).isZero();
    assertThat(console.out()).startsWith("usage: " + command + " --pair=TEXT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample", "extract", "merge", "verify"})
  void everyCommandTellsWhichOptionsItMisses(String command) {
    int code = Main.run(command);

    assertThat(code).isEqualTo(1);
    assertThat(console.err()).startsWith("error: --pair is required");
  }

  @Test
  void mainReturnsWhenAllIsWell() {
    Main.main(new String[] {"extract", "--help"});

    assertThat(console.out()).startsWith("usage: extract");
  }
}
