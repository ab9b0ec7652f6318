package ml.bqx.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.Workplace;
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

  @Test
  void aWorkerEndsInTheMiddleOfItsWorkWhenNobodyAsksAnyMore() throws Exception {
    String warehouse = directory.resolve("large.duckdb").toString();
    List<String> command = OtherProcess.java("-Xmx256m");
    command.addAll(List.of(Worker.class.getName(), directory.toString(), "1"));
    Process worker = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    String[] request = {
      "exec", "sample", "--pair=eurusd", "--warehouse=duckdb:" + warehouse, "--minutes=500000"
    };
    try (OutputStream requests = worker.getOutputStream()) {
      requests.write((OtherProcess.JSON.writeValueAsString(request) + "\n").getBytes(UTF_8));
      requests.flush();
      while (!worker.waitFor(10, MILLISECONDS) && Workplace.filesBelow(directory).isEmpty()) {
        // It has not begun yet.
      }

      assertThat(worker.isAlive()).isTrue();
    }

    assertThat(worker.waitFor(5, SECONDS)).isTrue();
  }
}
