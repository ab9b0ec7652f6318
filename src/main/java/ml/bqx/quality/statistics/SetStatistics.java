package ml.bqx.quality.statistics;

import com.google.common.primitives.Longs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Spine;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.VectorConcatenation;
import ml.bqx.storage.Storage;

/** Makes the statistics of checkpoints that have none, by reading them. */
final class SetStatistics {
  private final Storage storage;
  private final String directory;
  private final Spine spine;

  private SetStatistics(Storage storage, String directory, Spine spine) {
    this.storage = storage;
    this.directory = directory;
    this.spine = spine;
  }

  /**
   * Reads checkpoints. Memory: one of them for each processor.
   *
   * @param entries some of the directory's checkpoints
   * @return their statistics, in that order
   */
  static List<GroupStatistics> of(Storage storage, String directory, List<CheckpointEntry> entries)
      throws IOException {
    SetStatistics set =
        new SetStatistics(storage, directory, CommittedSpine.read(storage, directory));
    return ParallelCalls.of(Runtime.getRuntime().availableProcessors(), entries, set::read);
  }

  private GroupStatistics read(CheckpointEntry entry) throws IOException {
    List<long[]> timestamps = new ArrayList<>();
    List<List<ColumnVector>> columns = new ArrayList<>();
    List<ColumnSchema> schema = List.of();
    for (CheckpointFile part : entry.files()) {
      String path = directory + "/" + part.name();
      try (ParquetFile file = storage.open(path, Optional.of(part.checksums()))) {
        schema = file.footer().columns().subList(1, file.footer().columns().size());
        ChunkReader reader = file.reader();
        timestamps.add(((ColumnVector.Longs) reader.read(file.footer(), 0)).values());
        for (int i = 0; i < schema.size(); i++) {
          if (columns.size() == i) {
            columns.add(new ArrayList<>());
          }

          columns.get(i).add(reader.read(file.footer(), i + 1));
        }
      }
    }

    GroupAccumulator group = new GroupAccumulator(spine.rows(), schema);
    group.add(
        StoredRows.of(
            spine,
            Longs.concat(timestamps.toArray(long[][]::new)),
            columns.stream().map(VectorConcatenation::of).toList()),
        0);
    return group.statistics(entry);
  }
}
