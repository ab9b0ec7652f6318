package ml.bqx.launch;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Waiting, which ends as soon as the process is told to end. */
final class Pause {
  private Pause() {}

  static void of(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("told to end");
    }
  }
}
