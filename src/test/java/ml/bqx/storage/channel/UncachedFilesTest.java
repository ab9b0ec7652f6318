package ml.bqx.storage.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import ml.bqx.parquet.ParquetInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files past the page cache: disks take whole blocks only, callers ask for anything. */
class UncachedFilesTest {
  @TempDir Path directory;

  private final Random random = new Random(7);

  /** Ends within a block, at its end, within a buffer, at its end, and far behind it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 2_097_151, 2_097_152, 2_097_153, 9_000_001})
  void whatIsWrittenInAnyPiecesIsTheFile(int size) throws Exception {
    byte[] content = bytes(size);
    Path file = directory.resolve("file");
    Files.writeString(file, "an older file, to be replaced");
    try (WritableByteChannel channel = UncachedWriter.create(file)) {
      for (int at = 0; at < size; ) {
        int length = Math.min(size - at, 1 + random.nextInt(3_000_000));
        assertThat(channel.write(ByteBuffer.wrap(content, at, length))).isEqualTo(length);
        at += length;
      }
    }

    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4_096, 5_000, 2_097_153, 9_000_001})
  void whatIsReadFromAnywhereIsTheFile(int size) throws Exception {
    byte[] content = bytes(size);
    Path file = Files.write(directory.resolve("file"), content);
    try (SeekableByteChannel channel = UncachedReader.open(file)) {
      assertThat(channel.size()).isEqualTo(size);
      for (int i = 0; i < 50; i++) {
        int from = random.nextInt(size);
        int length = Math.min(size - from, random.nextInt(3_000_000));
        ByteBuffer into = ByteBuffer.allocate(length);
        assertThat(channel.position(from).read(into)).isEqualTo(length);
        assertThat(channel.position()).isEqualTo(from + length);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(content, from, length));
      }

      assertThat(channel.position(size - 1).read(ByteBuffer.allocate(10))).isEqualTo(1);
      assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }
  }

  @Test
  void aFileThatIsCutOffMeanwhileIsTold() throws Exception {
    Path file = Files.write(directory.resolve("file"), bytes(20_000));
    try (ParquetInput input = new ParquetInput("file", UncachedReader.open(file))) {
      Files.write(file, bytes(10_000));

      assertThatThrownBy(() -> input.read(9_000, new byte[2_000], 2_000))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("file: it ends 1000 bytes before it should");
      assertThatThrownBy(() -> input.read(15_000, new byte[1], 1)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aFileOrDirectoryThatIsNotThereIsTold() {
    Path file = directory.resolve("none/file");

    assertThatThrownBy(() -> UncachedReader.open(file)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> UncachedWriter.create(file)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aClosedFileTakesAndGivesNothing() throws Exception {
    Path file = directory.resolve("file");
    WritableByteChannel written = UncachedWriter.create(file);
    written.close();
    written.close();
    SeekableByteChannel read = UncachedReader.open(file);
    read.close();
    read.close();

    assertThat(written.isOpen()).isFalse();
    assertThat(read.isOpen()).isFalse();
    assertThatThrownBy(() -> written.write(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> read.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void aFileSystemWithoutBlocksIsReadAndWrittenTheOrdinaryWay() throws Exception {
    byte[] content = bytes(5_000_000);
    try (FileSystem archive =
        FileSystems.newFileSystem(directory.resolve("archive.zip"), Map.of("create", "true"))) {
      Path file = archive.getPath("file");
      try (WritableByteChannel channel = UncachedWriter.create(file)) {
        Channels.newOutputStream(channel).write(content);
      }

      ByteBuffer into = ByteBuffer.allocate(content.length);
      try (SeekableByteChannel channel = UncachedReader.open(file)) {
        while (channel.read(into) > 0) {}
      }

      assertThat(into.array()).isEqualTo(content);
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
