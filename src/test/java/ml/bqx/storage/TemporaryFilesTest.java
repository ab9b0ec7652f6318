package ml.bqx.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are at work leave each other's files alone; those of dead runs go. */
class TemporaryFilesTest {
  @TempDir Path directory;

  @Test
  void whatARunThatWasKilledLeftIsDeletedByTheNext() throws Exception {
    Path left = write("agg_eurusd-1-0.parquet");
    Path lock = write("run-of-the-dead");

    try (TemporaryFiles mine = TemporaryFiles.open(Storage.local(), directory.toString())) {
      assertThat(left).doesNotExist();
      assertThat(lock).doesNotExist();
    }

    assertThat(directory.resolve("_temporary")).doesNotExist();
  }

  @Test
  void aLeaseThatCannotBeTakenLeavesNothing() throws Exception {
    Path lease = Files.createDirectories(directory.resolve("run-1/in the way")).getParent();

    assertThatThrownBy(() -> Lease.take(lease)).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(directory.resolve("new-run-1")).doesNotExist();
    assertThat(Lease.isHeld(directory.resolve("new-run-1"))).isFalse();
  }

  @Test
  void theFilesOfARunAtWorkStay() throws Exception {
    TemporaryFiles first = TemporaryFiles.open(Storage.local(), directory.toString());
    Path file = write("agg_eurusd-1-0.parquet");

    try (TemporaryFiles second = TemporaryFiles.open(Storage.local(), directory.toString())) {
      assertThat(file).as("when another begins").exists();
    }

    assertThat(file).as("when another ends").exists();
    first.close();
    assertThat(directory.resolve("_temporary")).as("when the last one ends").doesNotExist();
  }

  @Test
  void runsThatBeginWhileOthersEndKeepTheirFiles() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> runs = new ArrayList<>();
    for (int run = 0; run < 2_000; run++) {
      String name = run + ".parquet";
      runs.add(threads.submit(() -> writeInARun(name)));
    }

    for (Future<?> run : runs) {
      run.get();
    }

    threads.shutdown();
    assertThat(directory.resolve("_temporary")).doesNotExist();
  }

  private Void writeInARun(String name) throws Exception {
    try (TemporaryFiles run = TemporaryFiles.open(Storage.local(), directory.toString())) {
      Path file =
          Files.writeString(
              directory.resolve("_temporary").resolve(name), "x", StandardOpenOption.CREATE_NEW);
      Thread.yield();
      Files.delete(file);
    }

    return null;
  }

  @Test
  void theFilesOfAnotherProcessStayUntilItDies() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sleeper.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("at work");
      Path file = directory.resolve("_temporary/its.parquet");

      TemporaryFiles.open(Storage.local(), directory.toString()).close();
      assertThat(file).exists();

      other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      TemporaryFiles.open(Storage.local(), directory.toString()).close();
      assertThat(directory.resolve("_temporary")).doesNotExist();
    } finally {
      other.destroyForcibly();
    }
  }

  /** A run that never ends by itself. */
  static final class Sleeper {
    private Sleeper() {}

    public static void main(String[] args) throws Exception {
      TemporaryFiles files = TemporaryFiles.open(Storage.local(), args[0]);
      Files.writeString(Path.of(args[0], "_temporary", "its.parquet"), "x");
      System.out.println("at work");
      Thread.sleep(60_000);
      files.close();
    }
  }

  private Path write(String name) throws Exception {
    Path file = directory.resolve("_temporary").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of("x"));
  }
}
