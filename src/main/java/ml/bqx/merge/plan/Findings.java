package ml.bqx.merge.plan;

import java.io.Serializable;
import java.util.List;
import ml.bqx.catalog.Skipped;

/**
 * What a plan has done with things that are not as they should be. Each is reported to the user.
 *
 * @param leftOut files and columns that are not used
 * @param filled columns that only some parts of a table have, by group
 * @param widened columns that parts of a table have in several types, by group, with their type now
 * @param renamed names that were repaired, with what they are now
 * @param rounded columns that became the nearest doubles, by group
 * @param filledBefore rows that the extraction filled with nulls in aligned checkpoints of which
 *     days are chosen: what these days have of them is not known
 */
public record Findings(
    List<Skipped> leftOut,
    List<String> filled,
    List<String> widened,
    List<String> renamed,
    List<String> rounded,
    long filledBefore)
    implements Serializable {
  public Findings {
    leftOut = List.copyOf(leftOut);
    filled = List.copyOf(filled);
    widened = List.copyOf(widened);
    renamed = List.copyOf(renamed);
    rounded = List.copyOf(rounded);
  }
}
