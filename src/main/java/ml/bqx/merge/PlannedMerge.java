package ml.bqx.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.cli.Progress;
import ml.bqx.config.DateRange;
import ml.bqx.config.MergeConfig;
import ml.bqx.config.SplitConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.Compression;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.storage.Storage;
import ml.bqx.training.SplitPlan;
import ml.bqx.training.TrainingSplits;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A plan with its spine: all that a worker needs to know of a merge.
 *
 * @param splits which rows are for what; null when they are not divided
 */
public record PlannedMerge(MergePlan plan, Spine spine, @Nullable TrainingSplits splits)
    implements Serializable {
  /**
   * Reads the spine of a plan.
   *
   * @throws InvalidInputException when it has no rows, or fewer than asked for, or when the
   *     training file would have more column chunks than this process can hold
   */
  public static PlannedMerge of(MergePlan plan) throws IOException {
    long minRows = plan.config().minRows();
    try (SourceTable targets = SourceTable.open(plan.storage(), plan.targets())) {
      Spine spine = targets.spine(plan.range());
      if (spine.rows() == 0) {
        checkDates(plan, targets);
        throw new InvalidInputException(
            "Cannot merge %s: none of its %,d rows has a timestamp and all targets%s; drop such columns when writing the file, or wait for the rows"
                .formatted(plan.targets().files().get(0), targets.rows(), targets.nullsInWords()));
      } else if (spine.rows() < minRows) {
        throw new InvalidInputException(
            "Cannot merge: %s has %,d rows with all targets, --minRows=%d requires more"
                .formatted(plan.targets().files().get(0), spine.rows(), minRows));
      }

      SplitConfig split = plan.config().split();
      List<String> names = plan.columns(plan.targets()).stream().map(ColumnSchema::name).toList();
      PlannedMerge merge =
          new PlannedMerge(plan, spine, split.isSplit() ? SplitPlan.of(split, spine, names) : null);
      FooterMemory.check(merge, Runtime.getRuntime().maxMemory());
      return merge;
    }
  }

  private static void checkDates(MergePlan plan, SourceTable targets) throws IOException {
    Spine all = targets.spine(TimeRange.ALL);
    if (all.rows() > 0) {
      DateRange dates = plan.config().choice().dates();
      throw new InvalidInputException(
          "Cannot merge: no row is left by %s%s; the rows of %s are from %s to %s"
              .formatted(
                  dates.start() == null ? "" : "--startDate=%s ".formatted(dates.start()),
                  dates.end() == null ? "" : "--endDate=%s".formatted(dates.end()),
                  plan.targets().files().get(0),
                  Spine.text(all.timestamps()[0]),
                  Spine.text(all.timestamps()[all.rows() - 1])));
    }
  }

  public Storage storage() {
    return plan.storage();
  }

  public MergeConfig config() {
    return plan.config();
  }

  /** Encodes the pages that are not copied. */
  public ChunkEncoder encoder() {
    return config().compression() == Compression.BEST
        ? ChunkEncoder.smallest()
        : new ChunkEncoder(config().codec());
  }

  public BlockLayout blocks() {
    return new BlockLayout(spine.rows(), config().rowGroupRows());
  }

  /** The key column of a row block. */
  public Longs key(int block) {
    BlockLayout blocks = blocks();
    long[] timestamps = spine.timestamps();
    return new Longs(Arrays.copyOfRange(timestamps, blocks.from(block), blocks.to(block)), null);
  }

  /**
   * Appends the column of the pair, the last one, to a row group, if the training file has it.
   *
   * @param rows rows of the row group
   */
  public void appendPair(ParquetAssembler file, int rowGroup, int rows, ChunkEncoder encoder)
      throws IOException {
    if (config().choice().pairColumn()) {
      byte[] name = config().pair().name().getBytes(UTF_8);
      byte[] bytes = Bytes.concat(Collections.nCopies(rows, name).toArray(byte[][]::new));
      int[] offsets = IntStream.rangeClosed(0, rows).map(row -> row * name.length).toArray();
      int column = plan.columns().size() - 1;
      ColumnEncoding encoding = plan.encodings().get(column);
      ColumnVector values = encoding.encode(new Binaries(bytes, offsets, null));
      file.append(rowGroup, file.columns() - 1, encoder.encode(encoding.encoded(), values));
    }
  }

  public TrainingFile trainingFile() {
    return new TrainingFile(this);
  }

  /** Whether a source determines the spine: its rows with a null in any column are left out. */
  public boolean isTargets(SourcePlan source) {
    return source.group().equals(plan.targets().group());
  }

  /**
   * A slicer of checkpoints, for one thread that passes on where the chunks of aligned ones are.
   */
  public SourceSlicer slicer() {
    return new SourceSlicer(this, config().onDuplicate(), 1, SourceTable::open);
  }

  /** Shows how many checkpoints are done. */
  public Progress progress() {
    return Progress.start("merge", "checkpoints", plan.sources().size());
  }
}
