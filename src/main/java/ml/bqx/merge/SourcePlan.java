package ml.bqx.merge;

import java.io.Serializable;
import java.util.List;
import ml.bqx.checkpoint.CheckpointEntry;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One checkpoint as the merge reads it.
 *
 * @param group feature group, or {@code targets}
 * @param origin where its data comes from: the warehouse table, or the file when nothing is known
 * @param files paths of its files, in order
 * @param columns names of its columns in those files, without the key
 * @param firstColumn index of its first column in the training file; the others follow
 * @param entry what the manifest says of it, or null in a foreign set
 */
public record SourcePlan(
    String group,
    String origin,
    List<String> files,
    List<String> columns,
    int firstColumn,
    @Nullable CheckpointEntry entry)
    implements Serializable {}
