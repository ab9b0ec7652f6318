package ml.bqx.launch.dataflow;

import com.google.common.base.Stopwatch;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.time.Duration;
import ml.bqx.failure.ServiceException;
import ml.bqx.http.CallFailure;

/** How long a service that does not answer is asked again, between polls. */
public final class Patience {
  static final Duration LIMIT = Duration.ofMinutes(10);

  /** Runs since the first failure after the last success. */
  private final Stopwatch silence = Stopwatch.createUnstarted();

  /** Whether to repeat the failed call at the next poll. */
  public boolean allows(Exception failure) {
    return (failure instanceof IOException || failure instanceof ServiceException)
        && Throwables.getCausalChain(failure).stream()
            .filter(IOException.class::isInstance)
            .findFirst()
            .filter(cause -> CallFailure.isTransient((IOException) cause))
            .isPresent()
        && lasts();
  }

  /** Notes a failure that may pass; false when there was none but failures for too long. */
  boolean lasts() {
    if (!silence.isRunning()) {
      silence.start();
    }

    return silence.elapsed().compareTo(LIMIT) < 0;
  }

  /** Notes that the service has answered. */
  public void restore() {
    silence.reset();
  }
}
