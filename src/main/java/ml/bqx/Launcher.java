package ml.bqx;

import java.util.Map;
import ml.bqx.cli.CommandLine;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.launch.InProcess;
import ml.bqx.launch.Launch;
import ml.bqx.launch.LaunchKind;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;

/**
 * Launches the extraction or the merge of one or more pairs, follows it and verifies the result:
 * the entry point of the Cloud Run jobs. Methods that need no Dataflow run in this process.
 */
public final class Launcher implements InProcess {
  private Launcher() {}

  /** Launches; {@code --help} lists the variables and options. */
  public static void main(String[] args) {
    CommandLine.exitOnFailure(start(args));
  }

  static int start(String... args) {
    return Launch.main(new Launcher(), args);
  }

  static int run(Map<String, String> environment, String... args) {
    return Launch.run(new Launcher(), environment, args);
  }

  @Override
  public Warehouse open(EmbeddedFile file) {
    return DuckDbWarehouse.open(file.path());
  }

  @Override
  public int run(LaunchKind kind, String... args) {
    return switch (kind) {
      case EXTRACT -> ExtractPipeline.run(args);
      case MERGE -> MergePipeline.run(args);
    };
  }
}
