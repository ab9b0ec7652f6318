package ml.bqx.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit record of a table: what its checkpoint is, written when all its files are there. With
 * it goes what an observer has kept about the rows, as a field, because an object of its own would
 * be one more billed request to write and another to read. That is one line of JSON in a text,
 * which only those parse who want it.
 *
 * @param directory of the pair's checkpoints
 * @param path of the record
 */
public record CommitRecord(Storage storage, String directory, String path) {
  /** The field with what an observer has kept. */
  static final String OBSERVATION = "observation";

  private static final Logger LOG = LoggerFactory.getLogger(CommitRecord.class);

  private static final String REMEDY = "extract again";

  /** The record of a table, whether or not it is there. */
  public static CommitRecord of(Storage storage, String directory, String table) {
    return new CommitRecord(storage, directory, CheckpointNames.record(directory, table));
  }

  /** The record of a checkpoint. */
  public static CommitRecord of(Storage storage, String directory, CheckpointEntry entry) {
    return new CommitRecord(storage, directory, CheckpointNames.record(directory, entry));
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

  /**
   * Writes it, in place of the one that may be there. A run that commits the same checkpoint at the
   * same moment is no error, although its record tells of other times.
   *
   * @param observation what is kept about the rows, as a record
   * @throws ServiceException when another run has written the record of another checkpoint
   *     meanwhile
   */
  public void write(CheckpointEntry entry, Optional<Object> observation) throws IOException {
    ObjectNode fields = Json.fields(entry);
    observation.ifPresent(kept -> fields.put(OBSERVATION, Json.line(kept)));
    try {
      storage.commit(directory, path, Json.record(fields));
    } catch (ServiceException e) {
      if (find(harm -> LOG.debug("{}", harm)).filter(entry::equals).isEmpty()) {
        throw e;
      }

      LOG.debug("Another run has committed the same checkpoint", e);
    }
  }

  /** What was kept about the rows; empty when there is nothing that can be read. */
  public <T> Optional<T> observation(Class<T> type) throws IOException {
    try {
      return storage
          .readIfThere(path)
          .map(json -> Json.parse(path, json, REMEDY, ObjectNode.class).path(OBSERVATION))
          .filter(JsonNode::isTextual)
          .map(kept -> Json.ofLine(OBSERVATION, kept.asText(), type));
    } catch (InvalidInputException e) {
      LOG.debug("Damaged, or of another version", e);
      return Optional.empty();
    }
  }

  /** Deletes it, if it is there. */
  public void delete() throws IOException {
    storage.delete(List.of(path));
  }
}
