package ml.bqx.checkpoint;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Timestamps of the key column: microseconds since 1970 in UTC. */
public final class Timestamps {
  private Timestamps() {}

  /** ISO 8601, for people. */
  public static String text(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
