package ml.bqx.sample;

import java.nio.file.Path;
import java.util.Map;

/**
 * A sample warehouse that was made.
 *
 * @param tables all tables, including those that no pipeline must pick up
 * @param groups tables that are feature groups of the pair
 * @param features columns of these that are features
 * @param targets columns of the table of targets that are targets
 * @param rows rows of all tables
 * @param bytes size of the file
 * @param defects which table has which defect; of two whose names clash, the second
 */
public record Sample(
    Path file,
    int tables,
    int groups,
    int features,
    int targets,
    long rows,
    long bytes,
    Map<SampleDefect, String> defects) {
  public Sample {
    defects = Map.copyOf(defects);
  }
}
