package ml.bqx.extract;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CommitRecord;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.commit.CheckpointCommit;
import ml.bqx.config.ExtractConfig;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.DiscoveredTable;

/**
 * The checkpoints that are there, of this run or of earlier ones.
 *
 * @param spine of the targets that are committed
 */
record ExistingCheckpoints(Storage storage, ExtractConfig config, Spine spine) {
  /** Those beside the targets, which must be committed. */
  static ExistingCheckpoints read(Storage storage, ExtractConfig config) throws IOException {
    return new ExistingCheckpoints(storage, config, CommittedSpine.read(storage, config));
  }

  /** The spine must be that of this run's targets: another run may have written others. */
  void requireTargets(FeatureGroup targets) throws IOException {
    if (commit(targets).recorded().isEmpty()) {
      throw OtherExtraction.replaces(config);
    }
  }

  /** All at once: what another run makes while this one is at work stays. */
  void forget(List<DiscoveredTable> tables) throws IOException {
    CommitRecord.forget(
        storage,
        config.checkpointDirectory(),
        tables.stream().map(table -> table.group().table().name()).toList());
  }

  /**
   * Those of the tables that need a checkpoint.
   *
   * @param kept called for each that has one, by several threads
   */
  List<DiscoveredTable> missing(List<DiscoveredTable> tables, Runnable kept) throws IOException {
    return missing(
        tables,
        commit -> {
          Optional<CheckpointEntry> entry = commit.committed();
          if (entry.isPresent()) {
            kept.run();
          }

          return entry;
        });
  }

  /**
   * The same by the sizes of files, for checkpoints that this run or one beside it has verified.
   */
  List<DiscoveredTable> unrecorded(List<DiscoveredTable> tables) throws IOException {
    return missing(tables, CheckpointCommit::recorded);
  }

  private List<DiscoveredTable> missing(
      List<DiscoveredTable> tables,
      ParallelCalls.Call<CheckpointCommit, Optional<CheckpointEntry>, IOException> look)
      throws IOException {
    List<Optional<CheckpointEntry>> found =
        ParallelCalls.of(tables, table -> look.of(commit(table.group())));
    return IntStream.range(0, found.size())
        .filter(i -> found.get(i).isEmpty())
        .mapToObj(tables::get)
        .toList();
  }

  private CheckpointCommit commit(FeatureGroup group) {
    return new CheckpointCommit(storage, config, group, spine);
  }
}
