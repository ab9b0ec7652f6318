package ml.bqx.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.Storage;

/**
 * The commit record of a table: what its checkpoint is, written when all its files are there.
 *
 * @param directory of the pair's checkpoints
 * @param path of the record
 */
public record CommitRecord(Storage storage, String directory, String path) {
  private static final String REMEDY = "extract again";

  /** The record of a table, whether or not it is there. */
  public static CommitRecord of(Storage storage, String directory, String table) {
    return new CommitRecord(storage, directory, CheckpointNames.record(directory, table));
  }

  /**
   * Deletes the records of tables that are going to be extracted whatever there is: if that fails,
   * nothing counts as there that was made before.
   */
  public static void forget(Storage storage, String directory, List<String> tables)
      throws IOException {
    Manifest.withdraw(storage, directory);
    storage.delete(tables.stream().map(table -> CheckpointNames.record(directory, table)).toList());
  }

  /**
   * What it says, without looking at the files.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws InvalidInputException when it is damaged
   */
  CheckpointEntry read() throws IOException {
    return Json.parse(path, storage.read(path), REMEDY, CheckpointEntry.class);
  }

  /**
   * What it says, whatever made it; empty when there is none, or it is damaged. Another run may
   * delete it at any moment.
   *
   * @param harm is told of damage
   */
  public Optional<CheckpointEntry> find(Consumer<String> harm) throws IOException {
    Optional<byte[]> json = storage.readIfThere(path);
    if (json.isEmpty()) {
      return Optional.empty();
    }

    try {
      return Optional.of(Json.parse(path, json.get(), REMEDY, CheckpointEntry.class));
    } catch (InvalidInputException e) {
      harm.accept("its commit record is damaged (%s)".formatted(path));
      return Optional.empty();
    }
  }

  /** Writes it, in place of the one that may be there. */
  public void write(CheckpointEntry entry) throws IOException {
    storage.commit(directory, path, Json.record(entry));
  }

  /** Deletes it, if it is there. */
  public void delete() throws IOException {
    storage.delete(List.of(path));
  }
}
