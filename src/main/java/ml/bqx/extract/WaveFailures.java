package ml.bqx.extract;

import com.google.common.base.Throwables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.cli.ErrorReport;
import ml.bqx.config.Wave;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.warehouse.DiscoveredTable;

/** Collects why waves failed, so that one that fails does not stop the others. */
final class WaveFailures {
  /** Missing groups of a wave that an error names. */
  private static final int SHOWN_GROUPS = 10;

  private final List<String> failures = new ArrayList<>();
  private int missing;

  /**
   * Adds a wave that failed.
   *
   * @param left its groups that have no checkpoint
   * @throws RuntimeException the failure itself, when it cost no checkpoint
   */
  void add(Wave wave, RuntimeException failure, List<DiscoveredTable> left) {
    Optional<FailedGroupsException> groups =
        Throwables.getCausalChain(failure).stream()
            .filter(FailedGroupsException.class::isInstance)
            .map(FailedGroupsException.class::cast)
            .findFirst();
    if (groups.isPresent()) {
      missing += groups.get().failures().size();
      failures.addAll(groups.get().failures());
    } else if (left.isEmpty()) {
      throw failure;
    } else {
      missing += left.size();
      failures.add(
          "wave %s (without %s): %s"
              .formatted(
                  wave,
                  Listing.inWords(
                      left.stream().map(table -> table.group().table().name()).toList(),
                      SHOWN_GROUPS),
                  ErrorReport.message(failure)));
    }
  }

  /**
   * Does nothing when no wave failed.
   *
   * @param checkpoints of the whole extraction
   * @throws InvalidInputException otherwise, with all reasons
   */
  void throwIfAny(int checkpoints) {
    if (!failures.isEmpty()) {
      throw new InvalidInputException(
          "Cannot complete the extraction: %,d of %,d checkpoints are missing; the others are kept, run again after fixing this"
              .formatted(missing, checkpoints),
          failures.stream().sorted().toList());
    }
  }
}
