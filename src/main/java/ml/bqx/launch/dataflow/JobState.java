package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.Job;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The states of a job that a launcher distinguishes, see
 * https://cloud.google.com/dataflow/docs/reference/rest/v1b3/projects.jobs#jobstate.
 */
public enum JobState {
  /** Waiting, starting or running; also any state unknown to this enum. */
  RUNNING,
  /** Will end without a result. */
  CANCELLING,
  DRAINING,
  DONE,
  FAILED,
  CANCELLED,
  DRAINED,
  UPDATED;

  private static final String PREFIX = "JOB_STATE_";

  public static JobState of(Job job) {
    String wire = String.valueOf(job.getCurrentState());
    return Stream.of(values())
        .filter(state -> state.wire().equals(wire))
        .findFirst()
        .orElse(RUNNING);
  }

  String wire() {
    return PREFIX + name();
  }

  /** The service's own name of the state, in lower case, which this enum may not know. */
  public static String word(Job job) {
    return String.valueOf(job.getCurrentState())
        .replaceFirst("^" + PREFIX, "")
        .toLowerCase(Locale.ROOT);
  }

  public boolean isEnd() {
    return compareTo(DONE) >= 0;
  }
}
