package ml.bqx.extract;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.Fingerprint;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why checkpoints of a complete extraction are going to be made again, told before it is done. */
final class ExtractReasons {
  private static final int MOST_NAMES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(ExtractReasons.class);

  private ExtractReasons() {}

  /**
   * Logs a line for each reason, with the groups that it applies to.
   *
   * @param catalog what the warehouse has now
   */
  static void log(Storage storage, ExtractConfig config, Catalog catalog) throws IOException {
    of(storage, config, catalog).forEach(LOG::info);
  }

  private static List<String> of(Storage storage, ExtractConfig config, Catalog catalog)
      throws IOException {
    Optional<Manifest> before = manifest(storage, config);
    if (before.isEmpty()) {
      return List.of();
    }

    Set<String> outdated = before.get().outdated(config, catalog);
    Map<String, CheckpointEntry> entries =
        before.get().checkpoints().stream()
            .collect(toMap(CheckpointEntry::table, Function.identity()));
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (FeatureGroup group : catalog.all()) {
      Optional<CheckpointEntry> entry = Optional.ofNullable(entries.get(group.table().name()));
      if (config.force() || outdated.contains(group.table().name())) {
        groups
            .computeIfAbsent(reason(config, before.get(), group, entry), all -> new ArrayList<>())
            .add(group.name());
      }
    }

    return groups.entrySet().stream()
        .map(
            each ->
                "%,d of %,d checkpoints are extracted because %s: %s"
                    .formatted(
                        each.getValue().size(),
                        catalog.all().size(),
                        each.getKey(),
                        Listing.inWords(each.getValue(), MOST_NAMES)))
        .toList();
  }

  private static Optional<Manifest> manifest(Storage storage, ExtractConfig config)
      throws IOException {
    try {
      return Manifest.read(storage, config.checkpointDirectory());
    } catch (InvalidInputException e) {
      // Of another version, or damaged: then nothing is known of what was before.
      return Optional.empty();
    }
  }

  private static String reason(
      ExtractConfig config, Manifest before, FeatureGroup group, Optional<CheckpointEntry> entry) {
    if (entry.isEmpty()) {
      return "they are new";
    } else if (config.force()) {
      return "--force is given";
    } else if (!before.options().equals(Fingerprint.of(config))) {
      return "options are not those of the last extraction" + options(config, before);
    }

    List<String> columns = entry.get().columns().stream().map(ColumnEntry::source).toList();
    if (!columns.equals(group.columns().stream().map(Column::name).toList())) {
      return "their columns have changed";
    }

    String written = Objects.toString(group.table().lastModified(), null);
    return Objects.equals(written, entry.get().lastModified())
        ? "their table, its types or the targets may have changed"
        : "their table was written since";
  }

  /** What the manifest tells of its options. */
  private static String options(ExtractConfig config, Manifest before) {
    int rows = before.spine().rowGroupRows();
    if (rows != config.rowGroupRows()) {
      return " (--rowGroupRows was %d and is %d)".formatted(rows, config.rowGroupRows());
    }

    String layout = "%s".formatted(config.layout());
    if (!before.layout().equals(layout)) {
      return " (--layout was %s and is %s)".formatted(before.layout(), layout);
    }

    String floatType = "%s".formatted(config.floatType());
    String floatTypeBefore = Objects.requireNonNullElse(before.floatType(), "float64");
    if (!floatTypeBefore.equals(floatType)) {
      return " (--floatType was %s and is %s)".formatted(floatTypeBefore, floatType);
    }

    return " (datasets, dates, --limit, --shardRows, --onDuplicate, --compression, or the"
        + " checkpoints' format)";
  }
}
