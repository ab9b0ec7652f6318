package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.failure.ServiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest extends StorageContract {
  @TempDir Path directory;

  @Override
  String directory() {
    return directory.toString();
  }

  @Override
  Storage storage() {
    return Storage.local();
  }

  @Test
  void aReadThatFailsNamesTheFile() {
    assertThatThrownBy(() -> storage().read(directory()))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("%s: Is a directory", directory());
    assertThatThrownBy(
            () -> storage().openOnce(directory()).read(0, new byte[Long.BYTES], Long.BYTES))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("%s: Is a directory", directory());
  }

  @Test
  void aDirectoryIsDeletedWithAllThatIsInIt() throws Exception {
    write(path("_temporary/one/part-0"), "x");
    write(path("_temporary/one/folder/part-0"), "x");
    write(path("_temporary/two/part-0"), "x");

    storage().deleteDirectory(path("_temporary/one"));
    storage().deleteDirectory(path("_temporary/one"));

    assertThat(directory.resolve("_temporary/one")).doesNotExist();
    assertThat(directory.resolve("_temporary/two/part-0")).exists();
  }

  @Test
  void theDirectoryAboveADeletedOneStays() throws Exception {
    write(path("_temporary/one/part-0"), "x");

    storage().deleteDirectory(path("_temporary/one"));

    assertThat(directory.resolve("_temporary")).isEmptyDirectory();
  }

  @Test
  void anEmptyDirectoryIsOne() throws Exception {
    storage().createDirectory(path("_commits"));

    assertThat(storage().hasDirectory(path("_commits"))).isTrue();
    assertThat(storage().hasDirectory(path("_other"))).isFalse();
  }

  @Test
  void whatKilledRunsTriedToWriteIsDeleted() throws Exception {
    write(path("_probe-of-the-dead"), "");

    storage().checkWritable(directory());

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void onlyAnEmptyDirectoryIsDeletedAsOne() throws Exception {
    write(path("_temporary/part-0"), "x");

    storage().deleteIfEmpty(path("_temporary"));
    assertThat(directory.resolve("_temporary/part-0")).exists();

    storage().delete(List.of(path("_temporary/part-0")));
    storage().deleteIfEmpty(path("_temporary"));
    storage().deleteIfEmpty(path("_temporary"));
    assertThat(directory.resolve("_temporary")).doesNotExist();
  }

  @Test
  void aRecordThatCannotBeCommittedLeavesNothing() throws Exception {
    write(path("_commits/agg.json/in the way"), "");

    assertThatThrownBy(() -> storage().commit(path(""), path("_commits/agg.json"), new byte[1]))
        .isInstanceOf(FileSystemException.class);
    assertThat(directory.resolve("_commits")).isDirectoryNotContaining(Files::isRegularFile);
    assertThat(storage().list(path("_temporary"))).isEmpty();
  }

  /** What a worker begins after its run has cleaned up would never be deleted. */
  @Test
  void noFileBringsBackADirectoryThatWasDeleted() throws Exception {
    write(path("_temporary/one/part-0"), "x");
    storage().deleteDirectory(path("_temporary/one"));

    assertThatThrownBy(() -> storage().create(path("_temporary/one/part-1")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(directory.resolve("_temporary")).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefused() throws Exception {
    write(path("file"), "in the way");

    assertThatThrownBy(() -> storage().checkWritable(path("file/below")))
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith("Cannot write to " + path("file/below") + ": ");
  }

  @Test
  void aDiskThatIsFullIsToldWithTheFile() throws Exception {
    try (WritableByteChannel full = storage().create("/dev/full")) {
      assertThatThrownBy(() -> full.write(ByteBuffer.wrap(new byte[10])))
          .isInstanceOf(ServiceException.class)
          .hasMessage(
              "Cannot write /dev/full: No space left on device; make room, or use another disk");
    }
  }
}
