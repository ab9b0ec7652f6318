package ml.bqx.quality.statistics;

import com.google.common.primitives.Longs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Rows of one file of a checkpoint. */
  private record Part(long[] timestamps, List<ColumnVector> columns) {}

  private GroupStatistics read(CheckpointEntry entry) throws IOException {
    List<Part> parts = new ArrayList<>();
    List<ColumnSchema> schema = List.of();
    for (CheckpointFile part : entry.files()) {
      String path = directory + "/" + part.name();
      try (ParquetFile file = storage.open(path, Optional.of(part.checksums()))) {
        schema = file.footer().columns().subList(1, file.footer().columns().size());
        parts.add(read(file));
      }
    }

    GroupAccumulator group = new GroupAccumulator(spine.rows(), schema);
    add(parts, group);
    return group.statistics(entry);
  }

  private static Part read(ParquetFile file) throws IOException {
    ChunkReader reader = file.reader();
    List<ColumnVector> columns = new ArrayList<>();
    for (int i = 1; i < file.footer().columns().size(); i++) {
      columns.add(reader.read(file.footer(), i));
    }

    return new Part(
        ((ColumnVector.Longs) reader.read(file.footer(), 0)).values(), List.copyOf(columns));
  }

  /**
   * File by file where the rows are those of the spine, as they were extracted: then no digit
   * differs.
   */
  private void add(List<Part> parts, GroupAccumulator group) {
    long[] timestamps = Longs.concat(parts.stream().map(Part::timestamps).toArray(long[][]::new));
    if (!Arrays.equals(timestamps, spine.timestamps())) {
      List<ColumnVector> columns = new ArrayList<>();
      for (int i = 0; i < parts.get(0).columns().size(); i++) {
        int column = i;
        columns.add(
            VectorConcatenation.of(
                parts.stream().map(part -> part.columns().get(column)).toList()));
      }

      group.add(StoredRows.of(spine, timestamps, columns), 0);
      return;
    }

    int row = 0;
    for (Part part : parts) {
      int end = row + part.timestamps().length;
      group.add(StoredRows.of(spine.slice(row, end), part.timestamps(), part.columns()), row);
      row = end;
    }
  }
}
