package ml.bqx.failure;

import java.io.Serializable;

/**
 * One thing that is wrong.
 *
 * @param option the option or variable that is wrong, as users write it; empty when it is something
 *     else
 * @param text the message for users; it names the option itself
 */
public record Problem(String option, String text) implements Serializable {
  /** A problem of no single option. */
  public static Problem of(String text) {
    return new Problem("", text);
  }
}
