package ml.bqx.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchVariableTest {
  @ParameterizedTest
  @EnumSource
  void theReferenceListsEachVariable(LaunchVariable variable) throws Exception {
    String defaultValue =
        variable.defaultValue().isEmpty() ? "" : "`%s`".formatted(variable.defaultValue());

    assertThat(Files.readAllLines(Path.of("docs/commands.md")))
        .contains(
            "| `%s` | `--%s` | %s | %s |"
                .formatted(variable, variable.option(), variable.help(), defaultValue));
  }

  @ParameterizedTest
  @EnumSource
  void everyExampleIsValid(LaunchKind kind) {
    Map<LaunchVariable, String> values = new EnumMap<>(LaunchVariable.class);
    Stream.of(LaunchVariable.values())
        .filter(variable -> variable != LaunchVariable.PAIRS)
        .forEach(variable -> values.put(variable, variable.example()));

    LauncherConfig config = LauncherConfig.from(kind, values, Map.of(), Map.of());

    assertThat(config.pairs()).hasToString("[eurusd]");
    assertThat(config.target())
        .isInstanceOfSatisfying(
            LaunchTarget.Jobs.class,
            jobs ->
                assertThat(jobs.settings().environment().getAdditionalUserLabels())
                    .containsEntry("team", "quant")
                    .hasSize(2));
  }

  @Test
  void noTwoVariablesAreOneOption() {
    assertThat(LaunchVariable.values()).extracting(LaunchVariable::option).doesNotHaveDuplicates();
  }
}
