package ml.bqx;

import java.io.IOException;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Storage;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.ExtractOptions;
import ml.bqx.warehouse.Extraction;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.Warehouses;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings every feature group of one pair from the warehouse to a checkpoint of its own. */
public final class ExtractPipeline {
  static final String PURPOSE =
      "Extracts one pair's feature groups and targets from the warehouse to Parquet checkpoints.";

  private static final Logger LOG = LoggerFactory.getLogger(ExtractPipeline.class);

  private ExtractPipeline() {}

  /** Runs the extraction; {@code --help} tells the options. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return CommandLine.run(
        "extract",
        PURPOSE,
        ExtractOptions.class,
        args,
        ExtractConfig::from,
        ExtractPipeline::extract);
  }

  private static void extract(ExtractOptions options, ExtractConfig config) throws IOException {
    long start = System.nanoTime();
    FileSystems.setDefaultPipelineOptions(options);
    Catalog catalog = discover(config);
    LOG.info(
        "{}: {} feature groups with {} features, {} targets; left out: {}",
        config.pair(),
        catalog.groups().size(),
        catalog.featureCount(),
        catalog.targetCount(),
        catalog.skippedInWords());
    String directory = config.checkpointDirectory();
    Storage.checkWritable(directory);
    String temporary = directory + "/" + Storage.TEMPORARY;
    // A run that was killed has left them.
    Storage.deleteDirectory(temporary);
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply("Extract " + config.pair(), Extraction.of(config, catalog));
    if (PipelineProgress.isSubmitOnly(options)) {
      PipelineProgress.submit(pipeline, "extract " + config.pair());

      return;
    }

    PipelineResult result =
        PipelineProgress.runAndWait(
            pipeline, "extract", "checkpoints", Extraction.DONE, catalog.groups().size() + 1);
    Storage.deleteDirectory(temporary);
    Manifest manifest = Manifest.read(directory).orElseThrow();
    summary(config, manifest, result, start).print(System.out);
  }

  private static Catalog discover(ExtractConfig config) {
    try (Warehouse warehouse = Warehouses.open(config.warehouse().toString())) {
      return warehouse.catalog(
          config.pair(), config.featuresDataset(), config.analyticsDataset(), config.groups());
    }
  }

  private static Summary summary(
      ExtractConfig config, Manifest manifest, PipelineResult result, long start) {
    Manifest.SpineEntry spine = manifest.spine();
    return new Summary("extracted " + config.pair())
        .add("rows", "%,d, from %s to %s".formatted(spine.rows(), spine.first(), spine.last()))
        .count("features", manifest.features())
        .count("targets", manifest.targets())
        .count("checkpoints extracted", PipelineProgress.count(result, Extraction.EXTRACTED))
        .count("checkpoints kept", PipelineProgress.count(result, Extraction.KEPT))
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
        .add("tables left out", manifest.skippedTables())
        .count("files", manifest.checkpoints().stream().mapToLong(e -> e.files().size()).sum())
        .bytes("size", manifest.bytes())
        .secondsSince("seconds", start)
        .add("lies in", config.checkpointDirectory());
  }
}
