package ml.bqx.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code make chaos}. */
class ChaosTest {
  @TempDir Path directory;

  @Test
  void whateverHappensIsSurvived() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    int failures =
        Chaos.run(new PrintStream(printed, true, UTF_8), directory, "--short", "--workers=1");

    assertThat(failures).as(printed.toString(UTF_8)).isZero();
    assertThat(printed.toString(UTF_8)).contains("| one bit of a footer or page header flipped |");
  }
}
