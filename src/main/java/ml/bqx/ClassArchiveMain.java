package ml.bqx;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the local commands once, on a small sample, so that a JVM with {@code
 * -XX:ArchiveClassesAtExit} writes all classes that they load to a class-data archive.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html">Class data
 *     sharing</a>
 */
public final class ClassArchiveMain {
  private static final String PAIR = "--pair=eurusd";

  private ClassArchiveMain() {}

  /** Runs them in a temporary directory. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("bqx-archive");
    try {
      for (List<String> command : commands(directory)) {
        if (Main.run(command.toArray(String[]::new)) != 0) {
          throw new IllegalStateException("Cannot archive classes: a command failed: " + command);
        }
      }
    } finally {
      // Nobody else writes there.
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static List<List<String>> commands(Path directory) {
    String warehouse = "--warehouse=duckdb:" + directory.resolve("w.duckdb");
    String checkpoints = "--checkpoints=" + directory.resolve("checkpoints");
    String output = "--output=" + directory.resolve("output");
    List<List<String>> commands = new ArrayList<>();
    commands.add(List.of("sample", PAIR, warehouse, "--minutes=200", "--tables={agg,mkt}_*"));
    commands.add(List.of("extract", PAIR, warehouse, checkpoints));
    for (String method : List.of("duckdb", "compose", "stream")) {
      commands.add(List.of("merge", PAIR, checkpoints, output, "--mergeMethod=" + method));
    }

    commands.add(List.of("check", PAIR, checkpoints, output));
    commands.add(List.of("verify", PAIR, warehouse, output));
    return commands;
  }
}
