package ml.bqx.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.storage.channel.ChecksumChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files do alike on this machine and on Cloud Storage. */
abstract class StorageContract {
  /** An empty directory, as a path that {@link Storage} takes. */
  abstract String directory();

  abstract Storage storage();

  @Test
  void creatingMakesDirectoriesAndReplacesWhatIsThere() throws Exception {
    String path = path("new/deeper/file");
    write(path, "a longer first text");
    write(path, "second");

    assertThat(storage().read(path)).asString(UTF_8).isEqualTo("second");
    assertThat(storage().status(path)).map(FileStatus::bytes).contains(6L);
  }

  @Test
  void listingShowsFilesButNotDirectories() throws Exception {
    write(path("a.parquet"), "12345");
    write(path("_hidden"), "");
    write(path("sub/below"), "x");

    assertThat(storage().list(directory()))
        .extracting(FileStatus::path, FileStatus::bytes)
        .containsExactlyInAnyOrder(tuple(path("a.parquet"), 5L), tuple(path("_hidden"), 0L));
    assertThat(storage().list(directory()))
        .extracting(FileStatus::name)
        .containsExactlyInAnyOrder("a.parquet", "_hidden");
    assertThat(storage().list(path("nowhere"))).isEmpty();
    assertThat(storage().list(path("a.parquet"))).isEmpty();
  }

  @Test
  void listingBelowShowsFilesAtAnyDepth() throws Exception {
    write(path("a.parquet"), "12345");
    write(path("sub/below"), "x");
    write(path("sub/deeper/_hidden"), "");

    assertThat(storage().listBelow(directory()))
        .extracting(FileStatus::path, FileStatus::bytes)
        .containsExactlyInAnyOrder(
            tuple(path("a.parquet"), 5L),
            tuple(path("sub/below"), 1L),
            tuple(path("sub/deeper/_hidden"), 0L));
    assertThat(storage().listBelow(directory())).containsAll(storage().list(directory()));
    assertThat(storage().listBelow(path("nowhere"))).isEmpty();
  }

