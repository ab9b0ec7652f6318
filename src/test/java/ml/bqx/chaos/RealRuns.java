package ml.bqx.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.Main;
import ml.bqx.Workplace;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Runs of commands in processes of their own, as users start them. */
final class RealRuns {
  /** What {@code make} builds before. */
  private static final Path JAR = Path.of("target", "bqx-ml.jar");

  private final ChaosSets sets;

  /** An archive of loaded classes. */
  private @Nullable Path classes;

  RealRuns(ChaosSets sets) {
    this.sets = sets;
  }

  /** Starts a command; what it prints goes to the {@link #logFile} of its place. */
  Process start(Task task, Workplace place) throws Exception {
    return start(task, place, List.of());
  }

  /**
   * Starts a command.
   *
   * @param before what stands before it, as of a shell that sets limits
   */
  Process start(Task task, Workplace place, List<String> before) throws Exception {
    List<String> command = new ArrayList<>(before);
    command.addAll(java());
    command.addAll(task.command(sets, place));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(logFile(place))
        .start();
  }

  /** Loading classes takes most of the time of so short a run: the jar's can be kept loaded. */
  private List<String> java() throws Exception {
    List<String> options =
        new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    if (Files.notExists(JAR)) {
      List<String> command = OtherProcess.java(options.toArray(String[]::new));
      command.add(Main.class.getName());
      return command;
    }

    if (classes == null) {
      classes = archive(options);
    }

    options.add("-XX:SharedArchiveFile=" + classes);
    return ofJar(options);
  }

  private Path archive(List<String> options) throws Exception {
    Workplace place = Task.EXTRACT.prepare(sets);
    Path archive = place.root().resolve("classes.jsa");
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive));
    List<String> command = ofJar(all);
    command.addAll(Task.EXTRACT.command(sets, place));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(logFile(place))
            .start();
    if (process.waitFor() != 0 || Files.notExists(archive)) {
      throw new IllegalStateException("Nothing happened, and yet: " + log(place));
    }

    return archive;
  }

  private static List<String> ofJar(List<String> options) {
    List<String> command = new ArrayList<>(List.of(OtherProcess.JAVA));
    command.addAll(options);
    command.addAll(List.of("-jar", JAR.toString()));
    return command;
  }

  static File logFile(Workplace place) {
    return new File(place.root() + ".log");
  }

  static String log(Workplace place) throws IOException {
    return Files.readString(logFile(place).toPath());
  }
}
