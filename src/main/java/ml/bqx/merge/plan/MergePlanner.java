package ml.bqx.merge.plan;

import com.google.common.collect.SetMultimap;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Skipped;
import ml.bqx.catalog.Skipped.Reason;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.config.GateConfig;
import ml.bqx.config.MergeConfig;
import ml.bqx.config.RowGroupRows;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.CheckpointFiles.FileSet;
import ml.bqx.merge.plan.Provenance.Extracted;
import ml.bqx.options.UnsupportedTypePolicy;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.quality.gate.Gates;
import ml.bqx.storage.Storage;
import ml.bqx.training.ColumnChoice;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the {@link MergePlan}: reads every footer, names every column, checks the expected counts.
 */
public final class MergePlanner {
  private static final Logger LOG = LoggerFactory.getLogger(MergePlanner.class);

  /** Footers read at once: they are small, and on object storage each is a round trip. */
  private static final int READERS = 16;

  private Storage storage;
  private final MergeConfig config;
  private final List<ColumnSchema> columns = new ArrayList<>();

  private final FeatureNames names;
  private final AtomicLong footerMemory = new AtomicLong();
  private final List<String> filled = new ArrayList<>();
  private final List<String> widened = new ArrayList<>();
  private final Set<String> rounded = new LinkedHashSet<>();
  private final SetMultimap<Reason, String> leftOut = ForeignSet.nothingLeftOut();

  /** For each lower-case column name its origin: DuckDB ignores case. */
  private final Map<String, String> origins = new HashMap<>();

  private MergePlanner(Storage storage, MergeConfig config) {
    this.storage = storage;
    this.config = config;
    this.names = new FeatureNames(config.checkpointDirectory(), config.foreign().renameColumns());
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

  /** The columns of one checkpoint with the names that they have in a training file. */
  private record Named(
      FileSet set, List<FileColumns> parts, PartColumns values, List<String> names) {}

  private MergePlan plan() throws IOException {
    ColumnChoice choice = new ColumnChoice(storage, config.choice());
    PlannedGates gates = gates();
    CheckpointFiles files = CheckpointFiles.find(storage, config, names);
    // What is planned here is what will be read.
    storage = storage.pinned(files.files());
    columns.add(ColumnSchema.timestampMicros(Catalog.KEY_COLUMN).asRequired());
    origins.put(Catalog.KEY_COLUMN, "the key");
    ChosenColumns chosen = new ChosenColumns(choice, config.choice().choosesColumns());
    boolean foreign = files.manifest().equals(FooterKeys.NO_MANIFEST);
    if (!foreign) {
      chosen.choose(
          files.sets(), files.sets().stream().map(MergePlanner::namesInManifest).toList());
    }

    List<FileSet> opened = files.sets().stream().filter(chosen::needs).toList();
    List<List<ParquetFooter>> footers =
        ChangedCheckpoints.explain(
            storage,
            config,
            files.manifest(),
            () -> ParallelCalls.of(READERS, opened, this::footers));
    List<Named> named = named(opened, footers, foreign);
    if (foreign) {
      chosen.choose(opened, named.stream().map(Named::names).toList());
    }

    List<SourcePlan> sources = new ArrayList<>();
    for (Named table : named) {
      if (chosen.needs(table.set())) {
        sources.add(source(table, chosen));
      }
    }

    if (config.choice().pairColumn()) {
      addPair();
    }

    SourceMemory.check(
        config.mergeMethod(), opened, footers, MergePlan.WORKERS, Runtime.getRuntime().maxMemory());
    names.check();
    return new MergePlan(
        storage,
        config.withRowGroupRows(rowGroupRows(files, opened, footers)),
        List.copyOf(columns),
        new ColumnEncodings(storage, config, columns).of(sources),
        chosen.order(columns),
        chosen.offered(),
        List.copyOf(sources),
        files.of(sources),
        files.manifest(),
        new Findings(
            leftOut(files.leftOut(), sources),
            filled,
            widened,
            names.renamed(),
            List.copyOf(rounded),
            config.choice().choosesRows() ? filledBefore(opened, footers) : 0),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        gates);
  }

  /** What aligned checkpoints have, so that they can be copied; else what suits the file. */
  private int rowGroupRows(
      CheckpointFiles files, List<FileSet> opened, List<List<ParquetFooter>> footers) {
    int asked = config.rowGroupRows();
    if (!config.isAutoRowGroupRows()) {
      if (files.rowGroupRows() > 0 && files.rowGroupRows() != asked) {
        LOG.warn(
            "--rowGroupRows={}: checkpoints with {} rows in a row group are encoded again; without this option they are copied",
            asked,
            files.rowGroupRows());
      }

      return asked;
    }

    long rows = 0;
    for (int i = 0; i < opened.size(); i++) {
      if (opened.get(i).targets()) {
        rows = footers.get(i).stream().mapToLong(ParquetFooter::rows).sum();
      }
    }

    return files.rowGroupRows() > 0 ? files.rowGroupRows() : RowGroupRows.of(columns.size(), rows);
  }

  private @Nullable PlannedGates gates() throws IOException {
    GateConfig wanted = config.gates();
    return wanted.file() == null
        ? null
        : new PlannedGates(Gates.read(storage, wanted.file()), wanted.onGate(), null);
  }

  private static long filledBefore(List<FileSet> opened, List<List<ParquetFooter>> footers) {
    return IntStream.range(0, opened.size())
        .filter(i -> footers.get(i).stream().allMatch(CopiedPages::isAligned))
        .mapToLong(i -> opened.get(i).provenance().rowsMissing())
        .sum();
  }

  private static List<String> namesInManifest(FileSet set) {
    return set.provenance() instanceof Extracted extracted
        ? extracted.entry().columns().stream().map(ColumnEntry::name).toList()
        : List.of();
  }

  private List<Named> named(
      List<FileSet> sets, List<List<ParquetFooter>> footers, boolean foreign) {
    List<List<FileColumns>> parts = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      parts.add(fileColumns(sets.get(i), footers.get(i)));
    }

    if (foreign) {
      ForeignKeys.check(config, footers);
      NumberedTables.check(config, sets, parts);
    }

    List<Named> named = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      named.add(named(sets.get(i), parts.get(i)));
    }

