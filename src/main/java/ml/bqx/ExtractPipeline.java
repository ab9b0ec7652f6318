package ml.bqx;

import java.io.IOException;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.cli.PipelineProgress;
import ml.bqx.extract.BigQueryExtraction;
import ml.bqx.extract.Discovery;
import ml.bqx.extract.ExtractPreview;
import ml.bqx.extract.ExtractSummary;
import ml.bqx.extract.Extraction;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.ExtractOptions;
import ml.bqx.storage.Storage;
import ml.bqx.storage.TemporaryFiles;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.duckdb.Warehouses;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;

/** Brings every feature group of one pair from the warehouse to a checkpoint of its own. */
public final class ExtractPipeline {
  static final Command<ExtractOptions> COMMAND =
      new Command<>(
          "extract",
          "Extracts one pair's feature groups and targets from the warehouse to Parquet checkpoints.",
          ExtractOptions.class);

  private ExtractPipeline() {}

  /** Runs the extraction; {@code --help} tells the options. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(run(args));
  }

  static int run(String... args) {
    return run(new BigQueryServicesImpl(), args);
  }

  /**
   * Runs the extraction.
   *
   * @param services what BigQueryIO calls
   */
  static int run(BigQueryServices services, String... args) {
    return CommandLine.run(
        COMMAND,
        args,
        ExtractConfig::from,
        (options, config) -> extract(options, config, services));
  }

  private static void extract(
      ExtractOptions options, ExtractConfig config, BigQueryServices services) throws IOException {
    FileSystems.setDefaultPipelineOptions(options);
    if (config.bigQuery() == null) {
      extractEmbedded(options, config);
    } else {
      new BigQueryExtraction(options, config, services).run();
    }
  }

  private static void extractEmbedded(ExtractOptions options, ExtractConfig config)
      throws IOException {
    long start = System.nanoTime();
    Catalog catalog;
    try (Warehouse warehouse = Warehouses.open(config.warehouse())) {
      catalog = Discovery.discover(warehouse, config);
    }

    if (config.validateOnly()) {
      ExtractPreview.print(config, catalog, System.out);
      return;
    }

    Storage storage = Storage.of(options);
    String directory = config.checkpointDirectory();
    storage.checkWritable(directory);
    PipelineResult result;
    try (TemporaryFiles temporary = TemporaryFiles.open(storage, directory)) {
      DirectOptions direct = options.as(DirectOptions.class);
      direct.setTargetParallelism(
          Math.min(direct.getTargetParallelism(), config.extractionWorkers()));
      Pipeline pipeline = Pipeline.create(options);
      pipeline.apply("Extract " + config.pair(), Extraction.of(storage, config, catalog));
      if (PipelineProgress.isSubmitOnly(options)) {
        PipelineProgress.submit(pipeline, "extract " + config.pair());
        return;
      }

      result =
          PipelineProgress.runAndWait(
              pipeline, "extract", "checkpoints", Extraction.DONE, catalog.all().size());
    }

    ExtractSummary.of(
            config,
            Manifest.read(storage, directory).orElseThrow(),
            PipelineProgress.count(result, Extraction.EXTRACTED),
            PipelineProgress.count(result, Extraction.KEPT))
        .secondsSince("seconds", start)
        .add("lies in", directory)
        .print(System.out);
  }
}
