package ml.bqx.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.Tool;
import ml.bqx.options.MergeConfig;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;

/** The one wide file: what its footer says, how it is verified, how it gets its final name. */
public final class TrainingFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage storage;
  private final MergeConfig config;
  private final MergePlan plan;
  private final Spine spine;

  TrainingFile(Storage storage, MergeConfig config, MergePlan plan, Spine spine) {
    this.storage = storage;
    this.config = config;
    this.plan = plan;
    this.spine = spine;
  }

  /**
   * Directory for temporary files, one for each run, so that two runs never meet.
   *
   * @param run any text that no other run has
   */
  public static String temporaryDirectory(MergeConfig config, String run) {
    return "%s/training_%s-%s".formatted(temporaryDirectory(config), config.pair(), run);
  }

  /** Directory that those of all runs are in. */
  public static String temporaryDirectory(MergeConfig config) {
    return config.output() + "/" + Storage.TEMPORARY;
  }

  /** Key-values of the footer. */
  public Map<String, String> keyValues() {
    Map<String, String> lineage = new LinkedHashMap<>();
    plan.sources().forEach(source -> lineage.put(source.group(), source.origin()));
    Map<String, String> keyValues = new LinkedHashMap<>();
    keyValues.put(FooterKeys.MANIFEST, Objects.requireNonNullElse(plan.manifest(), "none"));
    keyValues.put(FooterKeys.SPINE, spine.fingerprint());
    keyValues.put(FooterKeys.TARGETS, Integer.toString(plan.targetCount()));
    keyValues.put(FooterKeys.FEATURES, Integer.toString(plan.featureCount()));
    keyValues.put(FooterKeys.TOOL, Tool.NAME_AND_VERSION);
    try {
      keyValues.put(FooterKeys.LINEAGE, JSON.writeValueAsString(lineage));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write lineage as JSON", e);
    }

    return keyValues;
  }

  /** Verifies a finished file against plan, spine and manifest, and gives it its final name. */
  public void publish(String temporary) throws IOException {
    try (ParquetFile file = storage.open(temporary)) {
      verify(file);
    }

    storage.rename(temporary, config.trainingFile());
  }

  private void verify(ParquetFile file) throws IOException {
    ParquetFooter footer = file.footer();
    check("rows", (long) spine.rows(), footer.rows());
    check("columns", plan.columns().size(), footer.columns().size());
    for (int i = 0; i < plan.columns().size(); i++) {
      ColumnSchema expected = plan.columns().get(i);
      ColumnSchema found = footer.columns().get(i);
      check("name of column " + i, expected.name(), found.name());
      check("type of " + expected.name(), expected.typeName(), found.typeName());
    }

    BlockLayout blocks = new BlockLayout(spine.rows(), config.rowGroupRows());
    check("row groups", blocks.blocks(), footer.rowGroups());
    for (int block = 0; block < blocks.blocks(); block++) {
      check("rows of row group " + block, (long) blocks.rows(block), footer.rows(block));
    }

    ColumnVector.Longs key = (ColumnVector.Longs) file.reader().read(footer, 0);
    check("order of rows", true, Arrays.equals(key.values(), spine.timestamps()));
    plan.sources().forEach(source -> checkNulls(source, footer));
  }

  /** Null counts of all columns, where the manifest knows them. */
  private void checkNulls(SourcePlan source, ParquetFooter footer) {
    if (source.entry() != null) {
      List<ColumnEntry> columns = source.entry().columns();
      for (int i = 0; i < columns.size(); i++) {
        check(
            "nulls in " + columns.get(i).name(),
            columns.get(i).nulls(),
            footer.nullCount(source.firstColumn() + i));
      }
    }
  }

  private void check(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new IllegalStateException(
          "Cannot publish %s: %s should be %s, the file that was written says %s"
              .formatted(config.trainingFile(), what, expected, found));
    }
  }
}
