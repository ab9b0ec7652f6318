package ml.bqx.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.CompressionCodec;

/**
 * A file of one column chunk, open for reading; it is in the page cache, so no disk is measured.
 */
final class ChunkFile implements Closeable {
  private final Path path;
  private final ParquetFile file;

  private ChunkFile(Path path, ParquetFile file) {
    this.path = path;
    this.file = file;
  }

  static ChunkFile create(Content content, CompressionCodec codec) throws IOException {
    Path path = Files.createTempFile("chunk", ".parquet");
    ColumnSchema schema = Columns.schema();
    try (ParquetAssembler assembler =
        new ParquetAssembler(FileChannel.open(path, StandardOpenOption.WRITE), List.of(schema))) {
      assembler.addRowGroup(Columns.ROWS);
      assembler.append(0, 0, new ChunkEncoder(codec).encode(schema, Columns.doubles(content)));
      assembler.finish(Map.of());
    }

    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    return new ChunkFile(
        path, ParquetFile.of(new ParquetInput(path.toString(), channel), Optional.empty()));
  }

  ChunkReader reader() {
    return file.reader();
  }

  ColumnSchema schema() {
    return file.footer().columns().get(0);
  }

  ChunkReference chunk() {
    return file.footer().chunk(0, 0);
  }

  @Override
  public void close() throws IOException {
    file.close();
    Files.delete(path);
  }
}
