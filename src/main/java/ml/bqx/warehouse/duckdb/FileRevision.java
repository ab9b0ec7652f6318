package ml.bqx.warehouse.duckdb;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * The state of a DuckDB file. What is committed goes to its write-ahead log first, and stays there
 * until a checkpoint: so both decide.
 *
 * @param lastModified when file or log was last written, the later of both
 * @param log what distinguishes one state of file and log from another; empty when there is no log
 * @see <a href="https://duckdb.org/docs/stable/internals/storage">DuckDB's storage</a>
 */
record FileRevision(Instant lastModified, String log) implements Serializable {
  /**
   * Looks at a file. It is the state that a connection reads when the connection was opened before:
   * from then on, DuckDB keeps writers away.
   */
  static FileRevision of(Path file) throws IOException {
    // DuckDB follows a link too, and looks for the log beside what it leads to.
    Path real = file.toRealPath();
    Instant written = Files.getLastModifiedTime(real).toInstant();
    try {
      BasicFileAttributes log =
          Files.readAttributes(
              real.resolveSibling(real.getFileName() + ".wal"), BasicFileAttributes.class);
      Instant logged = log.lastModifiedTime().toInstant();
      return new FileRevision(
          logged.isAfter(written) ? logged : written,
          " (file %s, log %s of %d bytes)".formatted(written, logged, log.size()));
    } catch (NoSuchFileException e) {
      return new FileRevision(written, "");
    }
  }
}
