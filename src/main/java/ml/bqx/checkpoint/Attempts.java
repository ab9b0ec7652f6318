package ml.bqx.checkpoint;

import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;

/**
 * The files that the workers of a wave have not committed yet, whose names begin alike: a worker
 * that is killed cannot discard its own, so the wave's last step does.
 *
 * @param directory of the pair's checkpoints
 * @param wave a name that no other wave of any run has
 */
public record Attempts(Storage storage, String directory, String wave) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Those of a wave that begins. */
  public static Attempts begin(Storage storage, String directory) {
    return new Attempts(storage, directory, UUID.randomUUID().toString());
  }

  /**
   * A file of another attempt than all before it.
   *
   * @param what it is going to be
   */
  public NewFile file(String what) throws IOException {
    return storage.temporary(directory, "%s-%s-".formatted(wave, what));
  }

  /** Deletes those that nobody is going to commit, as the wave has all that it makes. */
  public void deleteLeftOvers() throws IOException {
    String temporary = directory + "/" + Storage.TEMPORARY;
    storage.delete(storage.list(temporary, wave + "-").stream().map(FileStatus::path).toList());
  }
}
