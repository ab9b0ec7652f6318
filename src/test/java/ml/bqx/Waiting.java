package ml.bqx;

import static com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes do. */
public final class Waiting {
  private static final long MOST_SECONDS = 60;

  private Waiting() {}

  /** Waits for a condition, and fails when it does not come true. */
  public static void until(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain: %s", what).isLessThan(end);
      sleepUninterruptibly(20, TimeUnit.MILLISECONDS);
    }
  }
}
