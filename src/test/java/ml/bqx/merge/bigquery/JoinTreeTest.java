package ml.bqx.merge.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.bigquery.JoinTree.JoinColumn;
import ml.bqx.merge.bigquery.JoinTree.JoinTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTreeTest {
  private static final String DATASET =
      "project-1.bqx_ml_merge_eurusd_00000000000000000000000000000000";
  private static final Pair EURUSD = Pair.of("eurusd");

  @Test
  void theSpineAndAGroupJoinInOneStatement() {
    JoinTable targets =
        new JoinTable("checkpoint_0000", "targets", List.of(new JoinColumn("y", "y")));
    JoinTable agg = new JoinTable("checkpoint_0001", "agg", List.of(new JoinColumn("x", "agg__x")));

    JoinTree tree = JoinTree.of("p-1.d", targets, List.of(agg), 3);

    assertThat(tree.queries()).hasSize(1);
    assertThat(tree.last().sql())
        .isEqualTo(
            """
            CREATE OR REPLACE TABLE `p-1.d.training`
            PARTITION BY RANGE_BUCKET(bqx_row_block, GENERATE_ARRAY(0, 3, 1))
            CLUSTER BY interval_time AS
            SELECT
              t0.interval_time,
              t0.bqx_row_block,
              t0.`y`,
              t1.`x` AS `agg__x`
            FROM `p-1.d.checkpoint_0000` AS t0
            LEFT JOIN `p-1.d.checkpoint_0001` AS t1 ON t1.interval_time = t0.interval_time""");
    assertThat(tree.last().export(2, "gs://b/f/block-00002-1-*.parquet"))
        .isEqualTo(
            """
            EXPORT DATA OPTIONS (uri = 'gs://b/f/block-00002-1-*.parquet', format = 'PARQUET', compression = 'SNAPPY', overwrite = true) AS
            SELECT * EXCEPT (bqx_row_block)
            FROM `p-1.d.training`
            WHERE bqx_row_block = 2
            ORDER BY interval_time""");
  }

  @Test
  void targetsAloneAreCopied() {
    JoinTree tree = JoinTree.of("p-1.d", table(0, 2), List.of(), 1);

    assertThat(tree.queries()).extracting(JoinQuery::table).containsExactly("training");
    assertThat(tree.last().inputs()).hasSize(1);
    assertThat(tree.last().sql()).doesNotContain("JOIN");
  }

  @Test
  void aHundredAndTwentyTablesJoinInTwoRounds() {
    JoinTree tree = JoinTree.of(DATASET, table(0, 7), tables(119, 3), 1);

    assertThat(tree.levels()).extracting(List::size).containsExactly(3, 1);
    assertThat(tree.queries())
        .extracting(query -> query.table() + ": " + query.inputs().size())
        .containsExactly("join_1_001: 50", "join_1_002: 50", "join_1_003: 22", "training: 3");
    assertThat(tree.levels().get(0))
        .as("every query of the first round begins with the rows of the spine")
        .allSatisfy(
            query ->
                assertThat(query.sql()).contains("FROM `%s.table_0000` AS t0".formatted(DATASET)))
        .allSatisfy(query -> assertThat(query.sql()).contains("\nCLUSTER BY interval_time AS\n"));
    assertEveryColumnOnceAndInOrder(tree, 120);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 48, 49, 50, 98, 99, 2_449, 2_450, 2_451, 2_500})
  void noQueryJoinsMoreTablesThanItMay(int groups) {
    JoinTree tree = JoinTree.of(DATASET, table(0, 1), tables(groups, 1), 1);

    assertThat(tree.queries())
        .allSatisfy(query -> assertThat(query.inputs()).hasSizeBetween(1, JoinTree.MAX_TABLES));
    assertThat(tree.levels().get(tree.levels().size() - 1)).hasSize(1);
    assertEveryColumnOnceAndInOrder(tree, groups + 1);
  }

  /** What https://cloud.google.com/bigquery/quotas says of tables and queries. */
  @Test
  void theLayoutOfProductionStaysWithinBigQuerysLimits() {
    List<JoinTable> groups = layout(KnownLayout.SEED);

    JoinTree tree = JoinTree.of(DATASET, table(0, 7), groups, 11);

    for (JoinQuery query : tree.queries()) {
      System.out.printf(
          "%s: %d tables, %,d columns, %,d characters%n",
          query.table(), query.inputs().size(), query.columns(), query.sql().length());
      assertThat(query.columns()).as("columns of a table").isLessThanOrEqualTo(10_000);
      assertThat(query.inputs().size()).as("tables of a query").isLessThanOrEqualTo(1_000);
      assertThat(query.sql().length())
          .as("characters of a query")
          .isLessThanOrEqualTo(1_024 * 1_024);
    }

    assertThat(groups).hasSize(666);
    assertThat(tree.levels()).extracting(List::size).containsExactly(14, 1);
    // The key and the row block, 7 targets, 6,477 features.
    assertThat(tree.last().columns()).isEqualTo(2 + 7 + 6_477);
  }

  @Test
  void moreColumnsThanATableHoldsAreRefused() {
    assertThatThrownBy(() -> JoinTree.of(DATASET, table(0, 7), layout(KnownLayout.FULL), 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot merge with --mergeMethod=bigquery: the training file has 16,973 columns, a BigQuery table holds at most 10,000, one of them for the row block; extract fewer groups (--groups), or merge with --mergeMethod=stream");
    assertThat(JoinTree.of(DATASET, table(0, 8), tables(999, 10), 1).last().columns())
        .isEqualTo(10_000);
    assertThatThrownBy(() -> JoinTree.of(DATASET, table(0, 9), tables(999, 10), 1))
        .hasMessageContaining("has 10,000 columns");
  }

  @Test
  void queriesThatAreTooLongAreRefused() {
    // 309 characters for each column: 3,360 of them fit, 3,600 do not.
    List<JoinTable> fit = longNames(56);
    List<JoinTable> tooLong = longNames(60);

    assertThat(JoinTree.of(DATASET, table(0, 1), fit, 1).last().sql().length())
        .isLessThanOrEqualTo(JoinTree.MAX_CHARACTERS);
    assertThatThrownBy(() -> JoinTree.of(DATASET, table(0, 1), tooLong, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            "Cannot merge with --mergeMethod=bigquery: the query that joins g0000 to g0060 would have 1,\\d{3},\\d{3} characters for 3,603 columns, BigQuery takes at most 1,048,576; shorten the columns' names, extract fewer groups \\(--groups\\), or merge with --mergeMethod=stream");
  }

  /** Tables of 60 columns whose names are as long as BigQuery's may be. */
  private static List<JoinTable> longNames(int tables) {
    return IntStream.rangeClosed(1, tables)
        .mapToObj(table -> "g%04d".formatted(table))
        .map(
            group ->
                new JoinTable(
                    group,
                    group,
                    IntStream.range(0, 60)
                        .mapToObj(i -> "%s_%s_%02d".formatted(group, "x".repeat(291), i))
                        .map(name -> new JoinColumn(name, name))
                        .toList()))
        .toList();
  }

  @Test
  void moreRowBlocksThanPartitionsAreRefused() {
    assertThatThrownBy(() -> JoinTree.of(DATASET, table(0, 1), tables(1, 1), 4_001))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("4,001 row groups")
        .hasMessageContaining("raise --rowGroupRows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        "1st",
        "grün",
        "back`tick",
        "a.b",
        "",
        "_TABLE_x",
        "_PARTITIONTIME",
        "__root__",
        "interval_time",
        "BQX_row_block"
      })
  void namesThatATableCannotHaveAreRefused(String name) {
    JoinTable group = new JoinTable("t", "agg", List.of(new JoinColumn("x", name)));

    assertThatThrownBy(() -> JoinTree.of(DATASET, table(0, 1), List.of(group), 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("and these are not: " + name + ";");
    assertThat(JoinTree.isName("x".repeat(300))).isTrue();
    assertThat(JoinTree.isName("x".repeat(301))).isFalse();
  }

  private static void assertEveryColumnOnceAndInOrder(JoinTree tree, int tables) {
    List<String> expected = new ArrayList<>();
    tree.levels().get(0).stream()
        .flatMap(query -> query.inputs().stream())
        .flatMap(input -> input.columns().stream())
        .forEach(column -> expected.add(column.out()));
    assertThat(tree.last().result().columns()).extracting(JoinColumn::out).isEqualTo(expected);
    assertThat(expected).doesNotHaveDuplicates();
    assertThat(expected.get(expected.size() - 1)).startsWith("g%04d__".formatted(tables - 1));
  }

  private static List<JoinTable> layout(KnownLayout layout) {
    List<KnownLayout.Shape> shapes = layout.of(EURUSD);
    return IntStream.range(0, shapes.size())
        .mapToObj(
            i ->
                new JoinTable(
                    "checkpoint_%04d".formatted(i + 1),
                    EURUSD.removedFrom(shapes.get(i).table()),
                    columns(EURUSD.removedFrom(shapes.get(i).table()), shapes.get(i).features())))
        .toList();
  }

  private static List<JoinTable> tables(int tables, int columns) {
    return IntStream.rangeClosed(1, tables).mapToObj(i -> table(i, columns)).toList();
  }

  private static JoinTable table(int number, int columns) {
    return new JoinTable(
        "table_%04d".formatted(number),
        "g%04d".formatted(number),
        columns("g%04d".formatted(number), columns));
  }

  private static List<JoinColumn> columns(String group, int columns) {
    return IntStream.range(0, columns)
        // As long as real names are, at the longest.
        .mapToObj(i -> "%s__feature_with_a_long_name_%03d".formatted(group, i))
        .map(name -> new JoinColumn(name, name))
        .toList();
  }
}
