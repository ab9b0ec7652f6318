package ml.bqx.launch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import ml.bqx.catalog.Pair;
import ml.bqx.cost.Usage;

/**
 * How the launch of one pair ended.
 *
 * @param rows of its checkpoints or training file; 0 if there is none
 * @param features of its checkpoints or training file; 0 if there is none
 * @param elapsed from the pair's first step to its end
 * @param usage billable usage, as counted by the services
 * @param problem the failure; empty if there was none
 */
public record LaunchOutcome(
    Pair pair,
    State state,
    long rows,
    int features,
    Duration elapsed,
    Usage usage,
    String problem) {

  /** How it ended. */
  public enum State {
    /** The work is done and was verified. */
    DONE("done"),
    /** There was nothing to do. */
    COMPLETE("already complete"),
    FAILED("failed"),
    CANCELLED("cancelled"),
    /** Its jobs were left running or cancelled when the launcher ended. */
    LEFT("unfinished");

    private final String text;

    State(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** What it has cost, in US dollars. */
  public double dollars() {
    return usage.dollars();
  }

  /** For the log entry on which metrics and alerts are built, see {@code deploy/monitoring}. */
  public Map<String, Object> fields(LaunchKind kind) {
    return Map.of(
        "kind", kind.toString(),
        "state", state.toString(),
        "good", isGood(),
        "rows", rows,
        "features", features,
        "seconds", elapsed.toSeconds(),
        "dollars", dollars());
  }

  /** Whether the result is there. */
  public boolean isGood() {
    return state == State.DONE || state == State.COMPLETE;
  }

  /** Whether the result of every pair is there. */
  public static boolean areGood(List<LaunchOutcome> outcomes) {
    return outcomes.stream().allMatch(LaunchOutcome::isGood);
  }
}
