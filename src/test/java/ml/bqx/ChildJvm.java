package ml.bqx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The program in a JVM of its own, which a test can end as a user or the system does. */
final class ChildJvm {
  /** What the manifest of the jar opens, for the Direct runner. */
  static final List<String> OPENS =
      Stream.of("java.lang", "java.nio", "java.util")
          .map("--add-opens=java.base/%s=ALL-UNNAMED"::formatted)
          .toList();

  /** They run for a second or two, which the second compiler and other collectors are not worth. */
  static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** JVMs that are newer than those of the images warn, in plain text, of what libraries do. */
  private static final List<String> WITHOUT_WARNINGS =
      Runtime.version().feature() >= 24
          ? List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")
          : List.of();

  private ChildJvm() {}

  /**
   * A JVM that is not started yet.
   *
   * @param log takes all that it prints
   * @param options of the JVM
   */
  static ProcessBuilder of(Path log, List<String> options, Class<?> main, String... args) {
    return new ProcessBuilder(command(options, main, args))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile());
  }

  /** What starts a JVM with the classes of this one. */
  static List<String> command(List<String> options, Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(BRIEF);
    command.addAll(WITHOUT_WARNINGS);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Starts a merge of the place's checkpoints. */
  static Process merge(Workplace place, Path log, String... more) throws IOException {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("merge", "--pair=" + Workplace.PAIR));
    args.addAll(List.of("--checkpoints=" + place.checkpoints(), "--output=" + place.output()));
    args.addAll(List.of(more));
    return of(log, List.of(), Main.class, args.toArray(String[]::new)).start();
  }
}
