package ml.bqx.cli;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows the progress of long tasks on stderr: a bar on a terminal, otherwise a line every few
 * seconds. Safe for use by several threads.
 */
public sealed interface Progress extends AutoCloseable {
  /** Frequent enough to see progress, rare enough not to flood the log of a batch job. */
  Duration LINE_EVERY = Duration.ofSeconds(5);

  /**
   * Starts to show the progress of a task.
   *
   * @param task what is done, for example {@code extract eurusd}
   * @param unit what is counted, in plural, for example {@code checkpoints}
   * @param total how many there are; 0 when that is not known yet
   */
  static Progress start(String task, String unit, long total) {
    if (!Output.showsProgress()) {
      return new Silent();
    }

    return System.console() == null
        ? new Lines(System.err, LINE_EVERY, task, unit, total)
        : new Bar(task, unit, total);
  }

  /** Reports how many are done so far. */
  void advanceTo(long done);

  /** Shows the last state and stops; call it after failures too. */
  @Override
  void close();

  /** Hours, minutes and seconds, for example {@code 1:02:03}. */
  static String clock(Duration time) {
    return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** For those who do not want to see it. */
  final class Silent implements Progress {
    @Override
    public void advanceTo(long done) {}

    @Override
    public void close() {}
  }

  /** For terminals. */
  final class Bar implements Progress {
    private final ProgressBar bar;

    Bar(String task, String unit, long total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setUnit(" " + unit, 1)
              .setInitialMax(total > 0 ? total : -1)
              // Block characters turn to question marks where the locale is not UTF-8.
              .setStyle(ProgressBarStyle.ASCII)
              .continuousUpdate()
              .build();
    }

    @Override
    public void advanceTo(long done) {
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** For logs: prints a line on progress, unless the last one is too recent. */
  final class Lines implements Progress {
    /** Before so much is done, a start or a few untypical items decide the estimate of the rest. */
    private static final double LEAST_SHARE = 0.1;

    private final PrintStream out;
    private final long everyNanos;
    private final String task;
    private final String unit;
    private final long total;
    private final long startNanos = System.nanoTime();
    private long lastNanos = startNanos;
    private long done;

    Lines(PrintStream out, Duration every, String task, String unit, long total) {
      this.out = out;
      this.everyNanos = every.toNanos();
      this.task = task;
      this.unit = unit;
      this.total = total;
    }

    @Override
    public synchronized void advanceTo(long newDone) {
      done = newDone;
      long now = System.nanoTime();
      // The last line is that of close.
      boolean atEnd = total > 0 && done >= total;
      if (now - lastNanos >= everyNanos && !atEnd) {
        lastNanos = now;
        print(state() + remaining());
      }
    }

    @Override
    public synchronized void close() {
      print(state());
    }

    /** Each line is an entry of its own in JSON logs. */
    private void print(String line) {
      out.println(line);
      out.flush();
    }

    private String state() {
      String count =
          total > 0
              ? "%d of %d %s (%d %%)".formatted(done, total, unit, done * 100 / total)
              : "%d %s".formatted(done, unit);
      return "%s: %s, %s".formatted(task, count, clock(elapsed()));
    }

    private String remaining() {
      if (done < total * LEAST_SHARE || done <= 0 || done >= total) {
        return "";
      }

      double nanosPerUnit = (double) elapsed().toNanos() / done;
      return ", about %s left"
          .formatted(clock(Duration.ofNanos((long) (nanosPerUnit * (total - done)))));
    }

    private Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - startNanos);
    }
  }
}
