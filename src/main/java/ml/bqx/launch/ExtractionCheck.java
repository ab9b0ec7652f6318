package ml.bqx.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.catalog.Pair;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;

/** Checks the result of an extraction: its manifest, and the files that the manifest lists. */
final class ExtractionCheck {
  /** Files that an error lists. */
  private static final int MOST_FILES = 10;

  private final LauncherConfig config;
  private final CloudFiles files;

  ExtractionCheck(LauncherConfig config, CloudFiles files) {
    this.config = config;
    this.files = files;
  }

  /**
   * The manifest of a pair, if there is one.
   *
   * @throws InvalidInputException when it cannot be read, or is of another pair
   */
  Optional<Manifest> manifest(Pair pair) throws IOException {
    String path = Manifest.path(config.checkpointDirectory(pair));
    Optional<Manifest> manifest = files.read(path).map(json -> Manifest.parse(path, json));
    if (manifest.isPresent() && !manifest.get().pair().equals(pair.name())) {
      throw new InvalidInputException(
          "Cannot use %s for %s: it is the manifest of %s"
              .formatted(path, pair, manifest.get().pair()));
    }

    return manifest;
  }

  /**
   * Makes sure that all files are there, as they were when the manifest was written.
   *
   * @throws InvalidInputException when they are not
   */
  void verify(Pair pair, Manifest manifest) throws IOException {
    String directory = config.checkpointDirectory(pair);
    Map<String, CloudFiles.CloudFile> found = files.list(directory);
    List<String> wrong = new ArrayList<>();
    for (CheckpointEntry entry : manifest.checkpoints()) {
      for (CheckpointFile file : entry.files()) {
        CloudFiles.CloudFile there = found.get(file.name());
        if (there == null) {
          wrong.add(file.name() + " is missing");
        } else if (there.bytes() != file.bytes() || differ(there.crc32c(), file.crc32c())) {
          wrong.add(file.name() + " differs");
        }
      }
    }

    if (!wrong.isEmpty()) {
      throw new InvalidInputException(
          "Cannot trust the checkpoints in %s: of the files in the manifest, %s; extract again: only these are extracted again"
              .formatted(directory, Listing.inWords(wrong, MOST_FILES)));
    }
  }

  private static boolean differ(String found, String expected) {
    return !found.isEmpty() && !found.equals(expected);
  }
}
