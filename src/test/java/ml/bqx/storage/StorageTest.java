package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import ml.bqx.options.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest extends StorageContract {
  @TempDir Path directory;

  @Override
  String directory() {
    return directory.toString();
  }

  @Test
  void aDirectoryIsDeletedWithTheOneAboveItUnlessThatIsInUse() throws Exception {
    write(path("_temporary/one/part-0"), "x");
    write(path("_temporary/two/part-0"), "x");

    Storage.deleteDirectory(path("_temporary/one"));
    assertThat(directory.resolve("_temporary/two/part-0")).exists();
    assertThat(directory.resolve("_temporary/one")).doesNotExist();

    Storage.deleteDirectory(path("_temporary/two"));
    Storage.deleteDirectory(path("_temporary/two"));
    assertThat(directory.resolve("_temporary")).doesNotExist();
  }

  @Test
  void aRecordThatIsNotFinishedLiesWithTheTemporaryFiles() throws Exception {
    write(path("_commits/agg.json/in the way"), "");

    assertThatThrownBy(() -> Storage.writeAtomically(path(""), "_commits/agg.json", new byte[1]))
        .isInstanceOf(FileSystemException.class);
    assertThat(directory.resolve("_commits")).isDirectoryNotContaining(Files::isRegularFile);
    assertThat(Storage.list(path("_temporary"))).hasSize(1);
  }

  /** What a worker begins after its run has cleaned up would stay for ever. */
  @Test
  void noFileBringsBackADirectoryThatWasDeleted() throws Exception {
    write(path("_temporary/one/part-0"), "x");
    Storage.deleteDirectory(path("_temporary/one"));

    assertThatThrownBy(() -> Storage.create(path("_temporary/one/part-1")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefused() throws Exception {
    write(path("file"), "in the way");

    assertThatThrownBy(() -> Storage.checkWritable(path("file/below")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write to " + path("file/below") + ": ");
  }
}
