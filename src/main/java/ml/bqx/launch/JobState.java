package ml.bqx.launch;

import com.google.api.services.dataflow.model.Job;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What matters of the states of
 * https://cloud.google.com/dataflow/docs/reference/rest/v1b3/projects.jobs#jobstate.
 */
enum JobState {
  /** Waits, starts or runs; also every state that did not exist when this was written. */
  RUNNING,
  /** Is about to end without result. */
  CANCELLING,
  DRAINING,
  DONE,
  FAILED,
  CANCELLED,
  DRAINED,
  UPDATED;

  private static final String PREFIX = "JOB_STATE_";

  static JobState of(Job job) {
    String wire = String.valueOf(job.getCurrentState());
    return Stream.of(values())
        .filter(state -> state.wire().equals(wire))
        .findFirst()
        .orElse(RUNNING);
  }

  /** As the service spells it. */
  String wire() {
    return PREFIX + name();
  }

  /** The service's own word for people, which may be one this enum does not know. */
  static String word(Job job) {
    return String.valueOf(job.getCurrentState())
        .replaceFirst("^" + PREFIX, "")
        .toLowerCase(Locale.ROOT);
  }

  boolean isEnd() {
    return compareTo(DONE) >= 0;
  }
}
