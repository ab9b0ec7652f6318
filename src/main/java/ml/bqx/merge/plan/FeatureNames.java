package ml.bqx.merge.plan;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.catalog.Identifier;
import ml.bqx.failure.InvalidInputException;

/**
 * Names groups and columns of another tool's files by the rule that holds for warehouses: letters,
 * digits and underscores. Other names are repaired or refused, all of them at once.
 */
final class FeatureNames {
  private final String directory;
  private final boolean rename;
  private final List<String> renamed = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  /**
   * The names in a directory.
   *
   * @param rename whether names that break the rule are repaired
   */
  FeatureNames(String directory, boolean rename) {
    this.directory = directory;
    this.rename = rename;
  }

  /** The name of a feature group, which the name of its file or folder gives. */
  String group(String name, String file) {
    return Identifier.isValid(name)
        ? name
        : repaired(name, Identifier.of(name), "%s: group '%s'".formatted(file, name));
  }

  /**
   * The name of a column in the training file.
   *
   * @param prefix what precedes the name of every column of its group, which may have it already
   */
  String column(String prefix, String name, String file) {
    String own = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    boolean valid = !own.isEmpty() && Identifier.isValid(prefix.isEmpty() ? own : "_" + own);
    return valid
        ? prefix + own
        : repaired(
            prefix + own,
            Identifier.of(prefix + (own.isEmpty() ? "_" : own)),
            "%s: column '%s'".formatted(file, name));
  }

  private String repaired(String name, String repaired, String what) {
    if (!rename) {
      refused.add(what);
      return name;
    }

    renamed.add("%s is %s".formatted(what, repaired));
    return repaired;
  }

  /** Names that were repaired, with what they are now. */
  List<String> renamed() {
    return List.copyOf(renamed);
  }

  /**
   * Makes sure that all names that were asked for can be used.
   *
   * @throws InvalidInputException naming all that cannot
   */
  void check() {
    if (!refused.isEmpty()) {
      throw new InvalidInputException(
          "Cannot merge %s: these names are not %s; change them, or let --renameColumns put an underscore in place of every other character"
              .formatted(directory, Identifier.RULE),
          refused);
    }
  }
}
