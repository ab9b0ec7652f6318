package ml.bqx.merge.plan;

import java.io.Serializable;
import java.util.List;

/**
 * One checkpoint as the merge reads it.
 *
 * @param group feature group, or {@code targets}
 * @param provenance what is known of it besides its files
 * @param files paths of its files, in order
 * @param columns names in those files of the columns that are taken, without the key
 * @param firstColumn index of its first column among those of the plan; the others follow
 * @param required names in those files of columns whose nulls leave a row out: of the targets, all
 * @param whole whether all columns are taken
 */
public record SourcePlan(
    String group,
    Provenance provenance,
    List<String> files,
    List<String> columns,
    int firstColumn,
    List<String> required,
    boolean whole)
    implements Serializable {
  /** Files that hold just these columns, in which no row is left out for a null. */
  public static SourcePlan of(
      String group,
      Provenance provenance,
      List<String> files,
      List<String> columns,
      int firstColumn) {
    return new SourcePlan(group, provenance, files, columns, firstColumn, List.of(), true);
  }

  /** The same checkpoint in copies of its files. */
  public SourcePlan in(List<String> copies) {
    return new SourcePlan(group, provenance, copies, columns, firstColumn, required, whole);
  }
}
