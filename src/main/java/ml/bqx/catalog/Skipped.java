package ml.bqx.catalog;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ml.bqx.failure.Listing;

/**
 * Tables of the feature dataset, files or columns that are not part of a pair's training set.
 *
 * @param tables their names, sorted
 */
public record Skipped(Reason reason, List<String> tables) implements Serializable {
  /** Names shown of one reason; the manifest or card of a merge has all of them. */
  private static final int MAX_NAMES = 20;

  /** Why something was left out; {@code toString} is for messages. */
  public enum Reason {
    /** {@code tmp_*}. */
    TEMPORARY("temporary"),
    /** {@code *_summary}. */
    SUMMARY("summary", "summaries"),
    /** Target tables in the feature dataset; as features they would leak the future. */
    TARGETS("targets"),
    /** The only pairs in the name are others. */
    OTHER_PAIR("of other pairs"),
    /** Belongs to the pair, but the glob leaves it out. */
    NOT_MATCHED("not matched by the glob"),
    /** Neither the name of a pair nor a known prefix: worth checking. */
    UNCLASSIFIED("unclassified"),
    /** {@code agg_eurusd_20240101} beside {@code agg_eurusd}, which holds the rows of all days. */
    DATE_SHARD("shard by date of another table", "shards by date of other tables"),
    /** All columns are of unsupported types. */
    NO_COLUMNS("without columns of supported types"),
    /** Columns, not tables. */
    UNSUPPORTED_TYPE("column of an unsupported type", "columns of unsupported types"),
    /** Columns that training takes no part of. */
    NOT_NUMERIC("column that is not a number", "columns that are not numbers"),
    /** Columns of a data frame's index, by the metadata that pandas writes. */
    PANDAS_INDEX("pandas index column", "pandas index columns"),
    /** Columns that repeat the pair. */
    PAIR_COLUMN("column named pair", "columns named pair"),
    /** Columns that only the names of folders have: {@code year=2024}. */
    FOLDER_COLUMN("column of folder names", "columns of folder names"),
    /** Files with nothing but a key. */
    KEY_ONLY("file without columns besides the key", "files without columns besides the key"),
    /** Files below a folder {@code pair=} of another pair. */
    OTHER_PAIR_FOLDER("file in folders of other pairs", "files in folders of other pairs"),
    /** Parquet files whose name does not say so. */
    OTHER_ENDING("Parquet file with another ending", "Parquet files with another ending"),
    /** Files that hold something else. */
    NOT_PARQUET("file that is not Parquet", "files that are not Parquet"),
    /** Links to files that are not there. */
    DANGLING_LINK("dangling link", "dangling links"),
    /** Links to folders that they are in themselves. */
    LINK_LOOP("link that leads back to its own folder", "links that lead back to their own folder"),
    /** Parquet files beside those that the manifest names. */
    NOT_IN_MANIFEST(
        "file that the manifest does not name", "files that the manifest does not name"),
    /** Names that begin with an underscore or a dot, which hides them from all tools. */
    HIDDEN("hidden file", "hidden files");

    /** What is expected beside the tables of a pair is counted, all else is named. */
    private static final Set<Reason> EXPECTED =
        EnumSet.of(TEMPORARY, SUMMARY, TARGETS, OTHER_PAIR, NOT_MATCHED, DATE_SHARD, HIDDEN);

    private final String one;
    private final String words;

    Reason(String words) {
      this(words, words);
    }

    Reason(String one, String words) {
      this.one = one;
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
    String counted = tables.size() + " " + (tables.size() == 1 ? reason.one : reason.words);
    return Reason.EXPECTED.contains(reason)
        ? counted
        : counted + " (" + Listing.inWords(tables, MAX_NAMES) + ")";
  }

  /** {@code 12 temporary, 3 summaries}, or {@code nothing}. */
  public static String inWords(List<Skipped> skipped) {
    return skipped.isEmpty()
        ? "nothing"
        : skipped.stream().map(Skipped::toString).collect(Collectors.joining(", "));
  }
}
