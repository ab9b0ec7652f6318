package ml.bqx.config;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An embedded warehouse, which {@code --warehouse=duckdb:FILE} names.
 *
 * @param file path of the DuckDB file in its simplest form; it need not exist
 */
public record EmbeddedFile(String file) implements Source {
  private static final String PREFIX = "duckdb:";

  /**
   * Reads the option.
   *
   * @param expected what the option can be, for the message
   * @throws InvalidInputException when it names no file of this machine
   */
  static EmbeddedFile parse(String text, String expected) {
    if (!text.startsWith(PREFIX) || text.length() == PREFIX.length()) {
      throw new InvalidInputException("not a warehouse (expected %s)".formatted(expected));
    }

    return new EmbeddedFile(Locations.parseOnThisMachine(text.substring(PREFIX.length())));
  }

  /** The file. */
  public Path path() {
    return Path.of(file);
  }

  @Override
  public String name() {
    return PREFIX + file;
  }

  /** One: a worker reads a group by itself, so that no number of them has to fit in memory. */
  @Override
  public List<Wave> wavesToRun() {
    return List.of(Wave.WHOLE);
  }

  @Override
  public @Nullable Instant snapshotTime() {
    return null;
  }
}
