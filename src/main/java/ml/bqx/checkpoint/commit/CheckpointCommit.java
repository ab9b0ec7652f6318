package ml.bqx.checkpoint.commit;

import com.google.common.io.Closer;
import com.google.common.math.IntMath;
import java.io.IOException;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.Attempts;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.CommitRecord;
import ml.bqx.checkpoint.Fingerprint;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the checkpoint of one feature group: temporary files, verified, renamed, then a commit
 * record. A group is committed when its record is there and its files are as the record says; a
 * crash at any moment leaves other groups and the next run unharmed.
 */
public final class CheckpointCommit {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointCommit.class);

  private final Storage storage;
  private final ExtractConfig config;
  private final FeatureGroup group;
  private final Spine spine;
  private final String table;
  private final String directory;
  private final String fingerprint;
  private final CommitRecord record;

  /** A commit of the group into the directory of the configuration. */
  public CheckpointCommit(Storage storage, ExtractConfig config, FeatureGroup group, Spine spine) {
    this.storage = storage;
    this.config = config;
    this.group = group;
    this.spine = spine;
    this.table =
        group.category() == Category.TARGETS ? CheckpointNames.TARGETS : group.table().name();
    this.directory = config.checkpointDirectory();
    this.fingerprint = Fingerprint.of(config, group, spine.fingerprint());
    this.record = CommitRecord.of(storage, directory, table);
  }

  /**
   * The existing checkpoint, if it was made from the same table, spine and options and its files
   * match by size and checksum. One that cannot be read counts as damaged.
   */
  public Optional<CheckpointEntry> committed() {
    if (config.force()) {
      return Optional.empty();
    }

    try {
      Optional<CheckpointEntry> entry = recorded(this::extractAgain);
      for (CheckpointFile file : entry.map(CheckpointEntry::files).orElse(List.of())) {
        String found = storage.checksum(path(file));
        if (!found.equals(file.crc32c())) {
          extractAgain(
              "its file was damaged or replaced: CRC32C is %s, the commit record says %s (%s)"
                  .formatted(found, file.crc32c(), path(file)));
          return Optional.empty();
        }
      }

      return entry;
    } catch (IOException e) {
      extractAgain("its checkpoint cannot be read: " + ServiceException.reason(e));
      return Optional.empty();
    }
  }

  private void extractAgain(String why) {
    LOG.warn("Extracting {} again: {}", table, why);
  }

  /**
   * Like {@link #committed}, but checks sizes only and ignores {@code --force}: for checkpoints
   * that this run, or a concurrent one, has verified.
   */
  public Optional<CheckpointEntry> recorded() throws IOException {
    return recorded(harm -> {});
  }

  /**
   * The checkpoint, by size alone.
   *
   * @param harm receives what happened to one that is not as it was made
   */
  private Optional<CheckpointEntry> recorded(Consumer<String> harm) throws IOException {
    Optional<CheckpointEntry> entry = current(harm);
    for (CheckpointFile file : entry.map(CheckpointEntry::files).orElse(List.of())) {
      long size = storage.status(path(file)).map(FileStatus::bytes).orElse(-1L);
      if (size != file.bytes()) {
        harm.accept(
            size < 0
                ? "its file is missing (%s)".formatted(path(file))
                : "its file was damaged or replaced: it has %,d bytes, the commit record says %,d (%s)"
                    .formatted(size, file.bytes(), path(file)));
        return Optional.empty();
      }
    }

    return entry;
  }

  /** What the commit record says, if it is of the same table, spine and options. */
  private Optional<CheckpointEntry> current(Consumer<String> harm) throws IOException {
    return record.find(harm).filter(entry -> fingerprint.equals(entry.fingerprint()));
  }

  /**
   * Reads the targets, shard by shard of the spine, and commits them. Memory: one shard of them.
   *
   * @throws InvalidInputException when it repeats timestamps and the policy is to fail, or a file
   *     is smaller than asked for
   */
  public CheckpointEntry extract(GroupReader reader, CheckpointObserver observer)
      throws IOException {
    return extract(reader, this, observer, Attempts.begin(storage, directory));
  }

  /**
   * Like {@link #extract(GroupReader, CheckpointObserver)}, for a feature group.
   *
   * @param targets the commit that made the spine; nothing is published when another extraction has
   *     replaced it meanwhile, which would make a set of two
   * @param attempts what the files belong to until they are committed
   */
  public CheckpointEntry extract(
      GroupReader reader, CheckpointCommit targets, CheckpointObserver observer, Attempts attempts)
      throws IOException {
    int shards =
        Math.max(1, IntMath.divide(spine.rows(), config.shardRows(), RoundingMode.CEILING));
    CheckpointWriter writer = new CheckpointWriter(storage, config, group, spine, fingerprint);
    Tally tally = new Tally(group);
    StoredFloats floats = new StoredFloats(group, config.floatType());
    List<NewFile> written = new ArrayList<>();
    List<CheckpointFile> files = new ArrayList<>();
    try (Closer closer = Closer.create()) {
      for (int shard = 0; shard < shards; shard++) {
        MatchedBatch rows = floats.of(read(reader, shard));
        observer.add(rows, shard * config.shardRows());
        NewFile file = closer.register(attempts.file(table));
        String name = CheckpointNames.file(table, shard, shards);
        files.add(writer.write(file, name, rows, tally.add(rows)));
        written.add(file);
      }

      CheckpointEntry entry = tally.entry(fingerprint, files, floats.losses());
      if (targets != this && targets.current(harm -> {}).isEmpty()) {
        throw replaced();
      }

      // An attempt that was late must not take away what the run has finished with meanwhile.
      Optional<FileStatus> manifest = storage.status(Manifest.path(directory));
      Optional<CheckpointEntry> before =
          record.find(harm -> LOG.debug("{} is replaced: {}", table, harm));
      // Of a group that is to be made again, only another attempt can have left the same record.
      boolean again = config.force() && targets == this;
      if (again || !before.equals(Optional.of(entry)) || !isWhole(entry)) {
        commit(written, entry, before, manifest, observer.record(entry));
      }

      return entry;
    }
  }

  /** Whether the files are as another run has published them while this one was at work. */
  private boolean isWhole(CheckpointEntry entry) {
    try {
      for (CheckpointFile file : entry.files()) {
        if (!storage.checksum(path(file)).equals(file.crc32c())) {
          return false;
        }
      }

      return true;
    } catch (IOException e) {
      LOG.debug("It cannot be read, so it is replaced", e);
      return false;
    }
  }

  private InvalidInputException replaced() {
    return new InvalidInputException(
        "Cannot commit table %s: another extraction of the pair, with other options, has replaced the targets in %s; wait until it has ended, then run again"
            .formatted(group.table().qualifiedName(), directory));
  }

  private MatchedBatch read(GroupReader reader, int shard) throws IOException {
    int from = shard * config.shardRows();
    int to = Math.min(spine.rows(), from + config.shardRows());
    Spine part = spine.slice(from, to);
    // Up to the next shard's first row, so that rows between two spine rows are seen and counted.
    TimeRange range =
        to < spine.rows()
            ? new TimeRange(part.range().from(), spine.timestamps()[to])
            : part.range();
    ColumnBatch batch = reader.read(range);
    SpineMatch match = SpineMatch.of(part, batch.timestamps(), config.onDuplicate());
    if (match.duplicates() > 0 && config.onDuplicate() == DuplicatePolicy.FAIL) {
      throw new InvalidInputException(
          "Cannot extract table %s: %s"
              .formatted(group.table().qualifiedName(), match.duplicatesInWords()));
    }

    return new MatchedBatch(batch, part, match);
  }

  /**
   * Gives files their names.
   *
   * @param before the record that is there. Files that a killed run left without one are deleted
   *     when the manifest is written: to look for them here would take a listing for each group,
   *     which is one of the dear calls
   * @param manifest the one that was there before that record was read; it is withdrawn
   * @param observation what an observer has to keep
   */
  private void commit(
      List<NewFile> written,
      CheckpointEntry entry,
      Optional<CheckpointEntry> before,
      Optional<FileStatus> manifest,
      Optional<Object> observation)
      throws IOException {
    if (manifest.isPresent()) {
      storage.deleteUnchanged(manifest.get());
    }

    // Waves that run side by side may all commit the targets: a record that holds stays all the
    // time.
    if (before.isPresent() && recorded().isEmpty()) {
      record.delete();
    }

    Set<String> stale = new HashSet<>();
    before.ifPresent(old -> old.files().forEach(file -> stale.add(path(file))));
    for (int i = 0; i < written.size(); i++) {
      String path = path(entry.files().get(i));
      written.get(i).commit(path);
      stale.remove(path);
    }

    storage.delete(stale);
    record.write(entry, observation);
  }

  private String path(CheckpointFile file) {
    return directory + "/" + file.name();
  }
}
