package ml.bqx.cli;

import com.google.common.base.StandardSystemProperty;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.failure.ServiceException;
import org.xerial.snappy.Snappy;

/**
 * Errors of libraries that unpack machine code into the temporary directory to load it from there:
 * their own messages say neither.
 */
public final class NativeLibraries {
  /** Their packages, and how people call them. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "org.xerial.snappy.", "Snappy",
          "com.github.luben.zstd.", "Zstandard",
          "org.duckdb.", "DuckDB");

  /** Names a directory where Snappy's machine code is already, if it does: ./bqx has one. */
  private static final String SNAPPY_PATH = "org.xerial.snappy.lib.path";

  /** As large as Snappy's machine code for Linux on usual processors. */
  private static final int SNAPPY_BYTES = 300_000;

  private NativeLibraries() {}

  /**
   * Loads the codec that is always needed, before threads of a pipeline need it, which would not
   * end when they cannot have it. Where this one can be loaded, the others can be, too.
   *
   * @throws ServiceException when the temporary directory cannot be written to
   */
  public static void load() {
    if (System.getProperty(SNAPPY_PATH) == null) {
      checkTemporaryDirectory();
    }

    Snappy.maxCompressedLength(0);
  }

  private static void checkTemporaryDirectory() {
    try {
      // Snappy prints a stack trace of its own when it cannot, and does not tell why.
      Path file = Files.createTempFile("bqx-ml", "");
      try {
        Files.write(file, new byte[SNAPPY_BYTES]);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new ServiceException(message("Snappy", ServiceException.reason(e)), e);
    }
  }

  /** What is wrong and what to do, when a library could not be loaded. */
  static Optional<String> problem(Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream()
        .filter(NativeLibraries::isLoading)
        .flatMap(error -> library(error).stream())
        .findFirst()
        .map(library -> message(library, reason(thrown)));
  }

  private static String message(String library, String reason) {
    return "Cannot load the native part of %s: it is unpacked into the temporary directory %s, which must exist, be writable, allow execution, and have room for 100 MB (%s); name another one with java -Djava.io.tmpdir=DIRECTORY"
        .formatted(library, StandardSystemProperty.JAVA_IO_TMPDIR.value(), reason);
  }

  private static boolean isLoading(Throwable thrown) {
    return thrown instanceof LinkageError
        || thrown.getClass().getName().equals("org.xerial.snappy.SnappyError");
  }

  private static Optional<String> library(Throwable error) {
    return Stream.of(error.getStackTrace())
        .map(StackTraceElement::getClassName)
        .flatMap(name -> LIBRARIES.keySet().stream().filter(name::startsWith))
        .map(LIBRARIES::get)
        .findFirst();
  }

  private static String reason(Throwable thrown) {
    return ServiceException.reasonBehind(thrown)
        .orElseGet(() -> String.valueOf(Throwables.getRootCause(thrown).getMessage()));
  }
}
