package ml.bqx.storage;

import java.time.Instant;

/**
 * A file as a listing shows it.
 *
 * @param bytes its size
 * @param modified when it was last written
 */
public record FileStatus(String path, long bytes, Instant modified) {
  /** The path behind the last slash. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
