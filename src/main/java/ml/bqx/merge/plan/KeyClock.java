package ml.bqx.merge.plan;

import java.io.Serializable;
import java.time.ZoneId;
import java.time.ZoneOffset;
import ml.bqx.options.RepeatedTimePolicy;

/**
 * The clock of keys that are stored without a time zone.
 *
 * @param zone where it hangs
 * @param repeated which moment is meant by a time that it showed twice
 */
public record KeyClock(ZoneId zone, RepeatedTimePolicy repeated) implements Serializable {
  /** That of files whose writer means UTC when it does not tell a zone. */
  public static final KeyClock UTC = new KeyClock(ZoneOffset.UTC, RepeatedTimePolicy.INFER);

  /** Whether it always shows UTC. */
  boolean isUtc() {
    return zone.normalized().equals(ZoneOffset.UTC);
  }
}
