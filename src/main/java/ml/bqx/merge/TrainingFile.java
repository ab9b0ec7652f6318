package ml.bqx.merge;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.Build;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Json;
import ml.bqx.checkpoint.NotFinite;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.commit.WrittenFile;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.Provenance.Extracted;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.FloatType;
import ml.bqx.options.Spelling;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.ColumnBounds;
import ml.bqx.training.Horizon;
import ml.bqx.training.JoinCounts;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingCard.ColumnCard;
import ml.bqx.training.TrainingCard.PartCard;
import ml.bqx.training.TrainingCard.Role;
import ml.bqx.training.TrainingSplits;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The training file: its footer, its verification and its publication. */
public final class TrainingFile {
  private final PlannedMerge merge;
  private final MergePlan plan;

  TrainingFile(PlannedMerge merge) {
    this.merge = merge;
    this.plan = merge.plan();
  }

  /** Key-values of the footer. */
  public Map<String, String> keyValues() {
    Map<String, String> lineage = new LinkedHashMap<>();
    plan.sources().forEach(source -> lineage.put(source.group(), source.provenance().origin()));
    Map<String, String> keyValues = new LinkedHashMap<>();
    keyValues.put(FooterKeys.MANIFEST, plan.manifest());
    keyValues.put(FooterKeys.SPINE, merge.spine().fingerprint());
    keyValues.put(FooterKeys.TARGETS, Integer.toString(plan.targetCount()));
    keyValues.put(FooterKeys.FEATURES, Integer.toString(plan.featureCount()));
    Map<String, List<String>> codes = codes();
    if (!codes.isEmpty()) {
      keyValues.put(FooterKeys.DICTIONARIES, Json.line(codes));
    }

    TrainingSplits splits = merge.splits();
    if (splits != null) {
      keyValues.put(FooterKeys.SPLITS, Json.line(splits));
    }

    if (plan.isSingle()) {
      keyValues.put(FooterKeys.FLOAT_TYPE, FloatType.FLOAT32.toString());
    }

    keyValues.put(FooterKeys.TOOL, Build.NAME_AND_VERSION);
    plan.choice().ifPresent(choice -> keyValues.put(FooterKeys.CHOICE, Json.line(choice)));
    keyValues.put(FooterKeys.LINEAGE, Json.line(lineage));
    return keyValues;
  }

  /**
   * Verifies a finished file against plan, spine and manifest, gives it its final name, and writes
   * its card.
   *
   * @param crc32c of its bytes, 8 hex digits
   * @param joined what joining has filled and dropped
   * @return the card
   */
  public TrainingCard publish(NewFile written, String crc32c, JoinCounts joined)
      throws IOException {
    // First: what was made of replaced checkpoints is not what verification expects.
    plan.checkUnchanged();
    Storage storage = plan.storage();
    Map<String, String> keyValues = keyValues();
    try (PartFiles parts = new PartFiles(merge)) {
      TrainingCard card;
      try (ParquetFile file = storage.open(written.path())) {
        verify(file);
        List<String> failed = MergeGates.failed(merge, file);
        card =
            card(
                file,
                crc32c,
                joined,
                parts.write(written.path(), written.path(), keyValues),
                failed);
      }

      FileStatus status = storage.existing(written.path());
      String path = plan.config().trainingFile();
      List<String> before = PartFiles.named(storage, path);
      // A card always describes the existing file; otherwise there is no card.
      storage.delete(List.of(TrainingCard.path(path)));
      storage.delete(before);
      parts.publish();
      written.publish(path);
      return complete(parts, card, status, written.path());
    }
  }

  /** Settles the parts of the training file that has its final name, and writes its card. */
  private TrainingCard complete(
      PartFiles parts, TrainingCard card, FileStatus published, String temporary)
      throws IOException {
    TrainingCard settled = card.with(parts.settle(published, temporary, keyValues(), card.files()));
    settled.write(
        plan.storage(), TrainingCard.path(temporary), plan.config().trainingFile(), published);
    return settled;
  }

