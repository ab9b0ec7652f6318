package ml.bqx.merge.bigquery;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.bqx.catalog.Catalog;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.CheckpointFiles;

/**
 * How BigQuery joins hundreds of tables, none of whose queries it refuses: each query joins at most
 * {@value #MAX_TABLES}, and their results are joined in turn, until one table is left.
 *
 * <p>The queries of the first level all begin with the spine, so that every result has exactly its
 * rows. The last table is cut into one partition a row block: what a row block's export reads, and
 * is billed for, is that block.
 *
 * @param levels the queries; those of one level need only the tables of the level before
 */
record JoinTree(List<List<JoinQuery>> levels) {
  /** Tables that one query joins; it was refused with 668, and is slow to plan with 200. */
  static final int MAX_TABLES = 50;

  /**
   * Columns that a table of BigQuery may have, <a
   * href="https://cloud.google.com/bigquery/quotas#standard_tables">by its limits</a>.
   */
  static final int MAX_COLUMNS = 10_000;

  /**
   * Characters that a query may have before its names are resolved: 1 MB, <a
   * href="https://cloud.google.com/bigquery/quotas#query_jobs">by its limits</a>.
   */
  static final int MAX_CHARACTERS = 1_024 * 1_024;

  /** Partitions that one job may write, by the same limits. */
  static final int MAX_PARTITIONS = 4_000;

  /** The column that holds a row's block; the partitions of the last table. */
  static final String ROW_BLOCK = "bqx_row_block";

  /** The table that is left in the end. */
  static final String LAST_TABLE = "training";

  /** What the column of a table may be called everywhere, unquoted and in any format. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,299}");

  /**
   * Prefixes that BigQuery keeps for itself, <a
   * href="https://cloud.google.com/bigquery/docs/schemas#column_names">by its documentation</a>.
   */
  private static final List<String> RESERVED =
      List.of("_table_", "_file_", "_partition", "_row_timestamp", "__root__", "_colidentifier");

  /**
   * A table to be joined.
   *
   * @param name its name
   * @param description what is in it, for messages: a feature group, or the first and the last
   * @param columns its columns but key and row block, in the training file's order
   */
  record JoinTable(String name, String description, List<JoinColumn> columns) {}

  /**
   * A column.
   *
   * @param in its name in the table
   * @param out its name in the training file
   */
  record JoinColumn(String in, String out) {}

  /**
   * Plans the joins.
   *
   * @param dataset where all tables are, as SQL names it: {@code project.dataset}
   * @param spine the targets, whose rows are the spine, with the column {@value #ROW_BLOCK}
   * @param groups the feature groups' tables
   * @param blocks number of row blocks
   * @throws InvalidInputException when BigQuery could not hold the result
   */
  static JoinTree of(String dataset, JoinTable spine, List<JoinTable> groups, int blocks) {
    checkColumns(spine, groups);
    if (blocks > MAX_PARTITIONS) {
      throw new InvalidInputException(
          "Cannot merge with --mergeMethod=bigquery: the training file would have %,d row groups, BigQuery writes at most %,d partitions; raise --rowGroupRows, or merge with --mergeMethod=stream"
              .formatted(blocks, MAX_PARTITIONS));
    }

    List<List<JoinQuery>> levels = new ArrayList<>();
    List<JoinTable> tables = groups;
    JoinTable first = spine;
    do {
      List<List<JoinTable>> inputs = levels.isEmpty() ? withSpine(first, tables) : parted(tables);
      List<JoinQuery> level = new ArrayList<>();
      for (List<JoinTable> some : inputs) {
        boolean last = inputs.size() == 1;
        String name =
            last ? LAST_TABLE : "join_%d_%03d".formatted(levels.size() + 1, level.size() + 1);
        level.add(new JoinQuery(dataset, name, some, last ? blocks : 0));
      }

      levels.add(List.copyOf(level));
      tables = level.stream().map(JoinQuery::result).toList();
    } while (tables.size() > 1);

    JoinTree tree = new JoinTree(List.copyOf(levels));
    tree.queries().forEach(JoinTree::checkCharacters);
    return tree;
  }

  private static void checkCharacters(JoinQuery query) {
    int characters = query.sql().length();
    if (characters > MAX_CHARACTERS) {
      throw new InvalidInputException(
          "Cannot merge with --mergeMethod=bigquery: the query that joins %s would have %,d characters for %,d columns, BigQuery takes at most %,d; shorten the columns' names, extract fewer groups (--groups), or merge with --mergeMethod=stream"
              .formatted(query.description(), characters, query.columns(), MAX_CHARACTERS));
    }
  }

  private static List<List<JoinTable>> parted(List<JoinTable> tables) {
    return Lists.partition(tables, MAX_TABLES);
  }

  /** The first level: the targets' columns come with the first query, their rows with each. */
  private static List<List<JoinTable>> withSpine(JoinTable spine, List<JoinTable> groups) {
    if (groups.isEmpty()) {
      return List.of(List.of(spine));
    }

    List<List<JoinTable>> inputs = new ArrayList<>();
    JoinTable rows = new JoinTable(spine.name(), spine.description(), List.of());
    for (List<JoinTable> some : Lists.partition(groups, MAX_TABLES - 1)) {
      inputs.add(Lists.asList(inputs.isEmpty() ? spine : rows, some.toArray(JoinTable[]::new)));
    }

    return inputs;
  }

  private static void checkColumns(JoinTable spine, List<JoinTable> groups) {
    List<String> names =
        Stream.concat(Stream.of(spine), groups.stream())
            .flatMap(table -> table.columns().stream())
            .map(JoinColumn::out)
            .toList();
    List<String> refused = names.stream().filter(name -> !isName(name)).toList();
    if (!refused.isEmpty()) {
      throw new InvalidInputException(
          "Cannot merge with --mergeMethod=bigquery: column names in BigQuery are letters, digits and underscores (at most 300, no digit first, no reserved prefix), and these are not: %s; rename them, or merge with --mergeMethod=stream"
              .formatted(CheckpointFiles.inWords(refused)));
    }

    // The key and the row block are columns too.
    int columns = names.size() + 2;
    if (columns > MAX_COLUMNS) {
      throw new InvalidInputException(
          "Cannot merge with --mergeMethod=bigquery: the training file has %,d columns, a BigQuery table holds at most %,d, one of them for the row block; extract fewer groups (--groups), or merge with --mergeMethod=stream"
              .formatted(columns - 1, MAX_COLUMNS));
    }
  }

  /** Whether a column of a table can have this name. */
  static boolean isName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAME.matcher(name).matches()
        && RESERVED.stream().noneMatch(lower::startsWith)
        && !lower.equals(Catalog.KEY_COLUMN)
        && !lower.equals(ROW_BLOCK);
  }

  /** All queries, level by level. */
  List<JoinQuery> queries() {
    return levels.stream().flatMap(List::stream).toList();
  }

  /** The query whose result is the training table. */
  JoinQuery last() {
    return Lists.reverse(levels).get(0).get(0);
  }
}
