package ml.bqx.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ml.bqx.options.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;

/** Concatenates local files: the kernel copies them, without their footers. */
final class LocalConcatenation extends Concatenation {
  private final WritableByteChannel target;
  private long position;

  LocalConcatenation(String path) throws IOException {
    target = Storage.create(path);
  }

  @Override
  public long append(ParquetFooter footer) throws IOException {
    if (!Storage.isLocal(footer.file())) {
      throw new InvalidInputException(
          "Cannot compose: %s is not a local file as the output is; put both in one place, or merge with --mergeMethod=stream"
              .formatted(footer.file()));
    }

    // All of the first file, for its magic; of the others what follows the magic.
    long from = position == 0 ? 0 : ParquetFooter.BODY_START;
    long shift = position - from;
    try (FileChannel source = FileChannel.open(Path.of(footer.file()), StandardOpenOption.READ)) {
      for (long at = from; at < footer.bodyEnd(); ) {
        long copied = source.transferTo(at, footer.bodyEnd() - at, target);
        if (copied <= 0) {
          throw new IOException(
              "Cannot copy %s: it ends %,d bytes before it should (was it changed meanwhile?)"
                  .formatted(footer.file(), footer.bodyEnd() - at));
        }

        at += copied;
      }
    }

    position += footer.bodyEnd() - from;
    return shift;
  }

  @Override
  public void finish(byte[] tail) throws IOException {
    Storage.write(target, ByteBuffer.wrap(tail));
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
