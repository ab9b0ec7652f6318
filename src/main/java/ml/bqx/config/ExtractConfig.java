package ml.bqx.config;

import java.io.Serializable;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.CheckpointOptions;
import ml.bqx.options.Compression;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.FloatType;
import ml.bqx.options.Layout;
import ml.bqx.options.UnsupportedTypePolicy;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One extraction, validated; made by {@link #from}.
 *
 * @param source where the tables are
 * @param dates the days that are read
 * @param checkpoints directory under which every pair has one of its own; no slash at its end
 * @param groups glob over the names of groups and tables, of those that are taken
 * @param limit rows of the spine that are taken, from its start; 0 for all
 * @param rowGroupRows rows of a Parquet row group; 0 until the columns are known
 * @param shardRows rows that one file of a checkpoint holds at most; a multiple of {@code
 *     rowGroupRows}; 0 until that is known
 * @param floatType of FLOAT64 columns in the checkpoints
 * @param minCheckpointBytes bytes a checkpoint must have to be accepted; 0 for any
 * @param expectedCheckpoints checkpoints that there must be, targets included; 0 for any number
 * @param discovery file with what was found in the warehouse; null to ask it
 * @param force whether checkpoints that are whole and current are extracted again
 * @param extractionWorkers reads that run at once, at most
 * @param validateOnly whether to print what would be read, and to change nothing
 */
public record ExtractConfig(
    Pair pair,
    Source source,
    String featuresDataset,
    String analyticsDataset,
    DateRange dates,
    String checkpoints,
    String groups,
    long limit,
    Layout layout,
    int rowGroupRows,
    int shardRows,
    DuplicatePolicy onDuplicate,
    Compression compression,
    FloatType floatType,
    long minCheckpointBytes,
    int expectedCheckpoints,
    @Nullable String discovery,
    boolean force,
    UnsupportedTypePolicy onUnsupportedType,
    int extractionWorkers,
    boolean validateOnly)
    implements Serializable {

  /**
   * Validates the options.
   *
   * @throws InvalidInputException with a line for each option that is wrong
   */
  public static ExtractConfig from(ExtractOptions options) {
    Checks checks = new Checks();
    ExtractConfig config =
        new ExtractConfig(
            checks.pair(options.getPair()),
            Source.from(options, checks),
            checks.dataset("featuresDataset", options.getFeaturesDataset()),
            checks.dataset("analyticsDataset", options.getAnalyticsDataset()),
            DateRange.from(options.getStartDate(), options.getEndDate(), checks),
            checks.directory("checkpoints", options.getCheckpoints()),
            checks.glob("groups", options.getGroups()),
            checks.notNegative("limit", options.getLimit()),
            options.getLayout(),
            RowGroupRows.parse(checks, options.getRowGroupRows()),
            checks.notNegative("shardRows", options.getShardRows()),
            options.getOnDuplicate(),
            options.getCompression(),
            options.getFloatType(),
            checks.notNegative("minCheckpointBytes", options.getMinCheckpointBytes()),
            checks.notNegative("expectedCheckpoints", options.getExpectedCheckpoints()),
            discovery(options, checks),
            options.isForce(),
            options.getOnUnsupportedType(),
            checks.atLeast("extractionWorkers", 1, options.getExtractionWorkers()),
            options.isValidateOnly());
    if (config.discovery != null && !(config.source instanceof BigQueryConfig)) {
      checks.wrong("discovery", config.discovery, "it is for --warehouse=bigquery");
    }

    WorkerPaths workers = new WorkerPaths(options, checks);
    workers.check("checkpoints", config.checkpoints);
    if (config.source instanceof EmbeddedFile) {
      workers.check("warehouse", options.getWarehouse());
    }

    config.checkShards(checks);
    config.checkCompression(checks);
    checks.throwIfAny();
    return config;
  }

  private static @Nullable String discovery(ExtractOptions options, Checks checks) {
    String file = options.getDiscovery();
    return file == null
        ? null
        : checks.required("discovery", file, "a file that launch has written", Locations::parse);
  }

  /** A file has whole row groups. */
  private void checkShards(Checks checks) {
    if (rowGroupRows > 0 && shardRows % rowGroupRows != 0) {
      checks.wrong("shardRows", shardRows, "not a multiple of --rowGroupRows=%d", rowGroupRows);
    }
  }

  /**
   * The same with rows of a row group, and of a file, for so many columns, unless they were given.
   *
   * @throws InvalidInputException when the rows of a file that were given do not fit
   */
  public ExtractConfig forColumns(int columns) {
    int rows = rowGroupRows == RowGroupRows.AUTO ? RowGroupRows.of(columns, 0) : rowGroupRows;
    int most = CheckpointOptions.MOST_ROW_GROUP_ROWS / rows * rows;
    ExtractConfig known =
        new ExtractConfig(
            pair,
            source,
            featuresDataset,
            analyticsDataset,
            dates,
            checkpoints,
            groups,
            limit,
            layout,
            rows,
            shardRows == 0 ? most : shardRows,
            onDuplicate,
            compression,
            floatType,
            minCheckpointBytes,
            expectedCheckpoints,
            discovery,
            force,
            onUnsupportedType,
            extractionWorkers,
            validateOnly);
    Checks checks = new Checks();
    known.checkShards(checks);
    checks.throwIfAny();
    return known;
  }

  /** ParquetIO, which writes sharded checkpoints, chooses no encodings. */
  private void checkCompression(Checks checks) {
    if (compression == Compression.BEST && layout == Layout.SHARDED) {
      checks.wrong("compression", compression, "needs --layout=aligned; take zstd for sharded");
    }
  }

  /** Directory of the pair's checkpoints; no slash at its end. */
  public String checkpointDirectory() {
    return Locations.pair(checkpoints, pair);
  }
}
