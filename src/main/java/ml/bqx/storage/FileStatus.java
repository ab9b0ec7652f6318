package ml.bqx.storage;

import java.io.Serializable;
import java.time.Instant;

/**
 * A file as a listing shows it.
 *
 * @param bytes its size; negative of a link that leads to no file: {@link #DANGLING}, {@link #LOOP}
 * @param modified when it was last written
 * @param identity differs when another file has taken the name, or the file was written again:
 *     inode and time of change, or an object's generation
 * @param crc32c CRC32C of its bytes as 8 hex digits, which Cloud Storage knows; otherwise empty
 */
public record FileStatus(String path, long bytes, Instant modified, String identity, String crc32c)
    implements Serializable {
  /** The size of a link to a file that is not there. */
  static final long DANGLING = -1;

  /** The size of a link to a directory that it is in itself. */
  static final long LOOP = -2;

  // What the compiler makes of a record is put together when it is first called, which takes
  // milliseconds of a merge of small files.
  @Override
  public boolean equals(Object other) {
    return other instanceof FileStatus file
        && path.equals(file.path)
        && bytes == file.bytes
        && modified.equals(file.modified)
        && identity.equals(file.identity)
        && crc32c.equals(file.crc32c);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /** The path behind the last slash. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Whether it is the file of that status, or one of equal content, under another name. */
  public boolean isRenamed(FileStatus before) {
    boolean same =
        crc32c.isEmpty() ? identity.equals(before.identity) : crc32c.equals(before.crc32c);
    return same && bytes == before.bytes;
  }

  /** Whether it is a link to a file that is not there. */
  public boolean isDangling() {
    return bytes == DANGLING;
  }

  /** Whether it is a link to a directory that it is in itself. */
  public boolean isLoop() {
    return bytes == LOOP;
  }
}
