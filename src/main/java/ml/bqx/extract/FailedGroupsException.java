package ml.bqx.extract;

import java.util.List;
import ml.bqx.config.Wave;

/** Feature groups of a wave that have no checkpoint; the others have one. */
final class FailedGroupsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> failures;

  /** A wave that failed, and the reason for each of its groups that did, for users. */
  FailedGroupsException(Wave wave, List<String> failures) {
    super(
        "Cannot complete wave %s: %,d checkpoints are missing; the others are kept, run again after fixing this\n%s"
            .formatted(wave, failures.size(), String.join("\n", failures)));
    this.failures = List.copyOf(failures);
  }

  List<String> failures() {
    return failures;
  }
}
