package ml.bqx.merge.plan;

import java.io.Serializable;
import java.util.List;

/**
 * One checkpoint as the merge reads it.
 *
 * @param group feature group, or {@code targets}
 * @param provenance what is known of it besides its files
 * @param files paths of its files, in order
 * @param columns names of its columns in those files, without the key
 * @param firstColumn index of its first column in the training file; the others follow
 */
public record SourcePlan(
    String group, Provenance provenance, List<String> files, List<String> columns, int firstColumn)
    implements Serializable {}
