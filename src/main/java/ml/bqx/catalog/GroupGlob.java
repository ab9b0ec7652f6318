package ml.bqx.catalog;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;
import ml.bqx.failure.InvalidInputException;

/**
 * A glob over the names of feature groups and their tables, in the syntax of {@link PathMatcher}.
 */
record GroupGlob(String pattern, PathMatcher matcher) {

  /**
   * Compiles the pattern.
   *
   * @throws InvalidInputException when it is not a glob
   */
  static GroupGlob of(String pattern) {
    try {
      return new GroupGlob(pattern, FileSystems.getDefault().getPathMatcher("glob:" + pattern));
    } catch (PatternSyntaxException e) {
      throw new InvalidInputException(
          "Cannot read the glob of groups: %s (%s)".formatted(e.getDescription(), pattern), e);
    }
  }

  boolean matches(String group, String table) {
    try {
      return matcher.matches(Path.of(group)) || matcher.matches(Path.of(table));
    } catch (InvalidPathException e) {
      // Not a name for a feature group either; let it through, so that the catalog says so.
      return true;
    }
  }
}
