package ml.bqx.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import ml.bqx.storage.Storage.FileStatus;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** What files do alike on this machine and on Cloud Storage. */
abstract class StorageContract {
  /** An empty directory, as a path that {@link Storage} takes. */
  abstract String directory();

  /** Credentials and endpoint. */
  PipelineOptions options() {
    return PipelineOptionsFactory.create();
  }

  @Test
  void creatingMakesDirectoriesAndReplacesWhatIsThere() throws Exception {
    String path = path("new/deeper/file");
    write(path, "a longer first text");
    write(path, "second");

    assertThat(Storage.read(path)).asString(UTF_8).isEqualTo("second");
    assertThat(Storage.size(path)).isEqualTo(6);
  }

  @Test
  void listingShowsFilesButNotDirectories() throws Exception {
    write(path("a.parquet"), "12345");
    write(path("_hidden"), "");
    write(path("sub/below"), "x");

    assertThat(Storage.list(directory()))
        .extracting(FileStatus::path, FileStatus::bytes)
        .containsExactlyInAnyOrder(tuple(path("a.parquet"), 5L), tuple(path("_hidden"), 0L));
    assertThat(Storage.list(directory()))
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

    assertThat(Storage.read(path("to"))).asString(UTF_8).isEqualTo("new");
    assertThat(Storage.size(path("from"))).isEqualTo(-1);
  }

  @Test
  void deletingPassesOverWhatIsNotThere() throws Exception {
    write(path("a"), "");

    Storage.delete(List.of(path("a"), path("b"), path("a")));

    assertThat(Storage.list(directory())).isEmpty();
  }

  @Test
  void aDirectoryThatCanBeWrittenToIsLeftAsItWas() throws Exception {
    Storage.checkWritable(path("output"));

    assertThat(Storage.list(path("output"))).isEmpty();
    assertThat(Storage.list(path("output/_temporary"))).isEmpty();
  }

  @Test
  void anAtomicWriteLeavesNothingElse() throws Exception {
    write(path("manifest.json"), "old");

    Storage.writeAtomically(directory(), "manifest.json", "new".getBytes(UTF_8));

    assertThat(Storage.read(path("manifest.json"))).asString(UTF_8).isEqualTo("new");
    assertThat(Storage.list(directory())).hasSize(1);
  }

  /** The check value of CRC-32C, as its catalogues give it. */
  @Test
  void theChecksumIsCrc32c() throws Exception {
    write(path("file"), "123456789");
    write(path("empty"), "");

    assertThat(Checksum.of(path("file"), options())).isEqualTo("e3069283");
    assertThat(Checksum.of(path("empty"), options())).isEqualTo("00000000");
  }

  @Test
  void theChecksumOfAChannelIsThatOfItsFile() throws Exception {
    byte[] bytes = "some text ".repeat(200_000).getBytes(UTF_8);
    String path = path("file");
    String checksum;
    try (ChecksumChannel channel = new ChecksumChannel(Storage.create(path))) {
      for (int at = 0; at < bytes.length; at += 7_777) {
        ByteBuffer part = ByteBuffer.wrap(bytes, at, Math.min(7_777, bytes.length - at));
        Storage.write(channel, part);
      }

      assertThat(channel.bytes()).isEqualTo(bytes.length);
      assertThat(channel.isOpen()).isTrue();
      checksum = channel.checksum();
    }

    assertThat(checksum).isEqualTo(Checksum.of(path, options()));
    assertThat(Storage.read(path)).isEqualTo(bytes);
  }

  final String path(String name) {
    return directory() + "/" + name;
  }

  static void write(String path, String content) throws IOException {
    Storage.createDirectory(path.substring(0, path.lastIndexOf('/')));
    try (WritableByteChannel channel = Storage.create(path)) {
      Storage.write(channel, ByteBuffer.wrap(content.getBytes(UTF_8)));
    }
  }
}
