package ml.bqx.merge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.CheckpointFiles.FileSet;
import ml.bqx.merge.Provenance.Extracted;
import ml.bqx.options.MergeConfig;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;

/**
 * Makes the {@link MergePlan}: reads every footer, names every column, checks the expected counts.
 */
public final class MergePlanner {
  /** Footers read at once: they are small, and on object storage each is a round trip. */
  private static final int READERS = 16;

  private Storage storage;
  private final MergeConfig config;
  private final List<ColumnSchema> columns = new ArrayList<>();

  /** For each lower-case column name its origin: DuckDB ignores case. */
  private final Map<String, String> origins = new HashMap<>();

  private MergePlanner(Storage storage, MergeConfig config) {
    this.storage = storage;
    this.config = config;
  }

  /**
   * Plans a merge.
   *
   * @throws InvalidInputException when the checkpoints do not make a training file
   * @throws ml.bqx.parquet.InvalidParquetException when one of them cannot be read
   */
  public static MergePlan plan(Storage storage, MergeConfig config) throws IOException {
    MergePlan plan = new MergePlanner(storage, config).plan();
    ExpectedColumns.check(config, plan);
    return plan;
  }

  private MergePlan plan() throws IOException {
    CheckpointFiles files = CheckpointFiles.find(storage, config);
    // What is planned here is what will be read.
    storage = storage.pinned(files.files());
    columns.add(ColumnSchema.timestampMicros(Catalog.KEY_COLUMN).asRequired());
    origins.put(Catalog.KEY_COLUMN, "the key");
    List<List<ParquetFooter>> footers =
        ChangedCheckpoints.explain(
            storage,
            config,
            files.manifest(),
            () -> ParallelCalls.of(READERS, files.sets(), this::footers));
    List<SourcePlan> sources = new ArrayList<>();
    for (int i = 0; i < footers.size(); i++) {
      sources.add(source(files.sets().get(i), footers.get(i)));
    }

    return new MergePlan(
        storage,
        config,
        List.copyOf(columns),
        List.copyOf(sources),
        files.files(),
        files.manifest());
  }

  private List<ParquetFooter> footers(FileSet set) throws IOException {
    List<ParquetFooter> footers = new ArrayList<>();
    for (int i = 0; i < set.paths().size(); i++) {
      try (ParquetFile file = storage.open(set.paths().get(i), set.provenance().checksums(i))) {
        footers.add(file.footer());
      }
    }

    return footers;
  }

  private SourcePlan source(FileSet set, List<ParquetFooter> footers) {
    ParquetFooter first = footers.get(0);
    List<ColumnSchema> values = values(first);
    for (ParquetFooter footer : footers) {
      KeyColumn.index(footer);
      checkSameColumns(first, values, footer, values(footer));
    }

    int firstColumn = columns.size();
    List<String> names = values.stream().map(ColumnSchema::name).toList();
    if (set.provenance() instanceof Extracted extracted) {
      checkUnchanged(extracted.entry(), footers, names);
    }

    for (ColumnSchema column : values) {
      add(set, first.file(), column);
    }

    return new SourcePlan(
        set.group(), set.provenance(), List.copyOf(set.paths()), names, firstColumn);
  }

  /** The columns that are features or targets. */
  private static List<ColumnSchema> values(ParquetFooter footer) {
    return footer.columns().stream()
        .filter(column -> !column.name().equals(Catalog.KEY_COLUMN))
        .filter(column -> !column.name().equals(Catalog.PAIR_COLUMN))
        .toList();
  }

  private static void checkSameColumns(
      ParquetFooter first,
      List<ColumnSchema> expected,
      ParquetFooter footer,
      List<ColumnSchema> found) {
    Map<String, ColumnSchema> byName = new HashMap<>();
    found.forEach(column -> byName.put(column.name(), column));
    for (ColumnSchema column : expected) {
      ColumnSchema other = byName.remove(column.name());
      if (other == null || !other.sameType(column)) {
        throw new InvalidInputException(
            "Cannot merge %s: column %s is %s, in %s it is %s"
                .formatted(
                    footer.file(),
                    column.name(),
                    other == null ? "missing" : other.typeName(),
                    first.file(),
                    column.typeName()));
      }
    }

    for (String name : byName.keySet()) {
      throw new InvalidInputException(
          "Cannot merge %s: it has a column %s, %s has none"
              .formatted(footer.file(), name, first.file()));
    }
  }

  private static void checkUnchanged(
      CheckpointEntry entry, List<ParquetFooter> footers, List<String> names) {
    for (ParquetFooter footer : footers) {
      String fingerprint = footer.keyValues().get(FooterKeys.CHECKPOINT);
      if (fingerprint != null && !fingerprint.equals(entry.fingerprint())) {
        throw changed(footer, "its fingerprint is " + fingerprint, entry.fingerprint());
      }
    }

    List<String> expected = entry.columns().stream().map(ColumnEntry::name).toList();
    if (!expected.equals(names)) {
      throw changed(footers.get(0), "its columns are " + names, expected.toString());
    }
  }

  private static InvalidInputException changed(
      ParquetFooter footer, String found, String expected) {
    return new InvalidInputException(
        "Cannot merge %s: it has changed since the manifest was written (%s, the manifest says %s); run the extraction again"
            .formatted(footer.file(), found, expected));
  }

  private void add(FileSet set, String file, ColumnSchema column) {
    String prefix = set.group() + "__";
    boolean named =
        set.targets() || set.provenance() instanceof Extracted || column.name().startsWith(prefix);
    String name = named ? column.name() : prefix + column.name();
    String origin = "%s, column %s".formatted(file, column.name());
    String other = origins.putIfAbsent(name.toLowerCase(Locale.ROOT), origin);
    if (other != null) {
      throw new InvalidInputException(
          "Cannot merge: two columns would be named %s: %s and %s; rename one"
              .formatted(name, other, origin));
    }

    columns.add(column.renamed(name).asOptional());
  }
}
