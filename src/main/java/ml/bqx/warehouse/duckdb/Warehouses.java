package ml.bqx.warehouse.duckdb;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import ml.bqx.failure.InvalidInputException;

/** Opens the embedded warehouse that an option names. */
public final class Warehouses {
  private static final String DUCKDB = "duckdb:";

  private Warehouses() {}

  /**
   * Opens an embedded warehouse for reading.
   *
   * @param spec {@code duckdb:FILE}
   * @throws InvalidInputException when it names no embedded warehouse, or cannot be opened
   */
  public static DuckDbWarehouse open(String spec) {
    return DuckDbWarehouse.open(file(spec));
  }

  /**
   * The file of an embedded warehouse, which need not exist yet.
   *
   * @param spec {@code duckdb:FILE}
   * @throws InvalidInputException when it names no embedded warehouse
   */
  public static Path file(String spec) {
    if (!spec.startsWith(DUCKDB) || spec.length() == DUCKDB.length()) {
      throw new InvalidInputException(
          "Cannot tell the warehouse: it must be duckdb:FILE (%s)".formatted(spec));
    }

    try {
      return Path.of(spec.substring(DUCKDB.length()));
    } catch (InvalidPathException e) {
      throw new InvalidInputException(
          "Cannot use the warehouse's file name: %s (%s)".formatted(e.getReason(), spec), e);
    }
  }
}
