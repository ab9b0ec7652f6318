package ml.bqx.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small file system in memory, mounted by the system; only root may. */
final class TmpFs implements Closeable {
  private static final long PAGE = 4096;

  private final Path directory;

  private TmpFs(Path directory) {
    this.directory = directory;
  }

  /** Whether this process may mount one. */
  static boolean isAllowed() {
    try {
      Path directory = Files.createTempDirectory("tmpfs");
      mount(directory).close();
      Files.delete(directory);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Mounts one at an empty directory, with room for a megabyte. */
  static TmpFs mount(Path directory) throws IOException {
    call("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString());
    return new TmpFs(directory);
  }

  /** Gives it a size, so that so many bytes, in whole pages, are free. */
  void leave(long bytes) throws IOException {
    long used =
        Files.getFileStore(directory).getTotalSpace()
            - Files.getFileStore(directory).getUsableSpace();
    long size = used + Math.max(PAGE, bytes / PAGE * PAGE);
    call("mount", "-o", "remount,size=" + size, directory.toString());
  }

  private static void call(String... command) throws IOException {
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("Cannot " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException("Interrupted", e));
    }
  }

  /** It goes when nobody uses it any more: what was mapped is until its memory is collected. */
  @Override
  public void close() throws IOException {
    call("umount", "--lazy", directory.toString());
  }
}
