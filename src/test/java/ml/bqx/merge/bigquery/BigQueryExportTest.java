package ml.bqx.merge.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.Duck;
import ml.bqx.cli.Arguments;
import ml.bqx.config.CloudConfig;
import ml.bqx.config.MergeConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.SliceConsumer;
import ml.bqx.merge.plan.MergePlanner;
import ml.bqx.options.MergeOptions;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported files in a bucket, which are damaged after BigQuery has written them. */
class BigQueryExportTest implements SliceConsumer {
  private static final String TIME = "make_timestamptz(60000000 * i) AS interval_time";

  @TempDir Path bucket;

  private final List<Integer> written = new ArrayList<>();
  private ObjectStore store;
  private Storage storage;
  private PlannedMerge merge;
  private Path exported;
  private List<FileStatus> files;

  @BeforeEach
  void export() throws Exception {
    Files.createDirectories(bucket.resolve("eurusd"));
    Files.createDirectories(bucket.resolve("temp"));
    exported = bucket.resolve("temp/block-00000-0-000000000000.parquet");
    write(bucket.resolve("eurusd/targets.parquet"), "(i + 0.5)::DOUBLE AS y");
    write(bucket.resolve("eurusd/agg.parquet"), "(i * 0.25)::DOUBLE AS x");
    write(exported, "(i + 0.5)::DOUBLE AS y, (i * 0.25)::DOUBLE AS agg__x");
    store = new ObjectStore(bucket);
    storage = Storage.of(CloudConfig.of(store.endpoint(), List.of()));
    merge =
        PlannedMerge.of(
            MergePlanner.plan(
                storage,
                MergeConfig.from(
                    Arguments.parse(
                        MergeOptions.class,
                        "--pair=eurusd",
                        "--checkpoints=gs://bucket",
                        "--output=gs://bucket/out"))));
    files = storage.list("gs://bucket/temp");
  }

  @AfterEach
  void stop() {
    store.close();
  }

  /** Without checksums of its pages, as BigQuery writes its own. */
  private static void write(Path file, String columns) throws Exception {
    try (Duck duck = Duck.inMemory()) {
      duck.run(
          "COPY (SELECT %s, %s FROM range(1, 21) r(i)) TO '%s' (COMPRESSION uncompressed)"
              .formatted(TIME, columns, file));
    }
  }

  private void append() throws IOException {
    new BigQueryExport(merge).append(0, files, this);
  }

  @Override
  public void stored(int block, Slice.Stored slices, ChunkReader reader) {
    fail("nothing of an export is copied");
  }

  @Override
  public void encoded(int block, int column, EncodedChunk chunk) {
    written.add(column);
  }

  @Override
  public void lost(ValueLosses losses) {}

  @Test
  void allColumnsOfAWholeExportAreWritten() throws Exception {
    append();

    assertThat(written).containsExactly(1, 2);
  }

  /** A Parquet file does not show that another number is in it. */
  @Test
  void anotherValueThanBigQueryWroteIsFound() throws Exception {
    byte[] bytes = Files.readAllBytes(exported);
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (numbers.getDouble(at) != 7 * 0.25) {
      at++;
    }

    bytes[at] ^= 1;
    Files.write(exported, bytes);

    assertThatThrownBy(this::append)
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot use BigQuery's export in gs://bucket/temp/block-00000-0-000000000000.parquet: the CRC32C of what was read is %s, the bucket says %s (was it changed, or damaged on the way?); run again",
            Storage.local().checksum(exported.toString()), files.get(0).crc32c());
  }

  /** Data, footer, and what is between them. */
  @Test
  void noBitCanFlip() throws Exception {
    byte[] whole = Files.readAllBytes(exported);
    for (int at = 0; at < whole.length; at += 17) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << at % 8);
      Files.write(exported, bytes);

      assertThatThrownBy(this::append).as("byte %d of %d", at, whole.length).isNotNull();
    }
  }
}
