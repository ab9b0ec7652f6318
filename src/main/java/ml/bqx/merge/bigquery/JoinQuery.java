package ml.bqx.merge.bigquery;

import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.merge.bigquery.JoinTree.JoinColumn;
import ml.bqx.merge.bigquery.JoinTree.JoinTable;

/**
 * One query of a {@link JoinTree}: a left join from the first of its tables, written to a table of
 * its own.
 *
 * @param dataset where all tables are, as SQL names it: {@code project.dataset}
 * @param table the table that it makes
 * @param inputs the tables it joins; the first one's rows are the result's
 * @param partitions row blocks, one partition for each; 0 for a table that is not partitioned
 */
record JoinQuery(String dataset, String table, List<JoinTable> inputs, int partitions) {
  /** The table that it makes, as an input of the next level. */
  JoinTable result() {
    List<JoinColumn> columns =
        inputs.stream()
            .flatMap(input -> input.columns().stream())
            .map(column -> new JoinColumn(column.out(), column.out()))
            .toList();
    return new JoinTable(table, description(), columns);
  }

  /** Columns of the table that it makes, with key and row block. */
  int columns() {
    return inputs.stream().mapToInt(input -> input.columns().size()).sum() + 2;
  }

  /** What it joins, for messages. */
  String description() {
    // The spine stands in front of every query of the first level; what follows distinguishes them.
    String first =
        inputs.get(inputs.size() > 1 && inputs.get(0).columns().isEmpty() ? 1 : 0).description();
    String last = inputs.get(inputs.size() - 1).description();
    return first.equals(last)
        ? first
        : first.replaceFirst(" to .*", "") + " to " + last.replaceFirst(".* to ", "");
  }

  /** The statement; a column a line, so that the line that an error names says which. */
  String sql() {
    StringBuilder sql = new StringBuilder("CREATE OR REPLACE TABLE ").append(quoted(table));
    if (partitions > 0) {
      sql.append(
          "\nPARTITION BY RANGE_BUCKET(%s, GENERATE_ARRAY(0, %d, 1))"
              .formatted(JoinTree.ROW_BLOCK, partitions));
    }

    sql.append("\nCLUSTER BY ").append(Catalog.KEY_COLUMN).append(" AS\nSELECT\n");
    sql.append("  t0.%s,\n  t0.%s".formatted(Catalog.KEY_COLUMN, JoinTree.ROW_BLOCK));
    for (int i = 0; i < inputs.size(); i++) {
      for (JoinColumn column : inputs.get(i).columns()) {
        sql.append(",\n  t").append(i).append(".`").append(column.in()).append('`');
        if (!column.in().equals(column.out())) {
          sql.append(" AS `").append(column.out()).append('`');
        }
      }
    }

    sql.append("\nFROM ").append(quoted(inputs.get(0).name())).append(" AS t0");
    for (int i = 1; i < inputs.size(); i++) {
      sql.append(
          "\nLEFT JOIN %1$s AS t%2$d ON t%2$d.%3$s = t0.%3$s"
              .formatted(quoted(inputs.get(i).name()), i, Catalog.KEY_COLUMN));
    }

    return sql.toString();
  }

  /**
   * The statement that writes one row block of the table to Parquet files, in order of time.
   *
   * @param uri where to, with a star for the number of the file
   */
  String export(int block, String uri) {
    return """
        EXPORT DATA OPTIONS (uri = '%s', format = 'PARQUET', compression = 'SNAPPY', overwrite = true) AS
        SELECT * EXCEPT (%2$s)
        FROM %3$s
        WHERE %2$s = %4$d
        ORDER BY %5$s\
        """
        .formatted(uri, JoinTree.ROW_BLOCK, quoted(table), block, Catalog.KEY_COLUMN);
  }

  private String quoted(String name) {
    return "`%s.%s`".formatted(dataset, name);
  }
}
