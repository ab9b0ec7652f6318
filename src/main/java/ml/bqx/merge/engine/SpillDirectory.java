package ml.bqx.merge.engine;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.failure.InvalidInputException;

/**
 * A directory of this machine for what an engine writes on its way: one for each run, deleted with
 * all in it when the run ends, also when it is ended by SIGTERM or SIGINT.
 */
final class SpillDirectory implements Closeable {
  private final Path path;

  private SpillDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes a directory.
   *
   * @param parent where; made when it is not there
   * @throws InvalidInputException when it cannot be made
   */
  static SpillDirectory create(Path parent) {
    try {
      Files.createDirectories(parent);
      SpillDirectory directory = new SpillDirectory(Files.createTempDirectory(parent, "bqx-spill"));
      // Never taken back: it finds nothing when the run has ended well.
      Runtime.getRuntime().addShutdownHook(new Thread(directory::deleteAtExit));
      return directory;
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot write to %s: %s; name another directory with --spillDirectory"
              .formatted(parent, e),
          e);
    }
  }

  Path path() {
    return path;
  }

  /** A file or directory right in it. */
  Path resolve(String name) {
    return path.resolve(name);
  }

  private void deleteAtExit() {
    try {
      delete();
    } catch (IOException e) {
      System.err.println("Cannot delete " + path + ": " + e.getMessage());
    }
  }

  private void delete() throws IOException {
    if (Files.exists(path)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Override
  public void close() throws IOException {
    delete();
  }
}
