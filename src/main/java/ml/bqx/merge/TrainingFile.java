package ml.bqx.merge;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.bqx.checkpoint.Build;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Json;
import ml.bqx.checkpoint.NotFinite;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TrainingCard;
import ml.bqx.checkpoint.TrainingCard.ColumnCard;
import ml.bqx.checkpoint.TrainingCard.Role;
import ml.bqx.checkpoint.WrittenFile;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.Provenance.Extracted;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.NewFile;

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
    keyValues.put(FooterKeys.TOOL, Build.NAME_AND_VERSION);
    keyValues.put(FooterKeys.LINEAGE, Json.line(lineage));
    return keyValues;
  }

  /**
   * Verifies a finished file against plan, spine and manifest, gives it its final name, and writes
   * its card.
   *
   * @param crc32c of its bytes, 8 hex digits
   * @return the card
   */
  public TrainingCard publish(NewFile written, String crc32c) throws IOException {
    TrainingCard card;
    try (ParquetFile file = plan.storage().open(written.path())) {
      verify(file);
      card = card(file, crc32c);
    }

    plan.checkUnchanged();
    String path = plan.config().trainingFile();
    // A card always describes the existing file; otherwise there is no card.
    plan.storage().delete(List.of(TrainingCard.path(path)));
    written.publish(path);
    card.write(plan.storage(), TrainingCard.path(written.path()), path);
    return card;
  }

  private TrainingCard card(ParquetFile file, String crc32c) throws IOException {
    ParquetFooter footer = file.footer();
    MergeConfig config = plan.config();
    long[] timestamps = merge.spine().timestamps();
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rowGroupRows", Integer.toString(config.rowGroupRows()));
    options.put("onDuplicate", config.onDuplicate().toString());
    options.put(
        "compression", config.compression() == null ? "kept" : config.compression().toString());
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
        NotFinite.in(file, plan.targetCount()),
        options,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        leftOut,
        plan.findings().filled(),
        plan.findings().renamed(),
        columns(footer));
  }

  private List<ColumnCard> columns(ParquetFooter footer) {
    List<ColumnCard> columns = new ArrayList<>();
    ColumnSchema key = footer.columns().get(0);
    columns.add(new ColumnCard(key.name(), key.typeName(), Role.KEY, "", "", 0));
    for (SourcePlan source : plan.sources()) {
      Role role = merge.isTargets(source) ? Role.TARGET : Role.FEATURE;
      for (int i = 0; i < source.columns().size(); i++) {
        int column = source.firstColumn() + i;
        ColumnSchema schema = footer.columns().get(column);
        columns.add(
            new ColumnCard(
                schema.name(),
                schema.typeName(),
                role,
                source.group(),
                source.provenance().origin(),
                footer.nullCount(column)));
      }
    }

    return columns;
  }

  /**
   * Whether an earlier attempt has already published this file: one with the same fingerprint and
   * content has the final name.
   *
   * @param temporary name of a file that this attempt may write
   */
  public boolean isPublished(String temporary) throws IOException {
    String path = plan.config().trainingFile();
    if (plan.storage().status(path).isEmpty()) {
      return false;
    }

    try (ParquetFile file = plan.storage().open(path)) {
      if (!file.footer().keyValues().equals(keyValues())) {
        return false;
      }

      verify(file);
      if (TrainingCard.read(plan.storage(), path).isEmpty()) {
        card(file, plan.storage().checksum(path))
            .write(plan.storage(), TrainingCard.path(temporary), path);
      }

      return true;
    }
  }

  private void verify(ParquetFile file) throws IOException {
    WrittenFile written =
        new WrittenFile("Cannot publish " + plan.config().trainingFile(), file.footer());
    written.checkShape(merge.spine().rows(), plan.columns(), plan.config().rowGroupRows());
    ColumnVector.Longs key = (ColumnVector.Longs) file.reader().read(file.footer(), 0);
    written.check("order of rows", true, Arrays.equals(key.values(), merge.spine().timestamps()));
    plan.sources().forEach(source -> checkNulls(source, written));
  }

  /** Null counts of all columns, where the manifest knows them. */
  private static void checkNulls(SourcePlan source, WrittenFile written) {
    if (source.provenance() instanceof Extracted extracted) {
      List<ColumnEntry> columns = extracted.entry().columns();
      for (int i = 0; i < columns.size(); i++) {
        written.check(
            "nulls in " + columns.get(i).name(),
            columns.get(i).nulls(),
            written.footer().nullCount(source.firstColumn() + i));
      }
    }
  }
}
