package ml.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
  @Test
  void valuesStandInAColumn() {
    Summary summary =
        new Summary("done")
            .count("rows", 1_234_567)
            .add("file name", "a b")
            .secondsSince("seconds", System.nanoTime() - TimeUnit.MINUTES.toNanos(2));

    assertThat(printed(summary))
        .matches("done\n  rows       1,234,567\n  file name  a b\n  seconds    12\\d\\.\\d\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1000, 1.0 kB",
    "8942592, 8.9 MB",
    "9400000000, 9.4 GB",
    "12000000000000000, 12000.0 TB",
  })
  void sizesAreShort(long bytes, String text) {
    assertThat(printed(new Summary("x").bytes("size", bytes)))
        .isEqualTo("x\n  size  " + text + "\n");
  }

  private static String printed(Summary summary) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    summary.print(new PrintStream(out, true, StandardCharsets.UTF_8));

    return out.toString(StandardCharsets.UTF_8);
  }
}
