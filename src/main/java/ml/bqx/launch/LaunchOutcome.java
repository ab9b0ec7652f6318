package ml.bqx.launch;

import java.time.Duration;
import java.util.List;
import ml.bqx.catalog.Pair;
import ml.bqx.cost.Prices;
import ml.bqx.cost.Usage;

/**
 * How the launch of one pair ended.
 *
 * @param rows of its checkpoints or training file; 0 when there is none
 * @param features in them
 * @param elapsed from the pair's first step to its end
 * @param usage what that has used, by what the services counted
 * @param problem what went wrong; empty when nothing did
 */
public record LaunchOutcome(
    Pair pair,
    State state,
    long rows,
    int features,
    Duration elapsed,
    Usage usage,
    String problem) {

  /** In which way it ended. */
  public enum State {
    /** The work is done and was verified. */
    DONE("done"),
    /** There was nothing to do. */
    COMPLETE("was complete"),
    /** It went wrong. */
    FAILED("failed"),
    /** Somebody cancelled it. */
    CANCELLED("cancelled"),
    /** Nobody waits for its jobs any longer. */
    LEFT("not waited for");

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
    return usage.dollars(Prices.LISTED);
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
