package ml.bqx.merge.plan;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Skipped;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.config.ForeignSetConfig;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.merge.plan.Provenance.Extracted;
import ml.bqx.merge.plan.Provenance.Foreign;
import ml.bqx.options.Layout;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;

/**
 * Which files make the training set: those of the manifest, or, in a set that other tools wrote,
 * all Parquet files of the directory.
 *
 * @param sets targets first, then by group name
 * @param files all files of all sets, as they are
 * @param manifest fingerprint of the manifest; {@code none} in a foreign set
 * @param leftOut what else is in the directory
 * @param rowGroupRows rows of a row group of an aligned set; 0 in others
 */
public record CheckpointFiles(
    List<FileSet> sets,
    List<FileStatus> files,
    String manifest,
    List<Skipped> leftOut,
    int rowGroupRows) {
  /** Names listed in a message before it says how many more there are. */
  private static final int MAX_NAMES = 10;

  /**
   * The files of one checkpoint.
   *
   * @param paths in order
   * @param provenance what is known of it besides its files
   * @param family groups of one family may be the parts of one table; empty when nothing tells
   */
  record FileSet(
      String group, boolean targets, List<String> paths, Provenance provenance, String family) {}

  /**
   * Finds the files.
   *
   * @param names gives groups that another tool wrote their names
   * @throws InvalidInputException when files are missing or are not what the manifest says
   */
  static CheckpointFiles find(Storage storage, MergeConfig config, FeatureNames names)
      throws IOException {
    String directory = config.checkpointDirectory();
    Optional<Manifest> manifest = Manifest.read(storage, directory);
    CheckpointFiles found =
        manifest.isPresent()
            ? ofManifest(config, manifest.get(), parquetFiles(storage, directory))
            : inferred(storage, config, names);
    if (found.sets.size() < config.minCheckpoints()) {
      throw new InvalidInputException(
          "Cannot merge %s: it has %,d checkpoints, --minCheckpoints=%d requires more%s"
              .formatted(
                  directory,
                  found.sets.size(),
                  config.minCheckpoints(),
                  manifest.isPresent()
                      ? ""
                      : " (without a manifest it is unknown which are missing)"));
    }

    return found;
  }

  private static Map<String, FileStatus> parquetFiles(Storage storage, String directory)
      throws IOException {
    return storage.list(directory).stream()
        .filter(file -> !file.name().startsWith("_") && !file.name().startsWith("."))
        .filter(file -> CheckpointNames.table(file.name()).isPresent())
        .collect(
            Collectors.toMap(FileStatus::name, Function.identity(), (a, b) -> a, TreeMap::new));
  }

  private static CheckpointFiles ofManifest(
      MergeConfig config, Manifest manifest, Map<String, FileStatus> files) {
    String directory = config.checkpointDirectory();
    if (!manifest.pair().equals(config.pair().name())) {
      throw new InvalidInputException(
          "Cannot merge %s as %s: its manifest is of pair %s"
              .formatted(directory, config.pair(), manifest.pair()));
    }

    List<String> missing = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    List<FileSet> sets = new ArrayList<>();
    for (CheckpointEntry entry : manifest.checkpoints()) {
      List<String> paths = new ArrayList<>();
      for (CheckpointFile file : entry.files()) {
        FileStatus status = files.get(file.name());
        if (status == null) {
          missing.add(file.name());
        } else if (status.bytes() != file.bytes()) {
          changed.add(
              "%s (%,d bytes, the manifest says %,d)"
                  .formatted(file.name(), status.bytes(), file.bytes()));
        } else if (!status.crc32c().isEmpty() && !status.crc32c().equals(file.crc32c())) {
          // What BigQuery loads, nobody here sums.
          changed.add(
              "%s (its checksum is %s, the manifest says %s)"
                  .formatted(file.name(), status.crc32c(), file.crc32c()));
        }

        paths.add(directory + "/" + file.name());
      }

      boolean targets = entry.category() == Category.TARGETS;
      sets.add(new FileSet(entry.group(), targets, paths, new Extracted(entry), ""));
    }

    refuse(directory, "missing", missing, manifest);
    refuse(directory, "truncated or changed", changed, manifest);
    List<FileStatus> used = used(sets, files.values());
    Set<String> known = used.stream().map(FileStatus::name).collect(toSet());
    List<String> others = files.keySet().stream().filter(name -> !known.contains(name)).toList();
    return new CheckpointFiles(
        sets,
        used,
        manifest.fingerprint(),
        others.isEmpty() ? List.of() : List.of(new Skipped(Skipped.Reason.NOT_IN_MANIFEST, others)),
        manifest.layout().equals(Layout.ALIGNED.toString()) ? manifest.spine().rowGroupRows() : 0);
  }

  private static void refuse(String directory, String what, List<String> names, Manifest manifest) {
    if (!names.isEmpty()) {
      long all = manifest.sum(entry -> entry.files().size());
      throw new InvalidInputException(
          "Cannot merge %s: %,d of %,d checkpoint files are %s: %s; run the extraction again, only these are extracted again"
              .formatted(directory, names.size(), all, what, inWords(names)));
    }
  }

  /** Names for a message, the first few of many. */
  public static String inWords(List<String> names) {
    return Listing.inWords(names, MAX_NAMES);
  }

  private static CheckpointFiles inferred(Storage storage, MergeConfig config, FeatureNames names)
      throws IOException {
    String directory = config.checkpointDirectory();
    if (CheckpointNames.hasCommits(storage, directory)) {
      throw new InvalidInputException(
          "Cannot merge %s: its extraction is not complete (there is no %s); run the extraction again, it resumes where it stopped"
              .formatted(directory, Manifest.FILE_NAME));
    }

    ForeignSet found = ForeignSet.of(storage, config);
    if (found.tables().isEmpty()) {
      throw new InvalidInputException(
          "Cannot merge %s: there are no Parquet files in it (or no such directory)%s; run the extraction first, or check --checkpoints and --pair"
              .formatted(
                  directory,
                  found.leftOut().isEmpty() ? "" : ", but " + Skipped.inWords(found.leftOut())));
    }

    List<FileSet> sets =
        found.tables().stream().map(table -> foreign(config, table, names)).toList();
    List<FileSet> ordered = inOrder(directory, sets);
    checkNames(directory, ordered);
    List<FileStatus> files =
        found.tables().stream().flatMap(table -> table.parts().stream()).toList();
    return new CheckpointFiles(
        ordered, used(ordered, files), FooterKeys.NO_MANIFEST, found.leftOut(), 0);
  }

  private static FileSet foreign(MergeConfig config, ForeignSet.Table table, FeatureNames names) {
    String path = table.paths().get(0);
    boolean targets = table.name().equalsIgnoreCase(CheckpointNames.TARGETS);
    String file = path.substring(config.checkpointDirectory().length() + 1);
    String group = targets ? CheckpointNames.TARGETS : names.group(table.name(), file);
    return new FileSet(
        group, targets, table.paths(), new Foreign(path, clock(config.foreign())), table.family());
  }

  private static KeyClock clock(ForeignSetConfig config) {
    return config.timeZone() == null
        ? KeyClock.UTC
        : new KeyClock(config.timeZone(), config.repeatedTimes());
  }

  private static List<FileStatus> used(List<FileSet> sets, Collection<FileStatus> files) {
    Set<String> paths = sets.stream().flatMap(set -> set.paths().stream()).collect(toSet());
    return files.stream().filter(file -> paths.contains(file.path())).toList();
  }

  /** The files of some of the sets, as they are. */
  List<FileStatus> of(List<SourcePlan> sources) {
    Set<String> paths = sources.stream().flatMap(each -> each.files().stream()).collect(toSet());
    return files.stream().filter(file -> paths.contains(file.path())).toList();
  }

  private static void checkNames(String directory, List<FileSet> sets) {
    Map<String, FileSet> byName = new HashMap<>();
    for (FileSet set : sets) {
      FileSet other = byName.putIfAbsent(set.group().toLowerCase(Locale.ROOT), set);
      if (other != null) {
        throw new InvalidInputException(
            "Cannot merge %s: two files hold group %s: %s and %s; rename or remove one"
                .formatted(directory, set.group(), other.paths().get(0), set.paths().get(0)));
      }
    }
  }

  private static List<FileSet> inOrder(String directory, List<FileSet> sets) {
    List<FileSet> ordered = new ArrayList<>(sets.stream().filter(FileSet::targets).toList());
    if (ordered.size() != 1) {
      List<String> numbered =
          sets.stream()
              .filter(set -> set.family().equalsIgnoreCase(CheckpointNames.TARGETS + "*"))
              .flatMap(set -> set.paths().stream())
              .toList();
      List<String> found = ordered.stream().flatMap(set -> set.paths().stream()).toList();
      throw new InvalidInputException(
          "Cannot merge %s: it must have exactly one targets.parquet, which determines the rows of the training file (found %s%s)"
              .formatted(
                  directory,
                  found.isEmpty() ? "none" : inWords(found),
                  numbered.isEmpty() || !found.isEmpty()
                      ? ""
                      : "; with --parts=join, %s are its parts".formatted(inWords(numbered))));
    }

    sets.stream()
        .filter(set -> !set.targets())
        .sorted(Comparator.comparing(FileSet::group))
        .forEach(ordered::add);
    return ordered;
  }
}
