package ml.bqx.merge.bigquery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.JoinedRows;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SliceConsumer;
import ml.bqx.merge.SourceTable;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.parquet.RowGather;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.channel.SummedReader;
import ml.bqx.storage.channel.WindowedReader;
import ml.bqx.training.JoinCounts;

/**
 * Makes row groups of the training file of the files that BigQuery exported. Each row is put where
 * its timestamp belongs, so that nothing depends on how BigQuery spreads rows over files; every
 * spine row must be there once.
 *
 * <p>Memory: a column of one row block, the footers, and {@link #WINDOWS}. Measured with 6,484
 * columns of 16,384 rows and a heap of 1 GiB, the half of the job's container: a process of 0.54 GB
 * when a row block is one row group, 0.96 GB when it is 52 in four files, and 1.23 GB when it is
 * 208 in eight.
 */
final class BigQueryExport {
  /**
   * Bytes of a row block's files that are in memory: columns are read one by one, from each row
   * group of each file, and each read of the bucket should be of some megabytes. 128 MiB, an eighth
   * of the heap of the smallest container.
   */
  private static final int WINDOWS = 128 << 20;

  private final PlannedMerge merge;
  private final List<BigQueryColumn> columns;
  private final List<String> names;

  BigQueryExport(PlannedMerge merge) {
    this.merge = merge;
    this.columns = merge.plan().joined().stream().map(BigQueryColumn::of).toList();
    this.names = columns.stream().map(column -> column.column().name()).toList();
  }

  /**
   * Writes one row block.
   *
   * @param files what was exported of it, with the checksums that the bucket has of them
   * @param training takes the chunks, from this thread: an upload to Cloud Storage ends as soon as
   *     the thread is gone that wrote to it last
   */
  void append(int block, List<FileStatus> files, SliceConsumer training) throws IOException {
    Spine spine = merge.spine().slice(merge.blocks().from(block), merge.blocks().to(block));
    SourcePlan exported =
        SourcePlan.of(
            "training",
            new Provenance.Foreign("row block " + block),
            files.stream().map(FileStatus::path).toList(),
            names,
            1);
    List<SummedReader> readers = new ArrayList<>();
    try (SourceTable table =
        SourceTable.open(exported, path -> open(path, files.size(), readers))) {
      int[] rows = rows(exported.provenance().origin(), table, spine);
      ChunkEncoder encoder = merge.encoder();
      for (int i = 0; i < columns.size(); i++) {
        BigQueryColumn column = columns.get(i);
        ColumnEncoding encoding = merge.plan().encodings().get(i + 1);
        ColumnVector raw = column.restored(table.column(names.get(i)));
        ColumnVector values = encoding.encode(raw);
        training.lost(encoding.losses(raw, rows));
        ColumnVector gathered = RowGather.gather(values, rows, 0, rows.length);
        training.encoded(block, i + 1, encoder.encode(encoding.encoded(), gathered));
      }

      for (int i = 0; i < files.size(); i++) {
        check(files.get(i), readers.get(i));
      }
    }
  }

  private ParquetInput open(String path, int files, List<SummedReader> readers) throws IOException {
    SummedReader reader = new SummedReader(merge.storage().channel(path));
    readers.add(reader);
    return new ParquetInput(path, WindowedReader.of(reader, WINDOWS / files));
  }

  /** The training file is published only after this: what was read damaged is in it until then. */
  private static void check(FileStatus file, SummedReader reader) throws IOException {
    String found = reader.checksum();
    if (!found.equals(file.crc32c())) {
      throw new InvalidInputException(
          "Cannot use BigQuery's export in %s: the CRC32C of what was read is %s, the bucket says %s (was it changed, or damaged on the way?); run again"
              .formatted(file.path(), found, file.crc32c()));
    }
  }

  private int[] rows(String what, SourceTable table, Spine spine) throws IOException {
    for (ParquetFooter footer : table.footers()) {
      List<String> found = footer.columns().stream().map(ColumnSchema::name).toList();
      if (!found.subList(1, found.size()).equals(names)) {
        throw new IllegalStateException(
            "Cannot use BigQuery's export of %s: its columns are %s".formatted(what, found));
      }
    }

    JoinedRows joined = table.match(spine, DuplicatePolicy.FIRST, TimeRange.ALL);
    JoinCounts counts = joined.counts();
    if (!counts.equals(JoinCounts.NONE)) {
      throw new IllegalStateException(
          "Cannot use BigQuery's export of %s: %,d rows of the spine are missing; %s"
              .formatted(what, counts.missing(), counts.droppedInWords()));
    }

    return joined.rows();
  }
}