  @Test
  void whatDoesNotExistHasNeitherStatusNorContent() throws Exception {
    assertThat(storage().status(path("nowhere"))).isEmpty();
    assertThat(storage().status(path("no/where"))).isEmpty();
    assertThat(storage().readIfThere(path("no/where"))).isEmpty();
    assertThatThrownBy(() -> storage().open(path("nowhere")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(path("nowhere"));
    assertThatThrownBy(() -> storage().openOnce(path("nowhere")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> storage().rename(path("nowhere"), path("to")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aLeaseIsHeldUntilItIsClosed() throws Exception {
    try (Closeable lease = storage().lease(path("folder/a.lease"))) {
      assertThat(storage().isLeased(path("folder/a.lease"), Instant.now())).isTrue();
      assertThat(storage().isLeased(path("folder/b.lease"), Instant.now())).isFalse();
    }

    assertThat(storage().isLeased(path("folder/a.lease"), Instant.now())).isFalse();
    assertThat(storage().list(path("folder"))).isEmpty();
  }

  @Test
  void renamingReplacesWhatHasTheName() throws Exception {
    write(path("from"), "new");
    write(path("to"), "old");

    storage().rename(path("from"), path("to"));

    assertThat(storage().read(path("to"))).asString(UTF_8).isEqualTo("new");
    assertThat(storage().status(path("from"))).isEmpty();
  }

  @Test
  void whatHasTheNameAlreadyStaysWhenANewNameIsWanted() throws Exception {
    write(path("to"), "old");
    write(path("from"), "new");
    FileStatus written = storage().existing(path("from"));

    try (NewFile file = storage().newFile(path("from"))) {
      assertThat(file.publishNew(path("to"))).isFalse();
      assertThat(storage().read(path("to"))).asString(UTF_8).isEqualTo("old");
      assertThat(file.publishNew(path("other"))).isTrue();
      assertThat(storage().read(path("other"))).asString(UTF_8).isEqualTo("new");
    }

    assertThat(storage().status(path("from"))).isEmpty();
    assertThat(storage().existing(path("other")).isRenamed(written)).isTrue();
    assertThat(storage().existing(path("to")).isRenamed(written)).isFalse();
  }

  @Test
  void deletingPassesOverWhatIsNotThere() throws Exception {
    write(path("a"), "");

    storage().delete(List.of(path("a"), path("b"), path("a")));

    assertThat(storage().list(directory())).isEmpty();
  }

  @Test
  void whatIsDeletedAsItWasSeenStaysWhenItWasReplaced() throws Exception {
    write(path("file"), "one");
    FileStatus seen = storage().status(path("file")).orElseThrow();
    write(path("file"), "another");
    FileStatus now = storage().status(path("file")).orElseThrow();

    storage().deleteUnchanged(seen);
    assertThat(storage().status(path("file"))).isPresent();

    storage().deleteUnchanged(now);
    storage().deleteUnchanged(now);
    assertThat(storage().status(path("file"))).isEmpty();
  }

  @Test
  void aDirectoryThatCanBeWrittenToIsLeftAsItWas() throws Exception {
    storage().checkWritable(path("output"));

    assertThat(storage().list(path("output"))).isEmpty();
    assertThat(storage().list(path("output/_temporary"))).isEmpty();
  }

  @Test
  void anAtomicWriteLeavesNothingElse() throws Exception {
    write(path("manifest.json"), "old");

    storage().commit(directory(), path("manifest.json"), "new".getBytes(UTF_8));

    assertThat(storage().read(path("manifest.json"))).asString(UTF_8).isEqualTo("new");
    assertThat(storage().list(directory())).hasSize(1);
  }

  @Test
  void aSmallFileIsPublishedWhole() throws Exception {
    storage().publish(directory(), path("manifest.json"), "new".getBytes(UTF_8));

    assertThat(storage().read(path("manifest.json"))).asString(UTF_8).isEqualTo("new");
    assertThat(storage().list(path("_temporary"))).isEmpty();
  }

  @Test
  void aNewFileHasItsNameWhenItIsCommitted() throws Exception {
    storage().createDirectory(path("_temporary"));
    write(path("final"), "old");
    try (NewFile file = storage().newFile(path("_temporary/attempt"))) {
      try (WritableByteChannel channel = file.open()) {
        channel.write(ByteBuffer.wrap("new".getBytes(UTF_8)));
      }

      assertThat(storage().read(file.path())).asString(UTF_8).isEqualTo("new");
      assertThat(storage().read(path("final"))).asString(UTF_8).isEqualTo("old");
      file.commit(path("final"));
    }

    assertThat(storage().read(path("final"))).asString(UTF_8).isEqualTo("new");
    assertThat(storage().list(path("_temporary"))).isEmpty();
  }

  @Test
  void aNewFileThatIsNotCommittedIsDiscarded() throws Exception {
    try (NewFile file = storage().newFile(path("attempt"))) {
      write(file.path(), "new");
    }

    assertThat(storage().list(directory())).isEmpty();
  }

  /** The check value of CRC-32C, as its catalogues give it. */
  @Test
  void theChecksumIsCrc32c() throws Exception {
    write(path("file"), "123456789");
    write(path("empty"), "");

    assertThat(storage().checksum(path("file"))).isEqualTo("e3069283");
    assertThat(storage().checksum(path("empty"))).isEqualTo("00000000");
  }

  @Test
  void theChecksumOfAChannelIsThatOfItsFile() throws Exception {
    byte[] bytes = "some text ".repeat(200_000).getBytes(UTF_8);
    String path = path("file");
    String checksum;
    try (ChecksumChannel channel = new ChecksumChannel(storage().create(path))) {
      for (int at = 0; at < bytes.length; at += 7_777) {
        ByteBuffer part = ByteBuffer.wrap(bytes, at, Math.min(7_777, bytes.length - at));
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }

      assertThat(channel.bytes()).isEqualTo(bytes.length);
      assertThat(channel.isOpen()).isTrue();
      checksum = channel.checksum();
    }

    assertThat(checksum).isEqualTo(storage().checksum(path));
    assertThat(storage().read(path)).isEqualTo(bytes);
  }

  @Test
  void aListingTellsTheSameAsALookAtTheFile() throws Exception {
    write(path("file"), "123456789");

    FileStatus status = storage().status(path("file")).orElseThrow();
    assertThat(storage().list(directory())).containsExactly(status);

    Thread.sleep(20);
    write(path("file"), "987654321");
    assertThat(storage().status(path("file")).orElseThrow().identity())
        .isNotEqualTo(status.identity());
  }

  @Test
  void aDirectoryGoesWithAllThatIsBelowIt() throws Exception {
    write(path("_temporary/one/part-0"), "x");
    write(path("_temporary/one/folder/part-0"), "x");
    write(path("_temporary/two/part-0"), "x");

    storage().deleteDirectory(path("_temporary/one"));
    storage().deleteDirectory(path("_temporary/one"));

    assertThat(storage().list(path("_temporary/one/folder"))).isEmpty();
    assertThat(storage().list(path("_temporary/one"))).isEmpty();
    assertThat(storage().list(path("_temporary/two"))).hasSize(1);
  }

  @Test
  void aFileIsCopiedToThisMachine(@TempDir Path local) throws Exception {
    write(path("file"), "text");

    storage().copy(path("file"), local.resolve("copy"));

    assertThat(local.resolve("copy")).hasContent("text");
  }

  /** What a Parquet file is read by. */
  @Test
  void rangesAreReadInAnyOrder() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("%07d ".formatted(i));
    }

    write(path("file"), text.toString());

    try (ParquetInput input = storage().openOnce(path("file"))) {
      assertThat(input.length()).isEqualTo(800_000);
      byte[] word = new byte[8];
      for (int at : new int[] {99_999, 0, 1, 50_000, 49_999, 99_999, 7}) {
        input.read(at * 8L, word, 8);
        assertThat(new String(word, UTF_8)).isEqualTo("%07d ".formatted(at));
      }

      assertThatThrownBy(() -> input.read(799_996, word, 8))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("it ends 4 bytes before it should");
    }
  }

  final String path(String name) {
    return directory() + "/" + name;
  }

  void write(String path, String content) throws IOException {
    storage().createDirectory(path.substring(0, path.lastIndexOf('/')));
    try (WritableByteChannel channel = storage().create(path)) {
      Channels.newOutputStream(channel).write(content.getBytes(UTF_8));
    }
  }
}
