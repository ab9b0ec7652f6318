package ml.bqx.config;

import java.io.Serializable;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.Compression;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.options.MergeMethod;
import ml.bqx.options.MergeOptions;
import org.apache.parquet.format.CompressionCodec;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One merge, validated; made by {@link #from}.
 *
 * @param checkpoints directory under which every pair has one of its own; no slash at its end
 * @param output directory the training file is written to; no slash at its end
 * @param rowGroupRows rows of a row block, which is a row group of the training file; 0 until the
 *     plan tells
 * @param compression of all pages; null when those that are copied may keep theirs
 * @param recompress whether pages of another compression are encoded again
 * @param expectedFeatures features there must be, exactly; 0 for any number
 * @param expectedTargets targets there must be, exactly; 0 for any number
 * @param minRows rows there must be at least; 0 for any number
 * @param minCheckpoints checkpoints there must be at least, targets included; 0 for any number
 * @param choice which columns and rows are taken
 * @param split how the rows are divided
 * @param gates which limits the data must keep
 * @param deleteCheckpoints whether they are deleted when the training file is published
 * @param foreign how files of other tools are taken
 * @param engine for the methods that let another engine join
 */
public record MergeConfig(
    Pair pair,
    String checkpoints,
    String output,
    MergeMethod mergeMethod,
    int rowGroupRows,
    DuplicatePolicy onDuplicate,
    @Nullable Compression compression,
    boolean recompress,
    int expectedFeatures,
    int expectedTargets,
    long minRows,
    int minCheckpoints,
    ChoiceConfig choice,
    SplitConfig split,
    GateConfig gates,
    boolean deleteCheckpoints,
    ForeignSetConfig foreign,
    EngineConfig engine)
    implements Serializable {

  /**
   * Validates the options.
   *
   * @throws InvalidInputException with a line for each option that is wrong
   */
  public static MergeConfig from(MergeOptions options) {
    Checks checks = new Checks();
    MergeConfig config =
        new MergeConfig(
            checks.pair(options.getPair()),
            checks.directory("checkpoints", options.getCheckpoints()),
            checks.directory("output", options.getOutput()),
            options.getMergeMethod(),
            RowGroupRows.parse(checks, options.getRowGroupRows()),
            options.getOnDuplicate(),
            options.getCompression(),
            options.isRecompress(),
            checks.notNegative("expectedFeatures", options.getExpectedFeatures()),
            checks.notNegative("expectedTargets", options.getExpectedTargets()),
            checks.notNegative("minRows", options.getMinRows()),
            checks.notNegative("minCheckpoints", options.getMinCheckpoints()),
            ChoiceConfig.from(options, checks),
            SplitConfig.from(options, checks),
            GateConfig.from(options, checks),
            options.isDeleteCheckpoints(),
            ForeignSetConfig.from(options, checks),
            EngineConfig.from(options, checks));
    if (config.mergeMethod == MergeMethod.BIGQUERY) {
      // Made again by the method; here its mistakes join the others.
      BigQueryMergeConfig.from(options, checks);
    }

    if (config.mergeMethod == MergeMethod.BEAM) {
      WorkerPaths workers = new WorkerPaths(options, checks);
      workers.check("checkpoints", config.checkpoints);
      workers.check("output", config.output);
    }

    if (config.checkpoints != null) {
      config.checkOutput(checks);
    }

    config.checkRecompress(checks);
    checks.throwIfAny();
    return config;
  }

  /** The same with rows of a row group that the plan tells. */
  public MergeConfig withRowGroupRows(int rows) {
    return new MergeConfig(
        pair,
        checkpoints,
        output,
        mergeMethod,
        rows,
        onDuplicate,
        compression,
        recompress,
        expectedFeatures,
        expectedTargets,
        minRows,
        minCheckpoints,
        choice,
        split,
        gates,
        deleteCheckpoints,
        foreign,
        engine);
  }

  /** Whether the plan tells how many rows a row group has. */
  public boolean isAutoRowGroupRows() {
    return rowGroupRows == RowGroupRows.AUTO;
  }

  private void checkRecompress(Checks checks) {
    if (recompress && (compression == null || mergeMethod == MergeMethod.COMPOSE)) {
      checks.wrong(
          "recompress",
          true,
          compression == null
              ? "needs --compression, which says how"
              : "compose copies whole files; take --mergeMethod=stream");
    }
  }

  /** The codec of pages that are encoded. */
  public CompressionCodec codec() {
    return CompressionCodec.valueOf(
        (compression == null ? Compression.SNAPPY : compression).codec());
  }

  /** A merge takes every Parquet file beside the checkpoints for one, a training file too. */
  private void checkOutput(Checks checks) {
    boolean same =
        output != null
            && (Locations.same(output, checkpoints)
                || (pair != null && Locations.same(output, checkpointDirectory())));
    if (same) {
      checks.wrong("output", output, "holds the checkpoints; the training file must be elsewhere");
    }
  }

  /** Whether all files are local; what joins in BigQuery has some in Cloud Storage. */
  public boolean isOnThisMachine() {
    return mergeMethod != MergeMethod.BIGQUERY
        && !Locations.isRemote(checkpoints)
        && !Locations.isRemote(output)
        && !choice.isRemote()
        && !gates.isRemote();
  }

  /** Directory of the pair's checkpoints; no slash at its end. */
  public String checkpointDirectory() {
    return Locations.pair(checkpoints, pair);
  }

  /** The file that the merge makes. */
  public String trainingFile() {
    return Locations.trainingFile(output, pair);
  }
}
