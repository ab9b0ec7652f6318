package ml.bqx;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.config.InspectConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.inspect.FileInspection;
import ml.bqx.inspect.SetInspection;
import ml.bqx.options.InspectOptions;
import ml.bqx.storage.Storage;

/** Tells what is in a Parquet file or a set of checkpoints. */
public final class InspectFiles {
  static final Command<InspectOptions> COMMAND =
      new Command<>(
          "inspect",
          "Tells what is in a Parquet file (shape, row groups, encodings, sizes by group, where a"
              + " feature comes from) or in a pair's checkpoints (which groups, how old, how"
              + " complete), without reading its data.",
          InspectOptions.class,
          List.of("path"));

  private InspectFiles() {}

  /** Runs the command {@code inspect}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, InspectConfig::from, InspectFiles::inspect);
  }

  private static void inspect(InspectOptions options, InspectConfig config) throws IOException {
    Storage storage = CommandStorage.of(options, config.isOnThisMachine());
    Optional<Manifest> manifest =
        storage.hasDirectory(config.path())
            ? Manifest.read(storage, config.path())
            : Optional.empty();
    if (manifest.isPresent()) {
      SetInspection.print(config.path(), manifest.get(), System.out);
      return;
    } else if (storage.hasDirectory(config.path()) || storage.status(config.path()).isEmpty()) {
      throw new InvalidInputException(
          "Cannot inspect %s: it is no file, and no directory with a %s (checkpoints are in a directory for each pair)"
              .formatted(config.path(), Manifest.FILE_NAME));
    }

    FileInspection file = FileInspection.of(storage, config.path());
    config
        .feature()
        .ifPresentOrElse(each -> file.print(each, System.out), () -> file.print(System.out));
  }
}
