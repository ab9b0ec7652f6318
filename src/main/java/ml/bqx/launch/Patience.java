package ml.bqx.launch;

import java.time.Duration;

/** Bounds how long calls that fail may be repeated. */
final class Patience {
  /** A service that does not answer for so long will not be back before the launcher's own end. */
  static final Duration LIMIT = Duration.ofMinutes(10);

  /** When calls began to fail; 0 while they do not. */
  private long failingSinceNanos;

  /** A call has failed: whether it is one too many. */
  boolean isOver() {
    long now = System.nanoTime();
    if (failingSinceNanos == 0) {
      failingSinceNanos = now;
    }

    return now - failingSinceNanos > LIMIT.toNanos();
  }

  /** A call has succeeded. */
  void restore() {
    failingSinceNanos = 0;
  }
}
