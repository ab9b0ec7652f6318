package ml.bqx;

import java.util.Arrays;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.launch.InProcess;
import ml.bqx.launch.Launch;
import ml.bqx.launch.LaunchKind;
import ml.bqx.warehouse.Warehouse;

/**
 * The command {@code launch} alone, without what extracts and merges: the entry point of the
 * launcher's own jar, which contains nothing of Beam, Parquet or DuckDB.
 */
public final class JobLauncher implements InProcess {
  private static final String COMMAND = "launch";

  private JobLauncher() {}

  /** Launches; {@code --help} lists the variables and options. */
  public static void main(String[] args) {
    // As in the jar that has all commands.
    boolean isNamed = args.length > 0 && args[0].equals(COMMAND);
    String[] options = isNamed ? Arrays.copyOfRange(args, 1, args.length) : args;
    int code = Launch.main(new JobLauncher(), options);
    if (code != 0) {
      System.exit(code);
    }
  }

  @Override
  public Warehouse open(EmbeddedFile file) {
    throw new InvalidInputException(
        "--warehouse=%s: Dataflow's workers cannot read a file of this machine (expected bigquery)"
            .formatted(file.name()));
  }

  @Override
  public int run(LaunchKind kind, String... args) {
    throw new InvalidInputException(
        kind == LaunchKind.EXTRACT
            ? "EXTRACT_TEMPLATE=here: this launcher starts Dataflow jobs and extracts nothing itself; execute the job bqx-ml-extract-here"
            : "MERGE_METHOD: this launcher starts Dataflow jobs and merges nothing itself; execute the job bqx-ml-merge, or set MERGE_METHOD=beam");
  }
}
