package ml.bqx.merge.plan;

import com.google.common.base.Splitter;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.SetMultimap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Skipped;
import ml.bqx.catalog.Skipped.Reason;
import ml.bqx.config.MergeConfig;
import ml.bqx.options.PartsPolicy;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;

/**
 * What a directory holds that another tool wrote: tables in parts, and what is passed over. A
 * folder is one table; files side by side are sorted by their names ({@link PartName}). Folders
 * named {@code key=value} are looked through, except those of other pairs.
 *
 * @param tables by name; each has a part
 */
record ForeignSet(List<Table> tables, List<Skipped> leftOut) {
  /** Files whose bytes are looked at, several at once: on object storage each is a round trip. */
  private static final int READERS = 16;

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /**
   * Files that make one table.
   *
   * @param name of the feature group, or of the targets
   * @param family its name with a star in place of a number that may be that of a part, and that it
   *     need not have
   * @param parts in the order of the numbers in their names
   */
  record Table(String name, String family, List<FileStatus> parts) {
    /** The parts' paths. */
    List<String> paths() {
      return parts.stream().map(FileStatus::path).toList();
    }
  }

  /** Finds what there is below the directory of a pair. */
  static ForeignSet of(Storage storage, MergeConfig config) throws IOException {
    Directory found = new Directory(config);
    storage.listBelow(config.checkpointDirectory()).stream()
        .sorted(Comparator.comparing(file -> naturalOrder(file.path())))
        .forEach(found::add);
    found.formats.check(config.checkpointDirectory());
    found.lookInto(storage);
    found.joinWhole();
    found.numbers.check(config.checkpointDirectory());
    return new ForeignSet(List.copyOf(found.tables.values()), skipped(found.leftOut));
  }

  /** What was left out, by reason. */
  static List<Skipped> skipped(SetMultimap<Reason, String> leftOut) {
    List<Skipped> skipped = new ArrayList<>();
    leftOut
        .asMap()
        .forEach((reason, names) -> skipped.add(new Skipped(reason, List.copyOf(names))));
    return skipped;
  }

  /** For what is left out: reasons in their order, names sorted. */
  static SetMultimap<Reason, String> nothingLeftOut() {
    return MultimapBuilder.enumKeys(Reason.class).treeSetValues().build();
  }

  /** A text that sorts part 2 before part 10. */
  private static String naturalOrder(String path) {
    return NUMBER
        .matcher(path)
        .replaceAll(
            number -> "0".repeat(Math.max(0, 20 - number.group().length())) + number.group());
  }

  /** Sorts the files of a directory. */
  private static final class Directory {
    private final String directory;
    private final Pair pair;
    private final PartsPolicy policy;
    private final Map<String, Table> tables = new TreeMap<>();
    private final PartNumbers numbers = new PartNumbers();
    private final TableFormats formats = new TableFormats();
    private final List<FileStatus> others = new ArrayList<>();
    private final SetMultimap<Reason, String> leftOut = nothingLeftOut();

    Directory(MergeConfig config) {
      this.directory = config.checkpointDirectory();
      this.pair = config.pair();
      this.policy = config.foreign().parts();
    }

    private String relative(FileStatus file) {
      return file.path().substring(directory.length() + 1);
    }

    void add(FileStatus file) {
      List<String> names = Splitter.on('/').splitToList(relative(file));
      List<String> keys = names.stream().filter(Directory::isKey).toList();
      formats.add(names);
      if (names.stream().anyMatch(name -> name.startsWith("_") || name.startsWith("."))) {
        leftOut.put(Reason.HIDDEN, relative(file));
      } else if (file.isDangling()) {
        leftOut.put(Reason.DANGLING_LINK, relative(file));
      } else if (file.isLoop()) {
        leftOut.put(Reason.LINK_LOOP, relative(file));
      } else if (keys.stream().anyMatch(this::isOtherPair)) {
        leftOut.put(Reason.OTHER_PAIR_FOLDER, relative(file));
      } else if (PartName.isParquet(file.name())) {
        addParquet(file, names.stream().filter(name -> !isKey(name)).toList(), keys);
      } else {
        others.add(file);
      }
    }

    /** Whether a folder is named like {@code key=value}, as Hive does it. */
    private static boolean isKey(String name) {
      return name.indexOf('=') > 0 && !PartName.isParquet(name);
    }

    private boolean isOtherPair(String folder) {
      return isPair(key(folder)) && !folder.equalsIgnoreCase(Catalog.PAIR_COLUMN + "=" + pair);
    }

    private static boolean isPair(String key) {
      return key.equalsIgnoreCase(Catalog.PAIR_COLUMN);
    }

    private static String key(String folder) {
      return folder.substring(0, folder.indexOf('='));
    }

    private void addParquet(FileStatus file, List<String> names, List<String> keys) {
      PartName name = PartName.of(names.get(0), pair);
      boolean joined = name.kind() != PartName.Kind.NUMBERED || policy == PartsPolicy.JOIN;
      String table = joined ? name.table() : name.stem();
      String parts =
          joined && name.kind() == PartName.Kind.NUMBERED
              ? joinedKey(table)
              : PartNumbers.masked(names.get(0), name);
      tables
          .computeIfAbsent(parts, key -> new Table(table, name.table() + "*", new ArrayList<>()))
          .parts()
          .add(file);
      numbers.add(relative(file), names.size() > 1 ? PartName.of(file.name(), pair) : name);
      keys.stream()
          .map(Directory::key)
          .filter(key -> !isPair(key))
          .forEach(key -> leftOut.put(Reason.FOLDER_COLUMN, table + "." + key));
    }

    /** With numbered parts the file of their table without a number is a part too, the first. */
    void joinWhole() {
      for (Map.Entry<String, Table> entry : new TreeMap<>(tables).entrySet()) {
        Table numbered = entry.getValue();
        if (entry.getKey().equals(joinedKey(numbered.name()))) {
          tables.entrySet().stream()
              .filter(whole -> whole.getValue().name().equals(numbered.name()))
              .map(Map.Entry::getKey)
              .filter(whole -> !whole.equals(entry.getKey()))
              .findFirst()
              .map(tables::remove)
              .ifPresent(whole -> numbered.parts().addAll(0, whole.parts()));
        }
      }
    }

    private static String joinedKey(String table) {
      return "numbered " + table;
    }

    /** Files with other endings may be Parquet all the same. */
    void lookInto(Storage storage) throws IOException {
      List<Boolean> parquet =
          ParallelCalls.of(
              READERS, others, file -> ParquetFile.isParquet(storage.openOnce(file.path())));
      for (int i = 0; i < others.size(); i++) {
        leftOut.put(
            parquet.get(i) ? Reason.OTHER_ENDING : Reason.NOT_PARQUET, relative(others.get(i)));
      }
    }
  }
}
