package ml.bqx.launch;

import java.io.IOException;
import java.util.Optional;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.TrainingCard;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;

/**
 * Checks the training file of a merge: that it matches its card and was made from the current
 * checkpoints. The merge itself verified the content before publishing the file.
 */
final class TrainingCheck {
  private final LauncherConfig config;
  private final Storage storage;

  TrainingCheck(LauncherConfig config, Storage storage) {
    this.config = config;
    this.storage = storage;
  }

  /**
   * Verifies the training file of a pair.
   *
   * @param manifest of the checkpoints it was made from; empty for those of another tool
   * @return its card
   * @throws InvalidInputException when it is missing, damaged, or made from other checkpoints
   */
  TrainingCard verify(Pair pair, Optional<Manifest> manifest) throws IOException {
    String path = config.trainingFile(pair);
    FileStatus file = storage.status(path).orElseThrow(() -> missing(path, "training file"));
    String cardPath = TrainingCard.path(path);
    TrainingCard card =
        TrainingCard.read(storage, path)
            .orElseThrow(() -> missing(cardPath, "card of the training file"));
    check(path, "bytes", card.bytes(), file.bytes());
    check(path, "CRC32C", card.crc32c(), file.crc32c().isEmpty() ? card.crc32c() : file.crc32c());
    check(path, "manifest", manifest.map(Manifest::fingerprint).orElse("none"), card.manifest());
    if (manifest.isPresent()) {
      check(path, "rows", (long) manifest.get().spine().rows(), card.rows());
      check(path, "features", manifest.get().features(), card.features());
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
