package ml.bqx.sample;

import java.nio.file.Path;
import java.util.Map;

/**
 * A sample warehouse that was made.
 *
 * @param kept minutes of the spine that were there before, 0 unless rows were appended to them
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
    int kept,
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
