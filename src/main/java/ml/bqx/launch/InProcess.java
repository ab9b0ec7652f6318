package ml.bqx.launch;

import ml.bqx.config.EmbeddedFile;
import ml.bqx.warehouse.Warehouse;

/** What a launcher can do in its own process, which the thin one cannot. */
public interface InProcess {
  /** Opens an embedded warehouse, to see what it has. */
  Warehouse open(EmbeddedFile file);

  /**
   * Runs the extraction or the merge of a pair.
   *
   * @param args options of the pipeline
   * @return the exit code
   */
  int run(LaunchKind kind, String... args);
}
