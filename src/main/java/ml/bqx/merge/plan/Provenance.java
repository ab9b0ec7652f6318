package ml.bqx.merge.plan;

import java.io.Serializable;
import java.util.Optional;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.parquet.PartChecksums;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What is known of a checkpoint besides its files. */
public sealed interface Provenance extends Serializable {
  /** Where its data comes from, for the training file's lineage. */
  String origin();

  /** Spine rows that it lacks although it is aligned; 0 when unknown. */
  long rowsMissing();

  /** Time zone of timestamps in the key that are stored without one. */
  KeyClock clock();

  /**
   * Checksum that a file must have, as 8 hex digits; null when unknown.
   *
   * @param file index of the file
   */
  @Nullable String crc32c(int file);

  /**
   * Checksums of the parts of a file, where they are known.
   *
   * @param file index of the file
   */
  Optional<PartChecksums> checksums(int file);

  /** An extraction has made the checkpoint, and the manifest describes it. */
  record Extracted(CheckpointEntry entry) implements Provenance {
    @Override
    public String origin() {
      return entry.dataset() + "." + entry.table();
    }

    @Override
    public long rowsMissing() {
      return entry.rowsMissing();
    }

    @Override
    public KeyClock clock() {
      return KeyClock.UTC;
    }

    @Override
    public String crc32c(int file) {
      return entry.files().get(file).crc32c();
    }

    @Override
    public Optional<PartChecksums> checksums(int file) {
      return Optional.of(entry.files().get(file).checksums());
    }
  }

  /**
   * Another tool has made the files.
   *
   * @param clock of timestamps in the key that are stored without a zone
   */
  record Foreign(String origin, KeyClock clock) implements Provenance {
    /** Files of a tool that means UTC where it names no zone. */
    public Foreign(String origin) {
      this(origin, KeyClock.UTC);
    }

    @Override
    public long rowsMissing() {
      return 0;
    }

    @Override
    public @Nullable String crc32c(int file) {
      return null;
    }

    @Override
    public Optional<PartChecksums> checksums(int file) {
      return Optional.empty();
    }
  }
}
