package ml.bqx.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.bqx.CommitRecords;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.checkpoint.CheckpointNames;

/** Tells what came of a command: by its exit code, its message and the files that it has left. */
final class Judge {
  private static final Pattern TRACE =
      Pattern.compile(
          "^\\s+at [\\w.$/]+\\(|\\b(java|ml|org|com)\\.[a-z.]+\\w*(Exception|Error)\\b",
          Pattern.MULTILINE);

  private Judge() {}

  /** What a training file is held against. */
  interface Comparison {
    Result compare(Path found) throws Exception;
  }

  /**
   * A merge that met something: either there is the right training file, or a message and nothing.
   *
   * @param words one of which the message must have
   */
  static Result merge(Outcome outcome, Workplace place, Comparison right, List<String> words)
      throws Exception {
    boolean published = Files.exists(place.trainingFile());
    if (outcome.code() == 0) {
      return published
          ? right.compare(place.trainingFile())
          : new Result(Verdict.LOST, "exit code 0 and no training file");
    }

    Result file = published ? right.compare(place.trainingFile()) : Result.SURVIVED;
    return file.in("exit code 1, and the training file").then(() -> message(outcome, words));
  }

  /** Whether a command that failed tells it in a message with one of the words, and no trace. */
  static Result message(Outcome outcome, List<String> words) {
    if (outcome.code() == 0) {
      return Result.SURVIVED;
    }

    String error = outcome.error();
    boolean clear =
        !error.isEmpty()
            && !TRACE.matcher(error).find()
            && words.stream().anyMatch(error::contains);
    return clear
        ? Result.SURVIVED
        : new Result(Verdict.UNCLEAR, error.isEmpty() ? "no message" : error);
  }

  /** Whether nothing temporary is below a directory. */
  static Result cleanedUp(Path directory) {
    List<String> left =
        Workplace.filesBelow(directory).stream()
            .filter(file -> file.contains("_temporary"))
            .toList();
    return left.isEmpty()
        ? Result.SURVIVED
        : new Result(Verdict.LEFT_BEHIND, String.join(", ", left));
  }

  /**
   * Whether a set of checkpoints is byte for byte as it should be, and nothing besides; records may
   * say that they were made at another time.
   */
  static Result set(Workplace good, Workplace found) throws IOException {
    List<String> expected = Workplace.filesBelow(good.checkpoints());
    List<String> actual = Workplace.filesBelow(found.checkpoints());
    for (String file : expected) {
      Path there = found.checkpoints().resolve(file);
      if (!actual.contains(file)) {
        return new Result(Verdict.WRONG, "there is no file " + file);
      } else if (!areEqual(good.checkpoints().resolve(file), there)) {
        return new Result(Verdict.WRONG, file + " is not as it should be");
      }
    }

    for (String file : actual) {
      if (!file.contains("_temporary") && !expected.contains(file)) {
        return new Result(Verdict.WRONG, "there is a file " + file);
      }
    }

    return cleanedUp(found.checkpoints());
  }

  private static boolean areEqual(Path good, Path found) throws IOException {
    return good.getParent().endsWith("_commits")
        ? CommitRecords.withoutTimes(good).equals(CommitRecords.withoutTimes(found))
        : Files.mismatch(good, found) < 0;
  }

  /** Whether all files that have a final name are as they should be, as many as there are. */
  static Result finalNames(Workplace good, Workplace found) throws IOException {
    if (!Files.isDirectory(found.directory())) {
      return Result.SURVIVED;
    }

    try (Stream<Path> files = Files.list(found.directory())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        Path expected = good.directory().resolve(name);
        boolean isFinal = CheckpointNames.table(name).isPresent() || name.equals("_manifest.json");
        if (isFinal && (Files.notExists(expected) || Files.mismatch(expected, file) >= 0)) {
          return new Result(Verdict.WRONG, name + " is not whole, or not right");
        }
      }
    }

    return Result.SURVIVED;
  }
}
