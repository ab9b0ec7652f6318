package ml.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import ml.bqx.Console;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void aLineTellsHowMuchIsDoneAndHowLongItStillTakes() {
    try (Progress progress = lines(Duration.ZERO, 667)) {
      progress.advanceTo(0);
      progress.advanceTo(120);
    }

    assertThat(printedLines()).hasSize(3);
    assertThat(printedLines()[0]).matches("work: 0 of 667 things \\(0 %\\), \\d:\\d\\d:\\d\\d");
    assertThat(printedLines()[1])
        .matches("work: 120 of 667 things \\(17 %\\), 0:00:0\\d, about \\d:\\d\\d:\\d\\d left");
    assertThat(printedLines()[2]).matches("work: 120 of 667 things \\(17 %\\), 0:00:0\\d");
  }

  @Test
  void theRestIsEstimatedOnceATenthIsDone() {
    try (Progress progress = lines(Duration.ZERO, 667)) {
      progress.advanceTo(66);
      progress.advanceTo(67);
    }

    assertThat(printedLines()[0]).contains("66 of 667").doesNotContain("left");
    assertThat(printedLines()[1]).contains("67 of 667").endsWith(" left");
  }

  @Test
  void theEndIsPrintedOnce() {
    try (Progress progress = lines(Duration.ZERO, 2)) {
      progress.advanceTo(1);
      progress.advanceTo(2);
    }

    assertThat(printedLines()).hasSize(2);
    assertThat(printedLines()[1]).startsWith("work: 2 of 2 things (100 %)");
  }

  @Test
  void linesAreNotMoreFrequentThanWanted() {
    try (Progress progress = lines(Duration.ofMinutes(1), 10_000)) {
      for (int done = 0; done <= 10_000; done++) {
        progress.advanceTo(done);
      }
    }

    assertThat(printedLines())
        .singleElement()
        .asString()
        .startsWith("work: 10000 of 10000 things (100 %), ");
  }

  @Test
  void withoutATotalThereIsOnlyACount() {
    try (Progress progress = lines(Duration.ZERO, 0)) {
      progress.advanceTo(5);
    }

    assertThat(printedLines()).allMatch(line -> line.matches("work: 5 things, 0:00:0\\d"));
  }

  @Test
  void aBarCanBeDrawn() {
    try (Console console = new Console();
        Progress progress = new Progress.Bar("work", "things", 0)) {
      progress.advanceTo(1);
      progress.advanceTo(3);

      assertThat(console.out()).isEmpty();
    }
  }

  private Progress lines(Duration every, long total) {
    return new Progress.Lines(
        new PrintStream(printed, true, StandardCharsets.UTF_8), every, "work", "things", total);
  }

  private String[] printedLines() {
    return printed.toString(StandardCharsets.UTF_8).split("\n");
  }
}
