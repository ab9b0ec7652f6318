package ml.bqx;

import java.io.IOException;
import ml.bqx.cli.Command;
import ml.bqx.cli.CommandLine;
import ml.bqx.config.ExtractConfig;
import ml.bqx.extract.Extraction;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.ExtractOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;

/** Extracts every feature group of one pair from the warehouse to its own checkpoint. */
public final class ExtractPipeline {
  static final Command<ExtractOptions> COMMAND =
      new Command<>(
          "extract",
          "Extracts one pair's feature groups and targets from the warehouse to Parquet checkpoints.",
          ExtractOptions.class);

  private ExtractPipeline() {}

  /** Runs the extraction; {@code --help} lists the options. */
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
    Extraction.create(BeamOptions.of(options), config, services).run();
  }
}
