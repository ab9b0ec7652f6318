package ml.bqx.chaos.disk;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names the operations of a run by kind, path and number, for example {@code
 * write:output/training.parquet:3}, so that another run of the same command has operations of the
 * same names. What is random in paths is replaced with a {@code ~}.
 */
final class OperationNames {
  private static final Pattern RANDOM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Path root;
  private final Map<String, Integer> counts = new HashMap<>();

  /** Names of one run; paths are from a directory on. */
  OperationNames(Path root) {
    this.root = root;
  }

  /** The name of the operation that is next. */
  synchronized String next(Operation operation) {
    Path path = operation.target() == null ? operation.path() : operation.target();
    String relative = root.relativize(path.toAbsolutePath().normalize()).toString();
    String what =
        operation.kind().name().toLowerCase(Locale.ROOT)
            + ":"
            + RANDOM.matcher(relative).replaceAll("~");
    return what + ":" + counts.merge(what, 1, Integer::sum);
  }
}
