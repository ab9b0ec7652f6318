package ml.bqx.storage.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
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
import java.util.ArrayList;
import java.util.List;
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
  @ValueSource(
      ints = {0, 1, 4_095, 4_096, 4_097, 4_194_303, 4_194_304, 4_194_305, 9_000_001, 30_000_000})
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
    Path file = uncached("file", content);
    assertIsRead(content, UncachedReader.open(file));
    assertIsRead(content, UncachedReader.openWhole(file));
    // From now on it is in the page cache.
    Files.write(file, content);
    assertIsRead(content, UncachedReader.open(file));
    assertIsRead(content, UncachedReader.openWhole(file));
  }

  private void assertIsRead(byte[] content, SeekableByteChannel opened) throws Exception {
    int size = content.length;
    try (SeekableByteChannel channel = opened) {
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

  /** Lent or read, in order or not: the bytes are those of the file. */
  @ParameterizedTest
  @ValueSource(ints = {5_000, 3_000_000, 13_000_001})
  void whatIsLentIsTheFile(int size) throws Exception {
    byte[] content = bytes(size);
    Path file = uncached("file", content);
    int lent = 0;
    try (UncachedReader reader = (UncachedReader) UncachedReader.openWhole(file)) {
      ByteBuffer end = ByteBuffer.allocate(1_000);
      reader.position(size - 1_000).read(end);
      assertThat(end.flip()).isEqualTo(ByteBuffer.wrap(content, size - 1_000, 1_000));
      for (int at = 4, length; at < size; at += length + random.nextInt(3) * 100) {
        length = Math.min(size - at, 1 + random.nextInt(2_000_000));
        ByteBuffer bytes = reader.lend(at, length);
        lent += bytes == null ? 0 : 1;
        assertIs(bytes, content, at, length, reader);
        if (random.nextInt(4) == 0) {
          int back = random.nextInt(at);
          assertIs(reader.lend(back, 1), content, back, 1, reader);
        }
      }
    }

    assertThat(lent).isPositive();
  }

  private static void assertIs(
      ByteBuffer lent, byte[] content, int at, int length, SeekableByteChannel reader)
      throws Exception {
    ByteBuffer bytes = lent;
    if (bytes == null) {
      bytes = ByteBuffer.allocate(length);
      assertThat(reader.position(at).read(bytes)).isEqualTo(length);
      bytes.flip();
    }

    assertThat(bytes).isEqualTo(ByteBuffer.wrap(content, at, length));
  }

  @Test
  void moreReadersThanThereAreWindowsReadTheSame() throws Exception {
    byte[] content = bytes(1_000_000);
    Path file = uncached("file", content);
    List<SeekableByteChannel> readers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      readers.add(UncachedReader.openWhole(file));
    }

    for (SeekableByteChannel reader : readers) {
      ByteBuffer into = ByteBuffer.allocate(content.length);
      assertThat(reader.read(into)).isEqualTo(content.length);
      assertThat(into.array()).isEqualTo(content);
    }

    for (SeekableByteChannel reader : readers) {
      reader.close();
    }
  }

  @Test
  void whatThePageCacheHasIsReadFromThere() throws Exception {
    Path file = Files.write(directory.resolve("file"), bytes(3_000_000));

    try (OnceFile opened = OnceFile.open(file)) {
      assertThat(opened.isDirect()).isFalse();
    }
  }

  @Test
  void filesAreReadAheadInTheirOrder() throws Exception {
    List<byte[]> contents = List.of(bytes(9_000_001), bytes(0), bytes(5), bytes(4_194_304));
    List<ReadAhead.Extent> files = new ArrayList<>();
    for (byte[] content : contents) {
      Path file = uncached("file-" + files.size(), content);
      files.add(new ReadAhead.Extent(file.toString(), content.length));
    }

    try (ReadAhead pieces = new ReadAhead(files.iterator())) {
      for (int i = 0; i < contents.size(); i++) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (read.size() < contents.get(i).length) {
          ReadAhead.Piece piece = pieces.next();
          assertThat(piece.path()).isEqualTo(files.get(i).path());
          Channels.newChannel(read).write(piece.bytes());
          pieces.giveBack(piece);
        }

        assertThat(read.toByteArray()).isEqualTo(contents.get(i));
      }
    }
  }

  @Test
  void aFileThatCannotBeReadAheadIsNamed() {
    ReadAhead.Extent none = new ReadAhead.Extent(directory.resolve("none").toString(), 9);

    try (ReadAhead pieces = new ReadAhead(List.of(none).iterator())) {
      assertThatThrownBy(pieces::next)
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining(none.path());
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

  /** Writes a file of which the page cache has, but for its end, nothing. */
  private Path uncached(String name, byte[] content) throws Exception {
    Path file = directory.resolve(name);
    try (WritableByteChannel channel = UncachedWriter.create(file)) {
      channel.write(ByteBuffer.wrap(content));
    }

    return file;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
