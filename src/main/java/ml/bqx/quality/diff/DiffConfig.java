package ml.bqx.quality.diff;

import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.config.Checks;
import ml.bqx.config.Locations;

/**
 * What to compare, validated; made by {@link #from}.
 *
 * @param before directory of checkpoints, or training file
 * @param after directory of checkpoints, or training file
 * @param top columns to list
 * @param json local file for everything as JSON
 * @param bits whether two training files must be the same bit by bit
 */
public record DiffConfig(
    String before, String after, int top, Optional<String> json, boolean bits) {
  /**
   * Validates the options.
   *
   * @throws ml.bqx.failure.InvalidInputException with a line for each option that is wrong
   */
  public static DiffConfig from(DiffOptions options) {
    Checks checks = new Checks();
    String before = checks.directory("before", options.getBefore());
    String after = checks.directory("after", options.getAfter());
    int top = checks.atLeast("top", 0, options.getTop());
    Optional<String> json =
        Optional.ofNullable(options.getJsonFile())
            .map(file -> checks.localDirectory("jsonFile", file));
    checks.throwIfAny();
    if (options.isBits()) {
      for (String file : new String[] {before, after}) {
        if (!file.endsWith(".parquet")) {
          checks.wrong("bits", "true", "it compares two training files (%s is a directory)", file);
        }
      }
    }

    checks.throwIfAny();
    return new DiffConfig(before, after, top, json, options.isBits());
  }

  /** Whether both are local. */
  public boolean isOnThisMachine() {
    return Stream.of(before, after).noneMatch(Locations::isRemote);
  }
}
