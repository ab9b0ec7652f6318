package ml.bqx.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.config.Checks;
import ml.bqx.config.Locations;

/**
 * What to check, validated; made by {@link #from}.
 *
 * @param files training files, and directories of checkpoints that are given as they are
 * @param checkpoints directory of a pair's checkpoints
 */
public record CheckConfig(List<String> files, Optional<String> checkpoints) {
  /**
   * Validates the options.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each option that is wrong
   */
  public static CheckConfig from(CheckOptions options) {
    Checks checks = new Checks();
    String checkpoints = options.getCheckpoints();
    String output = options.getOutput();
    if (Stream.of(options.getFile(), checkpoints, output).allMatch(each -> each == null)) {
      checks.problem("--file, --output or --checkpoints is required");
    }

    List<String> files = new ArrayList<>();
    if (options.getFile() != null) {
      files.add(checks.directory("file", options.getFile()));
    }

    Optional<String> directory = Optional.empty();
    if (checkpoints != null || output != null) {
      Pair pair = checks.pair(options.getPair());
      Optional<String> trained =
          Optional.ofNullable(output).map(each -> checks.directory("output", each));
      Optional<String> parent =
          Optional.ofNullable(checkpoints).map(each -> checks.directory("checkpoints", each));
      checks.throwIfAny();
      trained.ifPresent(each -> files.add(Locations.trainingFile(each, pair)));
      directory = parent.map(each -> Locations.pair(each, pair));
    }

    checks.throwIfAny();
    return new CheckConfig(files, directory);
  }

  /** Whether all that is checked is local. */
  public boolean isOnThisMachine() {
    return Stream.concat(files.stream(), checkpoints.stream()).noneMatch(Locations::isRemote);
  }
}
