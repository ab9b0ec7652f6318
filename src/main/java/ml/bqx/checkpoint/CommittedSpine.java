package ml.bqx.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.options.ExtractConfig;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.VectorConcatenation;
import ml.bqx.storage.Storage;

/** Reads the spine from the checkpoint of the targets, whose rows are the spine. */
public final class CommittedSpine {
  /** Position of the key column in a checkpoint. */
  private static final int KEY = 0;

  private CommittedSpine() {}

  /** Reads the spine of an extraction whose targets are committed. */
  public static Spine read(Storage storage, ExtractConfig config) throws IOException {
    String directory = config.checkpointDirectory();
    CheckpointEntry targets = CheckpointCommit.record(storage, directory, CheckpointNames.TARGETS);
    List<ColumnVector> keys = new ArrayList<>();
    for (CheckpointFile file : targets.files()) {
      try (ParquetFile shard = storage.open(directory + "/" + file.name())) {
        keys.add(shard.reader().read(shard.footer(), KEY));
      }
    }

    return Spine.of(((ColumnVector.Longs) VectorConcatenation.of(keys)).values(), 0);
  }
}
