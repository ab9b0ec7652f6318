package ml.bqx.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.checkpoint.Storage.FileStatus;
import ml.bqx.options.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  @TempDir Path directory;

  @Test
  void creatingMakesDirectoriesAndReplacesWhatIsThere() throws Exception {
    String path = path("new/deeper/file");
    write(path, "a longer first text");
    write(path, "second");

    assertThat(Path.of(path)).hasContent("second");
    assertThat(Storage.read(path)).asString(UTF_8).isEqualTo("second");
    assertThat(Storage.size(path)).isEqualTo(6);
  }

  @Test
  void listingShowsFilesButNotDirectories() throws Exception {
    write(path("a.parquet"), "12345");
    write(path("_hidden"), "");
    write(path("sub/below"), "x");

    assertThat(Storage.list(directory.toString()))
        .containsExactlyInAnyOrder(
            new FileStatus(path("a.parquet"), 5), new FileStatus(path("_hidden"), 0))
        .extracting(FileStatus::name)
        .containsExactlyInAnyOrder("a.parquet", "_hidden");
    assertThat(Storage.list(path("nowhere"))).isEmpty();
    assertThat(Storage.list(path("a.parquet"))).isEmpty();
  }

  @Test
  void whatDoesNotExistHasNoSize() throws Exception {
    assertThat(Storage.size(path("nowhere"))).isEqualTo(-1);
    assertThat(Storage.size(path("no/where"))).isEqualTo(-1);
  }

  @Test
  void renamingReplacesWhatHasTheName() throws Exception {
    write(path("from"), "new");
    write(path("to"), "old");

    Storage.rename(path("from"), path("to"));

    assertThat(directory.resolve("to")).hasContent("new");
    assertThat(directory.resolve("from")).doesNotExist();
  }

  @Test
  void deletingPassesOverWhatIsNotThere() throws Exception {
    write(path("a"), "");

    Storage.delete(List.of(path("a"), path("b"), path("a")));

    assertThat(directory).isEmptyDirectory();
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
  void aDirectoryThatCanBeWrittenToIsLeftAsItWas() throws Exception {
    Storage.checkWritable(path("output"));

    assertThat(Storage.list(path("output"))).isEmpty();
    assertThat(Storage.list(path("output/_temporary"))).isEmpty();
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefused() throws Exception {
    write(path("file"), "in the way");

    assertThatThrownBy(() -> Storage.checkWritable(path("file/below")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot write to " + path("file/below") + ": ");
  }

  @Test
  void anAtomicWriteLeavesNothingElse() throws Exception {
    write(path("manifest.json"), "old");

    Storage.writeAtomically(path("manifest.json"), "new".getBytes(UTF_8));

    assertThat(directory.resolve("manifest.json")).hasContent("new");
    assertThat(Storage.list(directory.toString())).hasSize(1);
  }

  /** The check value of CRC-32C, as its catalogues give it. */
  @Test
  void theChecksumIsCrc32c() throws Exception {
    write(path("file"), "123456789");
    write(path("empty"), "");

    assertThat(Storage.crc32c(path("file"))).isEqualTo("e3069283");
    assertThat(Storage.crc32c(path("empty"))).isEqualTo("00000000");
  }

  @Test
  void theChecksumOfAChannelIsThatOfItsFile() throws Exception {
    byte[] bytes = "some text ".repeat(200_000).getBytes(UTF_8);
    String path = path("file");
    try (ChecksumChannel channel = new ChecksumChannel(Storage.create(path))) {
      for (int at = 0; at < bytes.length; at += 7_777) {
        ByteBuffer part = ByteBuffer.wrap(bytes, at, Math.min(7_777, bytes.length - at));
        Storage.write(channel, part);
      }

      assertThat(channel.bytes()).isEqualTo(bytes.length);
      assertThat(channel.checksum()).isEqualTo(Storage.crc32c(path));
      assertThat(channel.isOpen()).isTrue();
    }

    assertThat(Path.of(path)).hasBinaryContent(bytes);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static void write(String path, String content) throws IOException {
    try (WritableByteChannel channel = Storage.create(path)) {
      Storage.write(channel, ByteBuffer.wrap(content.getBytes(UTF_8)));
    }
  }
}
