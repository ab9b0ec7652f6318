package ml.bqx.checkpoint.commit;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.Build;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.Fingerprint;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Spine;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.Compression;
import ml.bqx.options.FloatType;
import ml.bqx.options.Layout;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import ml.bqx.storage.channel.ChecksumChannel;
import org.apache.parquet.format.CompressionCodec;

/** Writes the files of one checkpoint in the layout asked for, and reads each back to verify it. */
final class CheckpointWriter {
  private final Storage storage;
  private final ExtractConfig config;
  private final FeatureGroup group;
  private final List<ColumnSchema> columns;
  private final Map<String, String> keyValues;

  CheckpointWriter(
      Storage storage,
      ExtractConfig config,
      FeatureGroup group,
      Spine spine,
      String checkpointFingerprint) {
    this.storage = storage;
    this.config = config;
    this.group = group;
    this.columns = CheckpointSchema.of(group, config.floatType());
    this.keyValues = new LinkedHashMap<>();
    keyValues.put(FooterKeys.SOURCE_TABLE, group.table().qualifiedName());
    keyValues.put(
        FooterKeys.LAST_MODIFIED, Objects.toString(group.table().lastModified(), "unknown"));
    keyValues.put(FooterKeys.LAYOUT, config.layout().toString());
    keyValues.put(FooterKeys.COMPRESSION, config.compression().toString());
    if (config.floatType() == FloatType.FLOAT32) {
      keyValues.put(FooterKeys.FLOAT_TYPE, config.floatType().toString());
    }

    keyValues.put(FooterKeys.SPINE, spine.fingerprint());
    keyValues.put(FooterKeys.OPTIONS, Fingerprint.of(config));
    keyValues.put(FooterKeys.CHECKPOINT, checkpointFingerprint);
    keyValues.put(FooterKeys.TOOL, Build.NAME_AND_VERSION);
  }

  /**
   * Writes one file and verifies it.
   *
   * @param target the file, not committed yet
   * @param name its final name
   * @param nulls expected nulls of each column among the spine rows
   */
  CheckpointFile write(NewFile target, String name, MatchedBatch rows, long[] nulls)
      throws IOException {
    // Even small ones: all together they would fill the page cache, and wait there for the end.
    ChecksumChannel channel = new ChecksumChannel(target.openLarge());
    Optional<PartChecksums> known;
    try (channel) {
      known = write(rows, channel);
    }

    try (ParquetFile written = storage.open(target.path())) {
      PartChecksums checksums = known.isPresent() ? known.get() : PartChecksums.of(written);
      CheckpointFile file =
          CheckpointFile.of(name, rowsIn(rows), channel.bytes(), channel.checksum(), checksums);
      verify(written.footer(), file, rows, nulls);
      return file;
    }
  }

  /** Parts have no checksums yet when ParquetIO writes: it does not report where they are. */
  private Optional<PartChecksums> write(MatchedBatch rows, WritableByteChannel channel)
      throws IOException {
    return switch (config.layout()) {
      case ALIGNED -> {
        int groupRows = config.rowGroupRows();
        yield Optional.of(
            new AlignedSink(columns, encoder(), groupRows, keyValues).write(rows, channel));
      }
      case SHARDED -> {
        new ShardedSink(columns, config.compression(), keyValues).write(rows, channel);
        yield Optional.empty();
      }
    };
  }

  private ChunkEncoder encoder() {
    return config.compression() == Compression.BEST
        ? ChunkEncoder.smallest()
        : new ChunkEncoder(CompressionCodec.valueOf(config.compression().codec()));
  }

  private long rowsIn(MatchedBatch rows) {
    int missing = config.layout() == Layout.ALIGNED ? 0 : rows.match().missing();
    return (long) rows.spine().rows() - missing;
  }

  private void verify(ParquetFooter footer, CheckpointFile file, MatchedBatch rows, long[] nulls) {
    WrittenFile written =
        new WrittenFile("Cannot commit table " + group.table().qualifiedName(), footer);
    written.check("size in bytes", file.bytes(), footer.fileBytes());
    boolean aligned = config.layout() == Layout.ALIGNED;
    written.checkShape(file.rows(), columns, aligned ? config.rowGroupRows() : 0);
    long missing = rows.spine().rows() - file.rows();
    for (int i = 1; i < columns.size(); i++) {
      long found = written.footer().nullCount(i) + missing;
      written.check("nulls in " + columns.get(i).name(), nulls[i - 1], found);
    }

    if (file.bytes() < config.minCheckpointBytes()) {
      throw new InvalidInputException(
          "Cannot commit table %s: its checkpoint has %,d bytes, --minCheckpointBytes=%d requires more"
              .formatted(group.table().qualifiedName(), file.bytes(), config.minCheckpointBytes()));
    }
  }
}
