package ml.bqx.launch;

import static java.util.stream.Collectors.toMap;

import com.google.common.collect.Sets;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingChoice;

/**
 * Checks what the jobs have made: the manifest of an extraction with the files that it lists, and
 * the training file of a merge, which must match its card and be made from the current checkpoints.
 * Their content was verified before they were published.
 */
final class ResultCheck {
  private static final int MOST_FILES = 10;

  private final LauncherConfig config;
  private final Storage storage;

  ResultCheck(LauncherConfig config, Storage storage) {
    this.config = config;
    this.storage = storage;
  }

  /**
   * The manifest of a pair, if there is one.
   *
   * @throws InvalidInputException when it cannot be read, or is of another pair
   */
  Optional<Manifest> manifest(Pair pair) throws IOException {
    String directory = config.checkpointDirectory(pair);
    Optional<Manifest> manifest = Manifest.read(storage, directory);
    if (manifest.isPresent() && !manifest.get().pair().equals(pair.name())) {
      throw new InvalidInputException(
          "Cannot use %s for %s: it is the manifest of %s"
              .formatted(Manifest.path(directory), pair, manifest.get().pair()));
    }

    return manifest;
  }

  /**
   * Makes sure that all files are there, as they were when the manifest was written.
   *
   * @throws InvalidInputException when they are not
   */
  void extraction(Pair pair, Manifest manifest) throws IOException {
    Map<String, String> wrong = wrongFiles(pair, manifest);
    if (!wrong.isEmpty()) {
      throw new InvalidInputException(
          "Cannot trust the checkpoints in %s: of the files in the manifest, %s; extract again: only these are extracted again"
              .formatted(
                  config.checkpointDirectory(pair),
                  Listing.inWords(List.copyOf(wrong.values()), MOST_FILES)));
    }
  }

  /**
   * Tables that are to be extracted, or extracted again: those that differ from the warehouse's,
   * and those whose files are not as they were when the manifest was written.
   *
   * @param wanted what an extraction would make now
   */
  Set<String> outdated(Pair pair, Manifest manifest, Wanted wanted) throws IOException {
    return Sets.union(
        manifest.outdated(wanted.config(), wanted.found().catalog()),
        wrongFiles(pair, manifest).keySet());
  }

  /**
   * Writes down what was found in the warehouse, for all jobs of a pair. Rules delete what is in
   * the temporary directory by age.
   *
   * @return the file
   */
  String handOver(Pair pair, Wanted wanted) throws IOException {
    String directory = config.tempLocation() + "/discovery";
    String file = "%s/%s-%s.json".formatted(directory, pair, UUID.randomUUID());
    storage.publish(directory, file, wanted.found().json());
    return file;
  }

  /** What is wrong, by table: one of its files. */
  private Map<String, String> wrongFiles(Pair pair, Manifest manifest) throws IOException {
    Map<String, FileStatus> found =
        storage.list(config.checkpointDirectory(pair)).stream()
            .collect(toMap(FileStatus::name, Function.identity()));
    Map<String, String> wrong = new LinkedHashMap<>();
    for (CheckpointEntry entry : manifest.checkpoints()) {
      for (CheckpointFile file : entry.files()) {
        FileStatus there = found.get(file.name());
        if (there == null) {
          wrong.put(entry.table(), file.name() + " is missing");
        } else if (there.bytes() != file.bytes() || differ(there.crc32c(), file.crc32c())) {
          wrong.put(entry.table(), file.name() + " differs");
        }
      }
    }

    return wrong;
  }

  private static boolean differ(String found, String expected) {
    return !found.isEmpty() && !found.equals(expected);
  }

  /**
   * Verifies the training file of a pair.
   *
   * @param manifest of the checkpoints it was made from; empty for those of another tool, and when
   *     the merge has deleted them
   * @return its card
   * @throws InvalidInputException when it is missing, damaged, or made from other checkpoints
   */
  TrainingCard training(Pair pair, Optional<Manifest> manifest) throws IOException {
    String path = config.trainingFile(pair);
    FileStatus file = storage.status(path).orElseThrow(() -> missing(path, "training file"));
    String cardPath = TrainingCard.path(path);
    TrainingCard card =
        TrainingCard.read(storage, path)
            .orElseThrow(() -> missing(cardPath, "card of the training file"));
    check(path, "bytes", card.bytes(), file.bytes());
    check(path, "CRC32C", card.crc32c(), file.crc32c().isEmpty() ? card.crc32c() : file.crc32c());
    if (manifest.isPresent() || !config.deletesCheckpoints()) {
      check(path, "manifest", manifest.map(Manifest::fingerprint).orElse("none"), card.manifest());
    }

    if (manifest.isPresent()) {
      TrainingChoice choice = card.choice();
      int offered = choice == null ? card.features() : choice.featuresOffered();
      check(path, "features", manifest.get().features(), offered);
      if (choice == null || !choice.choosesRows()) {
        check(path, "rows", (long) manifest.get().spine().rows(), card.rows());
      }
    }

    return card;
  }

  private static InvalidInputException missing(String path, String what) {
    return new InvalidInputException(
        "Cannot find %s: the merge succeeded, but there is no %s".formatted(path, what));
  }

  private static void check(String path, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new InvalidInputException(
          "Cannot trust %s: its %s should be %s and is %s; it is not the file that this merge wrote; merge again"
              .formatted(path, what, expected, found));
    }
  }
}
