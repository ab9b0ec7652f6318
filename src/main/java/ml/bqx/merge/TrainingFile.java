package ml.bqx.merge;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.bqx.checkpoint.Build;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Json;
import ml.bqx.checkpoint.WrittenFile;
import ml.bqx.merge.Provenance.Extracted;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;

/** The one wide file: what its footer says, how it is verified, how it gets its final name. */
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

  /** Verifies a finished file against plan, spine and manifest, and gives it its final name. */
  public void publish(String temporary) throws IOException {
    try (ParquetFile file = plan.storage().open(temporary)) {
      verify(file);
    }

    plan.checkUnchanged();
    plan.storage().publish(temporary, plan.config().trainingFile());
  }

  /**
   * Whether the final name has a file already that says it is this one, and is: an attempt that
   * nobody heard of has published it.
   */
  public boolean isPublished() throws IOException {
    String path = plan.config().trainingFile();
    if (plan.storage().size(path) < 0) {
      return false;
    }

    try (ParquetFile file = plan.storage().open(path)) {
      if (!file.footer().keyValues().equals(keyValues())) {
        return false;
      }

      verify(file);
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
