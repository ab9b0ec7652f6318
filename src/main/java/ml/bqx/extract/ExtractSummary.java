package ml.bqx.extract;

import java.util.Map;
import java.util.stream.Collectors;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.NotFinite;
import ml.bqx.cli.Summary;
import ml.bqx.config.ExtractConfig;

/** What an extraction prints at its end, out of the manifest. */
final class ExtractSummary {
  private ExtractSummary() {}

  private static String inWords(Map<String, Integer> tables) {
    return tables.isEmpty()
        ? "none"
        : tables.entrySet().stream()
            .map(left -> "%,d %s".formatted(left.getValue(), left.getKey()))
            .collect(Collectors.joining(", "));
  }

  static Summary of(ExtractConfig config, Manifest manifest, long extracted, long kept) {
    Manifest.SpineEntry spine = manifest.spine();
    Summary summary = new Summary("extracted " + config.pair());
    if (manifest.floatType() != null) {
      summary.add(
          "stored as float32", "all FLOAT64 columns; " + manifest.asFloats().ofFloatsInWords());
    }

    return summary
        .add("rows", "%,d, from %s to %s".formatted(spine.rows(), spine.first(), spine.last()))
        .count("features", manifest.features())
        .count("targets", manifest.targets())
        .count("checkpoints extracted", extracted)
        .count("checkpoints kept", kept)
        .add(
            "rows filled with nulls",
            "%,d in %,d checkpoints"
                .formatted(
                    manifest.sum(CheckpointEntry::rowsMissing),
                    manifest.count(CheckpointEntry::rowsMissing)))
        .add(
            "rows dropped",
            "%,d not in the spine, %,d without timestamp, %,d duplicates, %,d incomplete targets"
                .formatted(
                    manifest.sum(CheckpointEntry::rowsOutside),
                    manifest.sum(CheckpointEntry::rowsWithoutTimestamp),
                    manifest.sum(CheckpointEntry::duplicates),
                    spine.incompleteTargets()))
        .add("NaN or infinite targets", NotFinite.inWords(spine.notFiniteTargets()))
        .add("tables left out", inWords(manifest.skippedTables()))
        .count("columns rounded to doubles", manifest.columnsAsDouble())
        .count("files", manifest.checkpoints().stream().mapToLong(e -> e.files().size()).sum())
        .bytes("size", manifest.bytes());
  }
}
