package ml.bqx.quality.statistics;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.Attempts;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CommitRecord;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.StatisticsEntry;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.quality.statistics.GroupStatistics.Timing;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import ml.bqx.storage.channel.ChecksumChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statistics of all columns of a pair's training set.
 *
 * @param groups the targets first, then the feature groups by name
 */
public record PairStatistics(List<GroupStatistics> groups) {
  private static final Logger LOG = LoggerFactory.getLogger(PairStatistics.class);

  public PairStatistics {
    groups = ImmutableList.copyOf(groups);
  }

  /**
   * Puts what was kept of each checkpoint into one file, which is forced to the disk. A checkpoint
   * of which nothing was kept, because an earlier version has made it or it was damaged, is read.
   *
   * @param manifest of the extraction, which is not written yet
   * @param attempts what the file belongs to until it is committed
   * @return the manifest that names the file
   */
  public static Manifest publish(
      Storage storage, String directory, Manifest manifest, Attempts attempts) throws IOException {
    Optional<StatisticsEntry> known = published(storage, directory, manifest);
    return manifest.with(
        known.isPresent()
            ? known.get()
            : write(attempts, directory, all(storage, directory, manifest)));
  }

  /** The statistics that are there, when an earlier run made them of the same checkpoints. */
  private static Optional<StatisticsEntry> published(
      Storage storage, String directory, Manifest manifest) throws IOException {
    try {
      Optional<StatisticsEntry> entry =
          Manifest.read(storage, directory)
              .filter(before -> before.checkpoints().equals(manifest.checkpoints()))
              .flatMap(before -> Optional.ofNullable(before.statistics()));
      return entry.isPresent() && isThere(storage, directory, entry.get())
          ? entry
          : Optional.empty();
    } catch (InvalidInputException e) {
      LOG.debug("The manifest is damaged, and is going to be replaced", e);
      return Optional.empty();
    }
  }

  private static boolean isThere(Storage storage, String directory, StatisticsEntry entry)
      throws IOException {
    String path = StatisticsEntry.path(directory);
    return storage.status(path).filter(file -> file.bytes() == entry.bytes()).isPresent()
        && storage.checksum(path).equals(entry.crc32c());
  }

  private static StatisticsEntry write(
      Attempts attempts, String directory, List<GroupStatistics> groups) throws IOException {
    try (NewFile file = attempts.file("statistics")) {
      ChecksumChannel channel = new ChecksumChannel(file.open());
      try (channel) {
        StatisticsFile.write(groups, channel);
      }

      file.publish(StatisticsEntry.path(directory));
      return new StatisticsEntry(channel.bytes(), channel.checksum());
    }
  }

  /** The statistics that were kept of checkpoints, and those of the others by reading them. */
  private static List<GroupStatistics> all(Storage storage, String directory, Manifest manifest)
      throws IOException {
    List<CheckpointEntry> entries = manifest.checkpoints();
    List<Optional<GroupStatistics>> kept =
        ParallelCalls.of(entries, entry -> kept(storage, directory, entry));
    List<CheckpointEntry> others =
        IntStream.range(0, entries.size())
            .filter(i -> kept.get(i).isEmpty())
            .mapToObj(entries::get)
            .toList();
    if (others.isEmpty()) {
      return kept.stream().flatMap(Optional::stream).toList();
    }

    LOG.info(
        "{}: {} of {} checkpoints have no statistics yet, and are read for them",
        manifest.pair(),
        others.size(),
        entries.size());
    Iterator<GroupStatistics> read = SetStatistics.of(storage, directory, others).iterator();
    return kept.stream().map(each -> each.orElseGet(read::next)).toList();
  }

  private static Optional<GroupStatistics> kept(
      Storage storage, String directory, CheckpointEntry entry) throws IOException {
    return CommitRecord.of(storage, directory, entry)
        .observation(GroupStatistics.class)
        .filter(statistics -> statistics.checkpoint().equals(GroupAccumulator.key(entry)));
  }

  /**
   * The statistics of a pair's checkpoints: those that the extraction made, and where it made none,
   * or they are damaged, those of the checkpoints, which are read for it.
   */
  public static PairStatistics of(Storage storage, String directory, Manifest manifest)
      throws IOException {
    StatisticsEntry entry = manifest.statistics();
    if (entry != null) {
      if (isThere(storage, directory, entry)) {
        return read(storage, StatisticsEntry.path(directory));
      }

      LOG.warn(
          "{} is missing, damaged or of another extraction: reading the checkpoints",
          StatisticsEntry.path(directory));
    }

    return new PairStatistics(all(storage, directory, manifest));
  }

  /** When the groups of a pair were extracted, as far as it is known. */
  public static Map<String, Timing> timings(Storage storage, String directory, Manifest manifest)
      throws IOException {
    Map<String, Timing> timings = new HashMap<>();
    for (Optional<GroupStatistics> kept :
        ParallelCalls.of(manifest.checkpoints(), entry -> kept(storage, directory, entry))) {
      kept.filter(group -> group.timing() != null)
          .ifPresent(group -> timings.put(group.group(), Objects.requireNonNull(group.timing())));
    }

    return timings;
  }

  /**
   * The statistics of a training file, which is read for it. Memory: one group for each processor.
   *
   * @throws InvalidInputException when its first column is not a key in ascending order
   */
  public static PairStatistics ofTrainingFile(Storage storage, String path) throws IOException {
    return TrainingStatistics.of(storage, path);
  }

  /**
   * Reads a file of statistics.
   *
   * @throws InvalidInputException when it is none
   */
  public static PairStatistics read(Storage storage, String path) throws IOException {
    try (ParquetFile file = storage.open(path)) {
      return new PairStatistics(StatisticsFile.read(file));
    } catch (InvalidParquetException e) {
      throw new InvalidInputException(
          "%s; extract again, or delete it".formatted(e.getMessage()), e);
    }
  }

  /** Those of some columns, and of the groups that have any of them. */
  PairStatistics only(Set<String> columns) {
    return new PairStatistics(
        groups.stream()
            .map(group -> group.only(columns))
            .filter(group -> !group.columns().isEmpty())
            .toList());
  }

  /** The statistics of all columns, targets first. */
  public List<ColumnStatistics> columns() {
    List<ColumnStatistics> columns = new ArrayList<>();
    groups.forEach(group -> columns.addAll(group.columns()));
    return columns;
  }
}
