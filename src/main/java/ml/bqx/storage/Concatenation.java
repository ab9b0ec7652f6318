package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A Parquet file made of other Parquet files, one behind the other, and a new footer: local files
 * are copied and summed in one pass, objects of a store are composed there.
 */
public abstract sealed class Concatenation implements Closeable
    permits LocalConcatenation, GcsConcatenation {
  /**
   * Appends a file that is in the same place (disk or bucket) as this one.
   *
   * @param footer its footer; {@code file} is its path
   * @param crc32c its checksum as the manifest has it, or null when none is known
   * @return how many bytes its column chunks have moved back, compared with the file itself
   * @throws InvalidInputException when it is elsewhere, or has another checksum, as far as that is
   *     known yet
   */
  public abstract long append(ParquetFooter footer, @Nullable String crc32c) throws IOException;

  /**
   * Tells which files are going to be appended, so that they can be read ahead.
   *
   * @param footers of all of them, in their order
   */
  public void expect(List<ParquetFooter> footers) {}

  /**
   * Appends what ends the file, and completes it.
   *
   * @throws InvalidInputException when an appended file has another checksum
   */
  public abstract void finish(byte[] tail) throws IOException;

  /** CRC32C of the finished file, as 8 hex digits. A store of objects knows it anyway. */
  public String checksum(Storage storage, String path) throws IOException {
    return storage.checksum(path);
  }

  static InvalidInputException damaged(String path, String found, String expected) {
    return new InvalidInputException(
        "Cannot compose: the checksum of %s is %s, it should be %s (it was damaged or changed); if it is a checkpoint, run the extraction again, only this one is extracted again; then merge again"
            .formatted(path, found, expected));
  }
}
