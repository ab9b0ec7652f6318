package ml.bqx.storage;

import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ml.bqx.failure.ServiceException;

/**
 * Writes a whole object in place of a certain generation of it. That it is there already is no
 * error: the answer to an earlier attempt was lost, or another run has written the same.
 *
 * @param bytes its size
 * @param crc32c its checksum
 * @param attempt writes it under a condition
 * @param status what is there now
 */
record ConditionalWrite(
    String path,
    long bytes,
    String crc32c,
    Consumer<BlobTargetOption> attempt,
    Supplier<Optional<FileStatus>> status) {
  /** Runs of one pair that publish at the same time are two or three. */
  private static final int ATTEMPTS = 5;

  /**
   * Writes it in place of the one that is there now, or of none.
   *
   * @throws ServiceException when another run has written another one meanwhile
   */
  void replace() {
    if (!inPlaceOfTheOneThatIsThere()) {
      throw new ServiceException(
          "Cannot write %s: another run has written it meanwhile; run again".formatted(path));
    }
  }

  /** The same, where of runs that write at the same time the last one shall win, as on a disk. */
  void replaceLast() {
    for (int i = 1; i < ATTEMPTS; i++) {
      if (inPlaceOfTheOneThatIsThere()) {
        return;
      }
    }

    replace();
  }

  private boolean inPlaceOfTheOneThatIsThere() {
    return inPlaceOf(status.get().map(CloudObject::generation).orElse(0L));
  }

  /**
   * Writes it in place of a generation; 0 is none.
   *
   * @return whether it is there now
   */
  boolean inPlaceOf(long generation) {
    try {
      attempt.accept(BlobTargetOption.generationMatch(generation));
      return true;
    } catch (StorageException e) {
      if (!StorageFailure.isChanged(e)) {
        throw StorageFailure.of("Cannot write " + path, path, e);
      }

      return status
          .get()
          .filter(found -> found.bytes() == bytes && found.crc32c().equals(crc32c))
          .isPresent();
    }
  }
}
