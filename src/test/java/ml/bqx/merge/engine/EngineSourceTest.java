package ml.bqx.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import ml.bqx.cli.Arguments;
import ml.bqx.config.CloudConfig;
import ml.bqx.config.MergeConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.plan.MergePlanner;
import ml.bqx.options.MergeOptions;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSourceTest {
  private static final ColumnSchema KEY =
      ColumnSchema.timestampMicros("interval_time").asRequired();

  @TempDir Path directory;

  /** A bit flips after the first look; neither size nor time tell it. */
  @Test
  void whatIsDamagedBeforeAnEngineReadsItIsFoundAfterwards() throws Exception {
    Path checkpoints = Files.createDirectories(directory.resolve("eurusd"));
    write(checkpoints.resolve("targets.parquet"), "y");
    Path features = checkpoints.resolve("agg.parquet");
    write(features, "x");
    PlannedMerge merge = PlannedMerge.of(MergePlanner.plan(Storage.local(), config()));
    List<EngineSource> sources = EngineSource.of(merge, directory);
    assertThat(sources).hasSize(2);
    EngineSource.checkAgain(merge, sources);

    flipValue(features);

    assertThatThrownBy(() -> EngineSource.checkAgain(merge, sources))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageStartingWith("Cannot read %s: column x in row group 0: ", features);
  }

  /** The engine reads copies: those of the bucket may be whole. */
  @Test
  void aCopyThatIsDamagedBeforeAnEngineReadsItIsFoundAfterwards() throws Exception {
    Path bucket = Files.createDirectories(directory.resolve("bucket"));
    Path checkpoints = Files.createDirectories(bucket.resolve("eurusd"));
    write(checkpoints.resolve("targets.parquet"), "y");
    write(checkpoints.resolve("agg.parquet"), "x");
    Path copies = Files.createDirectories(directory.resolve("copies"));
    try (ObjectStore store = new ObjectStore(bucket)) {
      Storage storage = Storage.of(CloudConfig.of(store.endpoint(), List.of()));
      PlannedMerge merge = PlannedMerge.of(MergePlanner.plan(storage, config("gs://bucket")));
      List<EngineSource> sources = EngineSource.of(merge, copies);
      EngineSource.checkAgain(merge, sources);
      Path copy = Path.of(sources.get(1).plan().files().get(0));
      assertThat(copy).hasParent(copies);

      flipValue(copy);

      assertThatThrownBy(() -> EngineSource.checkAgain(merge, sources))
          .isInstanceOf(InvalidParquetException.class)
          .hasMessageStartingWith("Cannot read %s: column x in row group 0: ", copy);
    }
  }

  private MergeConfig config() {
    return config(directory.toString());
  }

  private MergeConfig config(String checkpoints) {
    return MergeConfig.from(
        Arguments.parse(
            MergeOptions.class,
            "--pair=eurusd",
            "--mergeMethod=duckdb",
            "--checkpoints=" + checkpoints,
            "--output=" + directory.resolve("out")));
  }

  private static void write(Path file, String name) throws IOException {
    ColumnSchema column = ColumnSchema.float64(name);
    try (ParquetAssembler parquet =
        new ParquetAssembler(Storage.local().create(file.toString()), List.of(KEY, column))) {
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      parquet.addRowGroup(2);
      long[] minutes = {60, 120};
      parquet.append(0, 0, encoder.encodeDeltas(KEY, new ColumnVector.Longs(minutes, null)));
      parquet.append(0, 1, encoder.encode(column, new ColumnVector.Longs(new long[] {1, 2}, null)));
      parquet.finish(Map.of());
    }
  }

  private static void flipValue(Path file) throws IOException {
    int last;
    try (ParquetFile parquet = Storage.local().open(file.toString())) {
      last = (int) parquet.footer().chunk(0, 1).end() - 1;
    }

    FileTime time = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[last] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
  }
}