    return named;
  }

  private Named named(FileSet set, List<FileColumns> parts) {
    List<ParquetFooter> footers = parts.stream().map(FileColumns::footer).toList();
    CopiedPages.check(config, set.provenance(), footers);
    PartColumns values = PartColumns.of(parts, config.foreign().union());
    if (set.provenance() instanceof Extracted extracted) {
      List<String> inFiles = values.all().stream().map(ColumnSchema::name).toList();
      checkUnchanged(extracted.entry(), footers, inFiles);
    }

    List<String> columnNames =
        values.all().stream().map(column -> name(set, footers.get(0).file(), column)).toList();
    return new Named(set, parts, values, columnNames);
  }

  /** Columns first, then files; a column of a folder's name is not lost when the files have it. */
  private List<Skipped> leftOut(List<Skipped> files, List<SourcePlan> sources) {
    Set<String> columns =
        sources.stream()
            .flatMap(source -> source.columns().stream().map(name -> source.group() + "." + name))
            .collect(Collectors.toSet());
    for (Skipped skipped : files) {
      skipped.tables().stream()
          .filter(name -> skipped.reason() != Reason.FOLDER_COLUMN || !columns.contains(name))
          .forEach(name -> leftOut.put(skipped.reason(), name));
    }

    return ForeignSet.skipped(leftOut);
  }

  /** What an extraction has made is supported, and is taken as the manifest says. */
  private List<FileColumns> fileColumns(FileSet set, List<ParquetFooter> footers) {
    UnsupportedTypePolicy policy =
        set.provenance() instanceof Extracted
            ? UnsupportedTypePolicy.FAIL
            : config.foreign().onUnsupportedType();
    return footers.stream().map(footer -> FileColumns.of(footer, policy)).toList();
  }

  private List<ParquetFooter> footers(FileSet set) throws IOException {
    List<ParquetFooter> footers = new ArrayList<>();
    for (int i = 0; i < set.paths().size(); i++) {
      try (ParquetFile file = storage.open(set.paths().get(i), set.provenance().checksums(i))) {
        footers.add(file.footer());
        checkFooters(file.footer(), Runtime.getRuntime().maxMemory());
      }
    }

    return footers;
  }

  /** All footers are in memory at once. */
  private void checkFooters(ParquetFooter footer, long memory) {
    long held = footerMemory.addAndGet(footer.memory());
    if (held > memory) {
      throw new InvalidInputException(
          "Cannot merge %s: the footers of its files take more than the %,d MB of memory that this process may use (this file has %,d row groups of %,d columns); give it more (java -Xmx), or write the files with fewer row groups"
              .formatted(
                  footer.file(), memory / 1_000_000, footer.rowGroups(), footer.columns().size()));
    }
  }

  private SourcePlan source(Named table, ChosenColumns chosen) {
    FileSet set = table.set();
    int firstColumn = columns.size();
    List<String> inFiles = table.values().all().stream().map(ColumnSchema::name).toList();
    List<String> taken = new ArrayList<>();
    int next = 0;
    for (ColumnSchema column : table.values().all()) {
      String name = table.names().get(next++);
      if (chosen.has(name) && ColumnEncodings.isTaken(config, column)) {
        taken.add(column.name());
        columns.add(column.renamed(name).asOptional());
      } else if (chosen.has(name)) {
        leftOut.put(Reason.NOT_NUMERIC, name);
      }
    }

    for (FileColumns part : table.parts()) {
      part.leftOut().forEach((reason, name) -> leftOut.put(reason, set.group() + "." + name));
      part.rounded().forEach(name -> rounded.add(set.group() + "." + name));
    }

    if (inFiles.isEmpty()) {
      leftOut.put(Reason.KEY_ONLY, set.group());
    }

    table.values().filled().forEach(name -> filled.add(set.group() + "." + name));
    table.values().widened().forEach(name -> widened.add(set.group() + "." + name));
    return new SourcePlan(
        set.group(),
        set.provenance(),
        List.copyOf(set.paths()),
        List.copyOf(taken),
        firstColumn,
        set.targets() ? inFiles : List.of(),
        taken.equals(inFiles) && !ColumnEncodings.areNeeded(config, table.values().all()));
  }

  private void addPair() {
    String other = origins.putIfAbsent(Catalog.PAIR_COLUMN, "--pairColumn");
    if (other != null) {
      throw new InvalidInputException(
          "Cannot merge: --pairColumn adds a column %s, and there is one: %s; rename it"
              .formatted(Catalog.PAIR_COLUMN, other));
    }

    columns.add(ColumnSchema.string(Catalog.PAIR_COLUMN));
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

  private String name(FileSet set, String file, ColumnSchema column) {
    String name =
        set.provenance() instanceof Extracted
            ? column.name()
            : names.column(set.targets() ? "" : set.group() + "__", column.name(), file);
    String origin = "%s, column %s".formatted(file, column.name());
    String other = origins.putIfAbsent(name.toLowerCase(Locale.ROOT), origin);
    if (other != null) {
      throw new InvalidInputException(
          "Cannot merge: two columns would be named %s: %s and %s; rename one"
              .formatted(name, other, origin));
    }

    return name;
  }
}
