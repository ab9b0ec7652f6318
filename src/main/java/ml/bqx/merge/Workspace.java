package ml.bqx.merge;

import com.google.common.base.StandardSystemProperty;
import com.google.common.io.Closer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import ml.bqx.config.EngineConfig;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.ServiceException;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Temporary files of one run of a merge; closing deletes them. */
public final class Workspace implements Closeable {
  /** Prefix of the names of all runs' directories. */
  private static final String PREFIX = "training_";

  /** Suffix of the file that a live run holds, after the name of its directory. */
  private static final String LEASE = ".lease";

  /** Prefix of the names of directories for intermediate files, which have leases too. */
  private static final String SPILL = "bqx-spill-";

  /** Behind the name of a directory that was left to a job: until it has deleted it. */
  private static final String JOB = ".job";

  /** Longer than any merge runs; what a job that failed has left is deleted then. */
  private static final Duration JOB_DEAD_AFTER = Duration.ofDays(14);

  private final Storage storage;
  private final MergeConfig config;
  private final String directory;
  private final Closeable lease;
  private @Nullable Path spill;
  private @Nullable Closeable spillLease;
  private boolean handedOver;
  private boolean closed;

  private Workspace(Storage storage, MergeConfig config, String directory, Closeable lease) {
    this.storage = storage;
    this.config = config;
    this.directory = directory;
    this.lease = lease;
  }

  /**
   * Makes a directory beside the training file that is unique to this run, and deletes those of
   * killed runs.
   */
  static Workspace create(MergePlan plan) throws IOException {
    MergeConfig config = plan.config();
    Storage storage = plan.storage();
    String directory =
        "%s/%s%s-%s".formatted(parent(config), PREFIX, config.pair(), UUID.randomUUID());
    Closeable lease = storage.lease(directory + LEASE);
    try {
      deleteLeftOvers(storage, parent(config), "", directory + LEASE);
      storage.createDirectory(directory);
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }

    return new Workspace(storage, config, directory, lease);
  }

  /** The files of a killed run may be as large as the training file. */
  private static void deleteLeftOvers(
      Storage storage, String parent, String prefix, String ownLease) throws IOException {
    List<FileStatus> found = storage.list(parent, prefix);
    Instant now = Storage.now(found, ownLease);
    Instant dead = now.minus(JOB_DEAD_AFTER);
    for (FileStatus file : found) {
      if (file.name().endsWith(JOB) && file.modified().isBefore(dead)) {
        deleteOwned(storage, file.path(), JOB);
      } else if (file.name().endsWith(LEASE) && !storage.isLeased(file.path(), now)) {
        deleteOwned(storage, file.path(), LEASE);
      }
    }
  }

  private static void deleteOwned(Storage storage, String sign, String ending) throws IOException {
    storage.deleteDirectory(sign.substring(0, sign.length() - ending.length()));
    storage.delete(List.of(sign));
  }

  private static String parent(MergeConfig config) {
    return config.output() + "/" + Storage.TEMPORARY;
  }

  /** Directory that all workers reach, on the storage of the output. */
  public String directory() {
    return directory;
  }

  /** The training file until it is verified. */
  public NewFile trainingFile() {
    return storage.newFile(directory + "/training.parquet");
  }

  /**
   * Local directory for an engine's intermediate files, below {@code --spillDirectory}; made when
   * it is first asked for.
   *
   * @throws ServiceException when it cannot be made
   * @throws IllegalStateException when the run was stopped and has deleted its files
   */
  public synchronized Path spillDirectory() {
    if (closed) {
      throw new IllegalStateException("Cannot make a directory: the run has ended");
    } else if (spill == null) {
      Path parent = spillParent();
      try {
        Path made = parent.resolve(SPILL + UUID.randomUUID());
        spillLease = storage.lease(made + LEASE);
        deleteLeftOvers(storage, parent.toString(), SPILL, made + LEASE);
        storage.createDirectory(made.toString());
        spill = made;
      } catch (IOException e) {
        throw new ServiceException(
            "Cannot write to %s: %s; set --spillDirectory to another directory"
                .formatted(parent, ServiceException.reason(e)),
            e);
      }
    }

    return spill;
  }

  private Path spillParent() {
    if (config.engine().spill() instanceof EngineConfig.Spill.Directory given) {
      return Path.of(given.path());
    }

    return Storage.isLocal(config.output())
        ? Path.of(parent(config))
        : Path.of(StandardSystemProperty.JAVA_IO_TMPDIR.value());
  }

  /**
   * Leaves the directory to a running job, which will {@link #delete} it. Until then a file beside
   * it keeps other runs from deleting it, although this process ends.
   */
  synchronized void handOver() throws IOException {
    storage.create(directory + JOB).close();
    handedOver = true;
  }

  /** Deletes the directory of a run, and the one above it unless other runs are at work. */
  public static void delete(Storage storage, MergeConfig config, String directory)
      throws IOException {
    deleteOwned(storage, directory + JOB, JOB);
    storage.deleteIfEmpty(parent(config));
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    // From the last to the first, and what follows one that cannot be deleted too: the leases end
    // after what they protect, which is any other run's to delete then.
    try (Closer closer = Closer.create()) {
      closer.register(lease);
      if (!handedOver) {
        closer.register(() -> storage.deleteDirectory(directory));
      }

      if (spillLease != null) {
        closer.register(spillLease);
      }

      if (spill != null) {
        Path left = spill;
        closer.register(() -> storage.deleteDirectory(left.toString()));
      }
    }

    storage.deleteIfEmpty(parent(config));
  }
}
