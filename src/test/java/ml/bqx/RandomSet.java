package ml.bqx;

import static ml.bqx.Duck.quoted;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A set of Parquet files as other tools write them, made by DuckDB from random numbers, and what
 * its join must be.
 *
 * @param seed two sets of one seed and shape are the same
 * @param rows minutes that the targets have, before some are taken away
 * @param rowGroupRows rows of a row block of the training file
 * @param onDuplicate which row of a repeated timestamp counts: {@code first} or {@code last}
 * @param groups groups that may have one name; of such only the first counts
 */
record RandomSet(
    long seed, int rows, int rowGroupRows, String onDuplicate, Group targets, List<Group> groups) {

  /** Types of feature columns, as DuckDB spells them; NULL is a column that has no values. */
  static final List<String> TYPES =
      List.of(
          "DOUBLE",
          "FLOAT",
          "BIGINT",
          "INTEGER",
          "SMALLINT",
          "UBIGINT",
          "BOOLEAN",
          "VARCHAR",
          "BLOB",
          "DECIMAL(4,2)",
          "DECIMAL(18,3)",
          "DECIMAL(38,9)",
          "TIMESTAMP",
          "TIMESTAMPTZ",
          "TIMESTAMP_MS",
          "TIMESTAMP_NS",
          "DATE",
          "TIME",
          "UUID",
          "NULL");

  /**
   * A group's files.
   *
   * @param file the files' name without shard and ending
   * @param prefixed whether columns have the group's name in front already
   * @param columns types of the columns
   */
  record Group(String file, boolean prefixed, Shape shape, List<String> columns) {
    /** The file's name without prefix and pair. */
    String name() {
      return Expectation.group(file.replaceFirst("^checkpoint_", ""));
    }
  }

  /**
   * What the rows of a group's files look like.
   *
   * @param key type of {@code interval_time}
   * @param present percent of the spine's rows that are there
   * @param repeated percent of these that are there two or three times
   * @param outside percent of minutes beyond and between the spine's that are there too
   * @param withoutKey percent of rows without a timestamp
   * @param files number of files
   * @param options how they are written
   */
  record Shape(
      String key,
      int present,
      int repeated,
      int outside,
      int withoutKey,
      boolean shuffled,
      int files,
      String options) {}

  /** Writes all files. */
  void write(Duck duck, Path directory) throws SQLException {
    write(duck, directory, targets, 0);
    List<Group> features = features();
    for (int i = 0; i < features.size(); i++) {
      write(duck, directory, features.get(i), i + 1);
    }
  }

  /** The groups in the order of the training file. */
  private List<Group> features() {
    Map<String, Group> byName = new LinkedHashMap<>();
    groups.forEach(group -> byName.putIfAbsent(group.name(), group));

    return byName.values().stream().sorted(Comparator.comparing(Group::name)).toList();
  }

  private void write(Duck duck, Path directory, Group group, int number) throws SQLException {
    Shape shape = group.shape;
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < group.columns.size(); i++) {
      String value = value(group.columns.get(i), random(number, "i, k, " + i));
      columns.add(
          "CASE WHEN %s AND %s %% 11 < 2 THEN NULL ELSE %s END AS %s"
              .formatted(
                  beyondTheFirst(number),
                  random(number, "i, k, 'null', " + i),
                  value,
                  quoted(column(group, i))));
    }

    // A column that is no feature, and the key not in front.
    columns.add(columns.size() / 2, key(number, shape) + " AS interval_time");
    columns.add("'eurusd' AS pair");
    duck.run(
        """
        CREATE OR REPLACE TEMP TABLE rows_of_group AS
        SELECT %s, %s %% %d AS file_number, %s AS place
        FROM range(-20, %d) r(i), range(3) s(k)
        WHERE %s AND (k = 0 OR %s %% 100 < %d)\
        """
            .formatted(
                String.join(", ", columns),
                random(number, "i, k, 'file'"),
                shape.files,
                shape.shuffled ? random(number, "i, k, 'place'") : "i * 3 + k",
                rows + 20,
                present(number, shape),
                random(number, "i, k, 'repeated'"),
                shape.repeated));
    for (int file = 0; file < shape.files; file++) {
      duck.run(
          """
          COPY (SELECT * EXCLUDE (file_number, place) FROM rows_of_group WHERE file_number = %d
            ORDER BY place) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 2048, %s)\
          """
              .formatted(
                  file,
                  directory.resolve(
                      shape.files == 1
                          ? group.file + ".parquet"
                          : "%s-%05d-of-%05d.parquet".formatted(group.file, file, shape.files)),
                  shape.options));
    }
  }

  private static String column(Group group, int i) {
    return (group.prefixed ? group.name() + "__" : "") + "column_" + i;
  }

  private String random(int group, String what) {
    return "hash(%d, %d, %s)".formatted(seed, group, what);
  }

  /** The first minute of the targets always has everything, so that there is a spine. */
  private static String beyondTheFirst(int number) {
    return number == 0 ? "i <> 0" : "true";
  }

  private String present(int number, Shape shape) {
    String condition =
        "%s %% 100 < CASE WHEN i BETWEEN 0 AND %d THEN %d ELSE %d END"
            .formatted(random(number, "i, 'present'"), rows - 1, shape.present, shape.outside);

    return number == 0 ? "(i = 0 OR %s)".formatted(condition) : "(" + condition + ")";
  }

  private String key(int number, Shape shape) {
    return """
        CASE WHEN %s AND %s %% 100 < %d THEN NULL
          ELSE TIMESTAMP '%s' + to_minutes(i)
            + to_seconds(CASE WHEN i <> 0 AND %s %% 200 < %d THEN 30 ELSE 0 END) END::%s\
        """
        .formatted(
            beyondTheFirst(number),
            random(number, "i, k, 'key'"),
            shape.withoutKey,
            // Some before 1970, whose numbers are negative.
            seed % 3 == 0 ? "1969-12-31 22:00:00" : "2023-12-31 23:00:00",
            random(number, "i, k, 'between'"),
            number == 0 ? 0 : shape.outside,
            shape.key);
  }

  /** A value made of a random number: often one of the type's edges. */
  private String value(String type, String h) {
    String some =
        switch (type) {
          case "DOUBLE" ->
              """
              CASE h % 8 WHEN 0 THEN -0.0::DOUBLE WHEN 1 THEN 'nan' WHEN 2 THEN 'inf'
                WHEN 3 THEN '-inf' WHEN 4 THEN 5e-324
                WHEN 5 THEN ('0111111111111' || repeat('0', 45) || '101010')::BIT::DOUBLE
                ELSE h / 3.0 - 1e18 END\
              """;
          case "FLOAT" ->
              """
              CASE h % 6 WHEN 0 THEN -0.0::FLOAT WHEN 1 THEN 'nan' WHEN 2 THEN '-inf'
                WHEN 3 THEN ('111111111' || repeat('0', 17) || '101010')::BIT::FLOAT
                ELSE (h / 3.0 - 1e18)::FLOAT END\
              """;
          case "BIGINT" ->
              """
              CASE h % 5 WHEN 0 THEN -9223372036854775808 WHEN 1 THEN 9223372036854775807
                ELSE (h >> 1)::BIGINT - 4611686018427387904 END\
              """;
          case "INTEGER" ->
              "CASE h % 5 WHEN 0 THEN -2147483648 ELSE (h >> 33)::INTEGER - 1000000 END";
          case "SMALLINT" -> "(h >> 48)::BIGINT - 32768";
          case "UBIGINT" -> "CASE h % 5 WHEN 0 THEN 18446744073709551615 ELSE h END";
          case "BOOLEAN" -> "h % 3 = 0";
          case "VARCHAR" ->
              """
              CASE h % 5 WHEN 0 THEN '' WHEN 1 THEN 'grün ☃ 🦆' WHEN 2 THEN repeat('x', i % 300)
                ELSE h::VARCHAR END\
              """;
          case "BLOB" ->
              "CASE h % 3 WHEN 0 THEN ''::BLOB WHEN 1 THEN '\\xFF\\x00'::BLOB ELSE encode(md5(h::VARCHAR)) END";
          case "DECIMAL(4,2)" -> "(h % 19999)::INTEGER / 100 - 99.99";
          case "DECIMAL(18,3)" -> "(h >> 14)::BIGINT / 1000 - 562949953421";
          case "DECIMAL(38,9)" -> "(h::DECIMAL(38,9) - 9000000000000000000) * 1000000";
          case "TIMESTAMP", "TIMESTAMPTZ" -> "make_timestamp((h >> 12)::BIGINT - 2000000000000000)";
          case "TIMESTAMP_MS" -> "make_timestamp(((h >> 22)::BIGINT - 2000000000000) * 1000)";
          case "TIMESTAMP_NS" -> "make_timestamp_ns((h >> 2)::BIGINT - 2000000000000000000)";
          case "DATE" -> "DATE '1970-01-01' + ((h >> 48)::INTEGER - 30000)";
          case "TIME" ->
              "(TIMESTAMP '2024-01-01' + to_microseconds((h % 86400000000)::BIGINT))::TIME";
          case "UUID" -> "md5(h::VARCHAR)::UUID";
          default -> "NULL";
        };
    String typed = "(%s)::%s".formatted(some, type.equals("NULL") ? "DOUBLE" : type);

    return "(SELECT %s FROM (SELECT %s AS h))".formatted(typed, h);
  }

  /** The join, as DuckDB makes it from the files. */
  String leftJoin(Path directory) {
    String known =
        columns(targets).stream()
            .map(column -> quoted(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    StringBuilder sql = new StringBuilder("SELECT * FROM (");
    sql.append(onePerTimestamp(directory, targets, known)).append(")");
    for (Group group : features()) {
      sql.append(" LEFT JOIN (")
          .append(onePerTimestamp(directory, group, "true"))
          .append(") USING (interval_time)");
    }

    return sql.toString();
  }

  private static List<String> columns(Group group) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < group.columns.size(); i++) {
      columns.add(column(group, i));
    }

    return columns;
  }

  /** Rows that can be joined; the order of rows is that of the files and that in each file. */
  private String onePerTimestamp(Path directory, Group group, String condition) {
    boolean isTargets = group.equals(targets);
    String values =
        columns(group).stream()
            .map(
                column ->
                    isTargets || group.prefixed
                        ? quoted(column)
                        : quoted(column) + " AS " + quoted(group.name() + "__" + column))
            .collect(Collectors.joining(", "));
    String time = "interval_time::TIMESTAMP";

    return """
        SELECT %s::TIMESTAMPTZ AS interval_time, %s FROM %s
        WHERE interval_time IS NOT NULL AND %s
        QUALIFY row_number() OVER (PARTITION BY %s ORDER BY filename %s, file_row_number %s) = 1\
        """
        .formatted(
            time,
            values,
            Duck.parquet(
                directory.resolve(group.file + (group.shape.files == 1 ? "" : "-*") + ".parquet")),
            condition,
            time,
            order(),
            order());
  }

  private String order() {
    return onDuplicate.equals("first") ? "ASC" : "DESC";
  }
}
