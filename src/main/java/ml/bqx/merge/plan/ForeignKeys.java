package ml.bqx.merge.plan;

import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Map;
import ml.bqx.catalog.Catalog;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;

/** Makes sure that the keys of all files of another tool are in the same time zone. */
final class ForeignKeys {
  private ForeignKeys() {}

  /**
   * Refuses keys in UTC beside keys without a zone, unless the zone of the latter was given.
   *
   * @throws InvalidInputException naming files of both kinds
   */
  static void check(MergeConfig config, List<List<ParquetFooter>> footers) {
    Map<Boolean, List<String>> files =
        footers.stream()
            .flatMap(List::stream)
            .collect(partitioningBy(KeyColumn::isLocal, mapping(ParquetFooter::file, toList())));
    List<String> local = files.getOrDefault(true, List.of());
    List<String> utc = files.getOrDefault(false, List.of());
    if (config.foreign().timeZone() == null && !local.isEmpty() && !utc.isEmpty()) {
      throw new InvalidInputException(
          "Cannot merge %s: %s must be in UTC in all files, or without a time zone in all; it is in UTC in %,d (%s), without a time zone in %,d (%s); tell the zone of the latter with --timeZone, for example --timeZone=UTC or --timeZone=America/New_York"
              .formatted(
                  config.checkpointDirectory(),
                  Catalog.KEY_COLUMN,
                  utc.size(),
                  CheckpointFiles.inWords(utc),
                  local.size(),
                  CheckpointFiles.inWords(local)));
    }
  }
}
