package ml.bqx.config;

import com.google.common.base.CharMatcher;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;

/** Reads the paths that options give: of this machine, or {@code gs://bucket/folder}. */
public final class Locations {
  private static final String REMOTE = "gs://";

  // https://cloud.google.com/storage/docs/buckets#naming
  private static final Pattern GCS_FOLDER =
      Pattern.compile("gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/[^/]+)*/?");

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  /** Beam's file systems take these for a pattern, and would write to or read from elsewhere. */
  private static final CharMatcher WILDCARD = CharMatcher.anyOf("*?[]{}");

  private Locations() {}

  /** Whether it is on Cloud Storage. */
  public static boolean isRemote(String location) {
    return location.startsWith(REMOTE);
  }

  /** The directory of a pair's checkpoints below the one of all. */
  public static String pair(String checkpoints, Pair pair) {
    return child(checkpoints, pair.toString());
  }

  /** The training file of a pair below the directory of all. */
  public static String trainingFile(String output, Pair pair) {
    return child(output, "training_" + pair + ".parquet");
  }

  /** {@code directory/name}, with one slash between them. */
  private static String child(String directory, String name) {
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }

  /** Whether both are the same place, however they are written. */
  static boolean same(String one, String other) {
    if (isRemote(one) || isRemote(other)) {
      return one.equals(other);
    }

    return absolute(one).equals(absolute(other));
  }

  /** The path in its simplest form, without a slash at its end. */
  public static String parse(String text) {
    if (WILDCARD.matchesAnyOf(text)) {
      throw new InvalidInputException("wildcard characters (* ? [ ] { }) cannot be part of a path");
    }

    return text.startsWith("gs:") ? parseRemote(text) : parseLocal(text);
  }

  /** Like {@link #parse}, for what only works on a local file system. */
  static String parseOnThisMachine(String text) {
    if (text.startsWith("gs:")) {
      throw new InvalidInputException("not on this machine (expected a local path)");
    }

    return parse(text);
  }

  private static String parseRemote(String text) {
    if (!GCS_FOLDER.matcher(text).matches()) {
      throw new InvalidInputException(
          "not a Cloud Storage folder (expected gs://bucket or gs://bucket/folder)");
    }

    return CharMatcher.is('/').trimTrailingFrom(text);
  }

  private static String parseLocal(String text) {
    if (SCHEME.matcher(text).matches()) {
      throw new InvalidInputException(
          "not a supported location (expected a local path or gs://bucket/folder)");
    }

    if (text.equals("~") || text.startsWith("~/")) {
      throw new InvalidInputException("the shell did not expand ~ (write $HOME instead)");
    }

    try {
      String simple = Path.of(text).normalize().toString();
      return simple.isEmpty() ? "." : simple;
    } catch (InvalidPathException e) {
      throw new InvalidInputException("not a path (" + e.getReason() + ")", e);
    }
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }
}
