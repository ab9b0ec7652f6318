package ml.bqx.catalog;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tables of the feature dataset, or columns, that are not part of a pair's training set.
 *
 * @param tables their names, sorted
 */
public record Skipped(Reason reason, List<String> tables) implements Serializable {
  /** Why a table was left out; {@code toString} is for messages. */
  public enum Reason {
    /** {@code tmp_*}. */
    TEMPORARY("temporary"),
    /** {@code *_summary}. */
    SUMMARY("summaries"),
    /** Target tables in the feature dataset; as features they would leak the future. */
    TARGETS("targets"),
    /** The only pairs in the name are others. */
    OTHER_PAIR("of other pairs"),
    /** Belongs to the pair, but the glob leaves it out. */
    NOT_MATCHED("not matched by the glob"),
    /** Neither the name of a pair nor a known prefix: worth checking. */
    UNCLASSIFIED("unclassified"),
    /** {@code agg_eurusd_20240101} beside {@code agg_eurusd}, which holds the rows of all days. */
    DATE_SHARD("shards by date of other tables"),
    /** All columns are of unsupported types. */
    NO_COLUMNS("without columns of supported types"),
    /** Columns, not tables. */
    UNSUPPORTED_TYPE("columns of unsupported types");

    /** Those that a name alone does not explain. */
    private static final Set<Reason> NAMED = EnumSet.of(UNCLASSIFIED, NO_COLUMNS, UNSUPPORTED_TYPE);

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  public Skipped {
    tables = List.copyOf(tables);
  }

  /** {@code 3 summaries}; unexpected tables are listed by name. */
  @Override
  public String toString() {
    String counted = tables.size() + " " + reason;
    return Reason.NAMED.contains(reason)
        ? counted + " (" + String.join(", ", tables) + ")"
        : counted;
  }

  /** {@code 12 temporary, 3 summaries}, or {@code nothing}. */
  static String inWords(List<Skipped> skipped) {
    return skipped.isEmpty()
        ? "nothing"
        : skipped.stream().map(Skipped::toString).collect(Collectors.joining(", "));
  }
}
