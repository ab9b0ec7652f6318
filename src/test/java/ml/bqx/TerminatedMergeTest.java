package ml.bqx;

import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A merge that a signal ends deletes what it has written, whatever its method. */
class TerminatedMergeTest extends ForeignFiles {
  private static final long TIMEOUT_SECONDS = 60;

  /** So many that every method is still at work when its first file appears. */
  private static final int COLUMNS = 100;

  @ParameterizedTest
  @MethodSource("ml.bqx.MergeMethods#ofAnySet")
  void leavesNothing(MergeMethod method) throws Exception {
    writeMinutes("targets", 1, 0);
    writeMinutes("mkt_vol", COLUMNS, 1);
    Path log = directory.resolve("log");
    Process merge = ChildJvm.merge(place, log, "--mergeMethod=" + method, "--rowGroupRows=2000");
    try {
      awaitFile(merge, log);

      merge.destroy();

      assertThat(merge.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      merge.destroyForcibly().waitFor();
    }

    // 128 + 15: it was the signal that ended it.
    assertThat(merge.exitValue()).as("%s", Files.readString(log)).isEqualTo(143);
    assertThat(place.output()).isEmptyDirectory();
  }

  /** Waits for the first file in a run's own directory. */
  private void awaitFile(Process merge, Path log) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (filesBelow(place.output()).stream().noneMatch(file -> file.contains("/training_"))) {
      assertThat(merge.isAlive()).as("%s", Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).as("%s", Files.readString(log)).isLessThan(end);
      Thread.sleep(5);
    }
  }
}
