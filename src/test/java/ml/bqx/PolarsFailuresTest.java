package ml.bqx;

import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a merge ends when the real Polars fails, or is not let finish. */
@Tag("emulators")
class PolarsFailuresTest extends ForeignFiles {
  private static final long TIMEOUT_SECONDS = 60;

  @Test
  void polarsRunsOutOfMemory() throws Exception {
    writeMinutes("targets", 1, 0);
    // 4 GB, of which the process may have less than half.
    writeMinutes("mkt_vol", 500, MINUTES);
    Path python = python("ulimit -v 2000000; exec");

    assertThat(refused("--python=" + python, "--forcePolars"))
        .matches(
            "error: Cannot merge with polars: %s ran out of memory \\(exit code \\d+\\); use --mergeMethod=stream, which holds one column at a time"
                .formatted(python));
  }

  @Test
  void polarsDoesNotKnowAType() throws Exception {
    writeTargets();
    write("mkt_vol", "SELECT %s AS interval_time, INTERVAL 1 DAY AS x %s".formatted(TIME, ROWS));

    assertThat(refused("--python=" + python("exec")))
        .startsWith("error: Cannot merge with polars: ")
        .contains("interval")
        .endsWith("; --mergeMethod=stream does not need it")
        .hasLineCount(1);
  }

  @Test
  void aTerminatedMergeLeavesNothingBehind() throws Exception {
    writeMinutes("targets", 1, 0);
    writeMinutes("mkt_vol", 200, MINUTES);
    Path spill = directory.resolve("spill");
    Process merge =
        ChildJvm.merge(
            place,
            directory.resolve("log"),
            "--mergeMethod=polars",
            "--spillDirectory=" + spill,
            "--forcePolars",
            "--python=" + EqualTablesOfPolarsTest.python());
    List<ProcessHandle> children = awaitChildren(merge, spill);

    merge.destroy();

    assertThat(merge.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(merge.exitValue()).isEqualTo(128 + 15);
    // What has ended may still be listed, when nobody asks for its exit code; but without a
    // program.
    assertThat(children).isNotEmpty();
    for (ProcessHandle child : children) {
      Waiting.until(() -> child.info().command().isEmpty(), "the script has ended");
    }

    assertThat(spill).isEmptyDirectory();
    assertThat(filesBelow(place.output())).isEmpty();
  }

  /** Waits until the script is running. */
  private static List<ProcessHandle> awaitChildren(Process merge, Path spill) throws Exception {
    Waiting.until(
        () ->
            filesBelow(spill).stream().anyMatch(file -> file.endsWith("plan.json"))
                && merge.children().findAny().isPresent(),
        "the script runs");

    return merge.children().toList();
  }

  /** The real interpreter, but when it is to join, only behind those words of a shell. */
  private Path python(String before) throws Exception {
    String real = EqualTablesOfPolarsTest.python();
    String script =
        """
        #!/bin/bash
        if [ $# -gt 1 ]; then
          %2$s %1$s "$@"
        fi
        exec %1$s "$@"
        """;
    Path file = Files.writeString(directory.resolve("python"), script.formatted(real, before));

    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private String refused(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--mergeMethod=polars");
    Outcome outcome = place.merge(all.toArray(String[]::new));

    assertThat(outcome.code()).isEqualTo(1);
    place.assertNothingMerged();

    return outcome.error();
  }
}
