package ml.bqx.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.StatisticsEntry;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.Layout;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;

/**
 * Checks the checkpoints of a pair against their manifest, and each by itself.
 *
 * @param manifest the set's manifest
 * @param files checkpoint files that the manifest names
 * @param unnamed Parquet files in the directory that the manifest does not name
 * @param problems all faults; each names the file
 */
public record SetCheck(Manifest manifest, int files, List<String> unnamed, List<String> problems) {
  /**
   * Reads all checkpoints of a directory.
   *
   * @param progress receives the number of files done
   * @throws InvalidInputException when there is no manifest, or it cannot be read
   */
  public static SetCheck of(Storage storage, String directory, LongConsumer progress)
      throws IOException {
    Manifest manifest =
        Manifest.read(storage, directory)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Cannot check %s: there is no %s; run the extraction first, or check --checkpoints and --pair"
                            .formatted(directory, Manifest.FILE_NAME)));
    FileCheck.KeyOrder order =
        manifest.layout().equals(Layout.ALIGNED.toString())
            ? FileCheck.KeyOrder.ASCENDING
            : FileCheck.KeyOrder.ANY;
    List<String> problems = new ArrayList<>();
    Set<String> named = new HashSet<>();
    for (CheckpointEntry entry : manifest.checkpoints()) {
      long[] nulls = new long[entry.columns().size()];
      long rows = 0;
      for (CheckpointFile file : entry.files()) {
        String path = directory + "/" + file.name();
        named.add(file.name());
        Optional<ParquetFooter> footer = check(storage, path, order, file, problems);
        rows += footer.map(ParquetFooter::rows).orElse(file.rows());
        footer.ifPresent(said -> checkFooter(said, entry, file, problems));
        footer.ifPresent(said -> addNulls(said, nulls));
        progress.accept(named.size());
      }

      checkSums(directory, entry, manifest.spine().rows() - rows, nulls, problems);
    }

    StatisticsEntry statistics = manifest.statistics();
    if (statistics != null) {
      named.add(StatisticsEntry.FILE_NAME);
      checkStatistics(storage, StatisticsEntry.path(directory), statistics, problems);
    }

    return new SetCheck(manifest, named.size(), unnamed(storage, directory, named), problems);
  }

  private static void checkStatistics(
      Storage storage, String path, StatisticsEntry statistics, List<String> problems)
      throws IOException {
    Optional<FileStatus> file = storage.status(path);
    if (file.isEmpty()) {
      problems.add("Cannot read %s: no such file".formatted(path));
      return;
    }

    differs(path, "bytes", statistics.bytes(), file.get().bytes(), problems);
    differs(path, "CRC32C", statistics.crc32c(), storage.checksum(path), problems);
  }

  private static Optional<ParquetFooter> check(
      Storage storage,
      String path,
      FileCheck.KeyOrder order,
      CheckpointFile file,
      List<String> problems)
      throws IOException {
    if (storage.status(path).isEmpty()) {
      problems.add("Cannot read %s: no such file".formatted(path));
      return Optional.empty();
    }

    FileCheck check = FileCheck.of(storage, path, order, bytes -> {});
    problems.addAll(check.problems());
    differs(path, "bytes", file.bytes(), check.bytes(), problems);
    differs(path, "CRC32C", file.crc32c(), check.crc32c(), problems);
    return check.footer();
  }

  private static void checkFooter(
      ParquetFooter footer, CheckpointEntry entry, CheckpointFile file, List<String> problems) {
    String path = footer.file();
    differs(path, "rows", file.rows(), footer.rows(), problems);
    String fingerprint = footer.keyValues().get(FooterKeys.CHECKPOINT);
    if (fingerprint != null) {
      differs(path, "fingerprint", entry.fingerprint(), fingerprint, problems);
    }

    List<String> names = entry.columns().stream().map(ColumnEntry::name).toList();
    List<String> found = footer.columns().stream().skip(1).map(ColumnSchema::name).toList();
    differs(path, "columns", names, found, problems);
  }

  private static void addNulls(ParquetFooter footer, long[] nulls) {
    for (int i = 0; i < Math.min(nulls.length, footer.columns().size() - 1); i++) {
      nulls[i] += footer.nullCount(i + 1);
    }
  }

  /**
   * Null counts over all files of a checkpoint.
   *
   * @param absent rows of the spine that no file has: none in an aligned set
   */
  private static void checkSums(
      String directory, CheckpointEntry entry, long absent, long[] nulls, List<String> problems) {
    for (int i = 0; i < nulls.length; i++) {
      ColumnEntry column = entry.columns().get(i);
      String what = "nulls in column " + column.name();
      differs(directory, what, column.nulls(), nulls[i] + absent, problems);
    }
  }

  private static void differs(
      String path, String what, Object manifest, Object found, List<String> problems) {
    if (!manifest.equals(found)) {
      problems.add("%s: %s: the manifest says %s, found %s".formatted(path, what, manifest, found));
    }
  }

  private static List<String> unnamed(Storage storage, String directory, Set<String> named)
      throws IOException {
    return storage.list(directory).stream()
        .map(FileStatus::name)
        .filter(name -> CheckpointNames.table(name).isPresent() && !named.contains(name))
        .sorted()
        .toList();
  }
}
