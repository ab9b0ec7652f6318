package ml.bqx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.NativeLibraries;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;
import ml.bqx.verify.CheckConfig;
import ml.bqx.verify.CheckOptions;
import ml.bqx.verify.FileCheck;
import ml.bqx.verify.SetCheck;

/** Checks training files and checkpoints without their warehouse, at the speed of reading them. */
public final class CheckFiles {
  static final Command<CheckOptions> COMMAND =
      new Command<>(
          "check",
          "Checks a training file, or a pair's checkpoints against their manifest, without the"
              + " warehouse: checksums of files and pages, and everything the footer says about the"
              + " pages. All faults are reported.",
          CheckOptions.class,
          List.of("file"));

  private CheckFiles() {}

  /** Runs the command {@code check}. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(COMMAND, args, CheckConfig::from, CheckFiles::check);
  }

  private static void check(CheckOptions options, CheckConfig config) throws IOException {
    NativeLibraries.load();
    Storage storage = CommandStorage.of(options, config.isOnThisMachine());
    List<String> problems = new ArrayList<>();
    for (String file : config.files()) {
      problems.addAll(
          storage.hasDirectory(file) ? checkSet(storage, file) : checkFile(storage, file));
    }

    if (config.checkpoints().isPresent()) {
      problems.addAll(checkSet(storage, config.checkpoints().get()));
    }

    if (!problems.isEmpty()) {
      // The message of the error shows some of them.
      problems.forEach(problem -> System.out.println("fault: " + problem));
      throw new InvalidInputException(
          "Check failed: %,d %s"
              .formatted(problems.size(), problems.size() == 1 ? "fault" : "faults"),
          problems);
    }
  }

  private static List<String> checkFile(Storage storage, String path) throws IOException {
    long start = System.nanoTime();
    long bytes =
        storage
            .status(path)
            .map(FileStatus::bytes)
            .orElseThrow(
                () -> new InvalidInputException("Cannot check %s: no such file".formatted(path)));
    FileCheck check;
    try (Progress progress = Progress.start("check", "bytes", bytes)) {
      check = FileCheck.of(storage, path, FileCheck.KeyOrder.ASCENDING, progress::advanceTo);
    }

    Optional<TrainingCard> card = Optional.empty();
    List<String> problems = new ArrayList<>(check.problems());
    try {
      card = TrainingCard.read(storage, path);
      card.ifPresent(each -> problems.addAll(check.differences(path, each)));
    } catch (InvalidInputException e) {
      problems.add(e.getMessage());
    }

    if (card.isPresent()) {
      for (TrainingCard.PartCard part : card.get().files()) {
        problems.addAll(checkPart(storage, TrainingCard.partPath(path, part.part()), part));
      }
    }

    new Summary("checked " + path)
        .count("rows", check.footer().map(ParquetFooter::rows).orElse(0L))
        .count("columns", check.footer().map(footer -> footer.columns().size()).orElse(0))
        .count("row groups", check.footer().map(ParquetFooter::rowGroups).orElse(0))
        .bytes("size", check.bytes())
        .add("CRC32C", check.crc32c())
        .add("card", card.isPresent() ? TrainingCard.path(path) : "none")
        .count("files of parts", card.map(each -> each.files().size()).orElse(0))
        .count("faults", problems.size())
        .secondsSince("seconds", start)
        .print(System.out);
    return problems;
  }

  /** The file of a part, which the card of the whole describes. */
  private static List<String> checkPart(
      Storage storage, String path, TrainingCard.PartCard expected) throws IOException {
    if (storage.status(path).isEmpty()) {
      return List.of("%s: there is no such file, the card names it".formatted(path));
    }

    FileCheck check = FileCheck.of(storage, path, FileCheck.KeyOrder.ASCENDING, done -> {});
    List<String> problems = new ArrayList<>(check.problems());
    problems.addAll(check.differences(path, expected));
    return problems;
  }

  private static List<String> checkSet(Storage storage, String directory) throws IOException {
    long start = System.nanoTime();
    SetCheck check;
    try (Progress progress = Progress.start("check", "files", 0)) {
      check = SetCheck.of(storage, directory, progress::advanceTo);
    }

    new Summary("checked " + directory)
        .count("checkpoints", check.manifest().checkpoints().size())
        .count("files", check.files())
        .count("files not in the manifest", check.unnamed().size())
        .bytes("size", check.manifest().bytes())
        .count("faults", check.problems().size())
        .secondsSince("seconds", start)
        .print(System.out);
    return check.problems();
  }
}
