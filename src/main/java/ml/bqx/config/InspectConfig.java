package ml.bqx.config;

import java.util.Optional;
import ml.bqx.options.InspectOptions;

/**
 * What is inspected, validated; made by {@link #from}.
 *
 * @param path a file or a directory
 * @param feature a column of the file
 */
public record InspectConfig(String path, Optional<String> feature) {
  /**
   * Validates the options.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each option that is wrong
   */
  public static InspectConfig from(InspectOptions options) {
    Checks checks = new Checks();
    InspectConfig config =
        new InspectConfig(
            checks.required("path", options.getPath(), "a file or directory", Locations::parse),
            Optional.ofNullable(options.getFeature()));
    checks.throwIfAny();
    return config;
  }

  /** Whether it is on this machine. */
  public boolean isOnThisMachine() {
    return !Locations.isRemote(path);
  }
}