  private TrainingCard card(
      ParquetFile file,
      String crc32c,
      JoinCounts joined,
      List<PartCard> parts,
      List<String> failedGates)
      throws IOException {
    ParquetFooter footer = file.footer();
    MergeConfig config = plan.config();
    long[] timestamps = merge.spine().timestamps();
    Map<String, String> options = new LinkedHashMap<>(config.choice().given());
    options.putAll(config.split().given());
    options.putAll(config.gates().given());
    options.put("rowGroupRows", Integer.toString(config.rowGroupRows()));
    options.put("onDuplicate", config.onDuplicate().toString());
    options.put(
        "compression", config.compression() == null ? "kept" : config.compression().toString());
    if (plan.isSingle()) {
      options.put("floatType", FloatType.FLOAT32.toString());
    }

    Map<String, List<String>> leftOut = new LinkedHashMap<>();
    plan.findings().leftOut().forEach(left -> leftOut.put(left.reason().toString(), left.tables()));
    return new TrainingCard(
        TrainingCard.VERSION,
        Build.NAME_AND_VERSION,
        config.pair().name(),
        config.mergeMethod().toString(),
        footer.fileBytes(),
        crc32c,
        footer.rows(),
        footer.rowGroups(),
        Spine.text(timestamps[0]),
        Spine.text(timestamps[timestamps.length - 1]),
        plan.manifest(),
        merge.spine().fingerprint(),
        plan.choice().orElse(null),
        merge.splits(),
        parts,
        joined,
        NotFinite.in(file, targets()),
        failedGates,
        options,
        plan.started(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        leftOut,
        plan.findings().filled(),
        plan.findings().renamed(),
        codes(),
        columns(footer));
  }

  /** Places of the targets in the file. */
  private List<Integer> targets() {
    int[] places = plan.places();
    return IntStream.rangeClosed(1, plan.targetCount()).mapToObj(i -> places[i]).toList();
  }

  private List<ColumnCard> columns(ParquetFooter footer) {
    ColumnCard[] columns = new ColumnCard[footer.columns().size()];
    columns[0] = card(footer, 0, Role.KEY, "", "");
    int[] places = plan.places();
    if (plan.config().choice().pairColumn()) {
      columns[1] = card(footer, 1, Role.PAIR, "", "");
    }

    for (SourcePlan source : plan.sources()) {
      Role role = merge.isTargets(source) ? Role.TARGET : Role.FEATURE;
      for (int i = 0; i < source.columns().size(); i++) {
        int column = places[source.firstColumn() + i];
        columns[column] = card(footer, column, role, source.group(), source.provenance().origin());
      }
    }

    return List.of(columns);
  }

  /** For each column of encoded texts these texts, in the order of their codes. */
  private Map<String, List<String>> codes() {
    Map<String, List<String>> codes = new LinkedHashMap<>();
    for (int column : plan.order()) {
      ColumnEncoding encoding = plan.encodings().get(column);
      if (encoding.kind() == ColumnEncoding.Kind.CODE) {
        codes.put(encoding.raw().name(), encoding.codes());
      }
    }

    return codes;
  }

  private ColumnCard card(
      ParquetFooter footer, int column, Role role, String group, String source) {
    ColumnSchema schema = footer.columns().get(column);
    OptionalLong horizon =
        role == Role.TARGET ? Horizon.minutes(schema.name()) : OptionalLong.empty();
    ColumnBounds bounds = ColumnBounds.of(footer, column);
    return new ColumnCard(
        schema.name(),
        schema.typeName(),
        role,
        group,
        source,
        horizon.isPresent() ? horizon.getAsLong() : null,
        encoding(plan.encodings().get(plan.order().get(column)).kind()),
        footer.nullCount(column),
        bounds.minimum(),
        bounds.maximum());
  }

  private static @Nullable String encoding(ColumnEncoding.Kind kind) {
    return kind == ColumnEncoding.Kind.NONE ? null : Spelling.of(kind);
  }

  /**
   * Whether an earlier attempt has already published this file: one with the same fingerprint and
   * content has the final name.
   *
   * @param temporary name of a file that this attempt may write
   * @param joined what joining has filled and dropped
   */
  public boolean isPublished(String temporary, JoinCounts joined) throws IOException {
    String path = plan.config().trainingFile();
    Optional<FileStatus> found = plan.storage().status(path);
    if (found.isEmpty()) {
      return false;
    }

    try (ParquetFile file = plan.storage().open(path)) {
      if (!file.footer().keyValues().equals(keyValues())) {
        return false;
      }

      verify(file);
      if (TrainingCard.read(plan.storage(), path).isEmpty()) {
        describe(file, found.get(), temporary, joined);
      }

      return true;
    }
  }

  /**
   * Writes what an earlier attempt may have left out after the training file: its parts, which are
   * made again as nothing says whose those are that are there, and its card.
   */
  private void describe(ParquetFile file, FileStatus published, String temporary, JoinCounts joined)
      throws IOException {
    String path = plan.config().trainingFile();
    try (PartFiles parts = new PartFiles(merge)) {
      List<PartCard> written = parts.write(path, temporary, keyValues());
      List<String> failed = MergeGates.failed(merge, file);
      TrainingCard card = card(file, plan.storage().checksum(path), joined, written, failed);
      parts.publish();
      complete(parts, card, published, temporary);
    }
  }

  private void verify(ParquetFile file) throws IOException {
    WrittenFile written =
        new WrittenFile("Cannot publish " + plan.config().trainingFile(), file.footer());
    written.checkShape(merge.spine().rows(), plan.fileColumns(), plan.config().rowGroupRows());
    ColumnVector.Longs key = (ColumnVector.Longs) file.reader().read(file.footer(), 0);
    written.check("order of rows", true, Arrays.equals(key.values(), merge.spine().timestamps()));
    int[] places = plan.places();
    plan.sources().forEach(source -> checkNulls(source, places, written));
  }

  /** Null counts of all columns, where the manifest knows them: of all rows. */
  private void checkNulls(SourcePlan source, int[] places, WrittenFile written) {
    if (source.provenance() instanceof Extracted extracted
        && !plan.config().choice().choosesRows()) {
      Map<String, Long> nulls =
          extracted.entry().columns().stream()
              .collect(Collectors.toMap(ColumnEntry::name, ColumnEntry::nulls));
      for (int i = 0; i < source.columns().size(); i++) {
        String name = source.columns().get(i);
        written.check(
            "nulls in " + name,
            Objects.requireNonNull(nulls.get(name), name),
            written.footer().nullCount(places[source.firstColumn() + i]));
      }
    }
  }
}
