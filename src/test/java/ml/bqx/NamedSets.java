package ml.bqx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.RandomSet.Group;
import ml.bqx.RandomSet.Shape;

/** Sets of checkpoints of each kind there is, for every method to come to the same table. */
public enum NamedSets {
  /** Without a manifest, but rows and their order are those of the targets. */
  FOREIGN_ALIGNED(500, group("agg_eurusd", Rows.ALL, "DOUBLE", "BIGINT"), mixed(Rows.ALL)),

  /** A tenth of the rows is missing. */
  WITH_GAPS(3_000, group("agg_eurusd", Rows.GAPS, "DOUBLE", "VARCHAR"), mixed(Rows.GAPS)),

  /** Rows in no order, in several files, some repeated, some beyond the spine or without key. */
  SHUFFLED_AND_REPEATED(
      3_000, group("agg_eurusd", Rows.UNTIDY, "DOUBLE", "FLOAT"), mixed(Rows.UNTIDY)),

  /** A column of each type that DuckDB can write. */
  ALL_TYPES(
      700,
      group("agg_eurusd", Rows.ALL, RandomSet.TYPES.toArray(String[]::new)),
      group("mkt_vol", Rows.UNTIDY, RandomSet.TYPES.toArray(String[]::new))),

  /** Columns without any value. */
  ALL_NULL(
      100, group("agg_eurusd", Rows.ALL, "NULL", "NULL"), group("mkt_vol", Rows.UNTIDY, "NULL")),

  /** A spine of one row. */
  ONE_ROW(1, group("agg_eurusd", Rows.UNTIDY, "DOUBLE", "VARCHAR"), mixed(Rows.ALL)),

  /** One feature group, of one column. */
  ONE_GROUP(100, group("agg_eurusd", Rows.GAPS, "DOUBLE")),

  /** No row of the groups is one of the spine. */
  NO_MATCHING_ROWS(
      100, group("agg_eurusd", Rows.NONE, "DOUBLE", "DECIMAL(18,3)"), mixed(Rows.NONE));

  private static final class Rows {
    static final Shape ALL = new Shape("TIMESTAMP", 100, 0, 0, 0, false, 1, "COMPRESSION snappy");
    static final Shape GAPS = new Shape("TIMESTAMP_MS", 90, 0, 0, 0, false, 1, "COMPRESSION zstd");
    static final Shape UNTIDY =
        new Shape("TIMESTAMP_NS", 80, 30, 20, 10, true, 3, "COMPRESSION gzip");
    static final Shape NONE =
        new Shape("TIMESTAMPTZ", 0, 20, 100, 0, true, 2, "COMPRESSION uncompressed");
  }

  /** Row blocks that are not whole batches of any engine. */
  static final int ROW_GROUP_ROWS = 999;

  /** What a merge of any of them must be told. */
  public static final List<String> OPTIONS =
      List.of("--rowGroupRows=" + ROW_GROUP_ROWS, "--onDuplicate=first", "--timeZone=UTC");

  private final RandomSet set;

  NamedSets(int rows, Group... groups) {
    Group targets = group("targets", Rows.ALL, "DOUBLE", "BIGINT");
    set = new RandomSet(ordinal() + 1L, rows, ROW_GROUP_ROWS, "first", targets, List.of(groups));
  }

  private static Group group(String file, Shape shape, String... types) {
    return new Group(file, false, shape, List.of(types));
  }

  private static Group mixed(Shape shape) {
    return group("checkpoint_tri_eur_usd_jpy", shape, "BOOLEAN", "DATE", "TIMESTAMP", "UUID");
  }

  /** Writes the files, and the table {@code oracle}: their join, as DuckDB makes it. */
  public void write(Duck duck, Path directory) throws Exception {
    set.write(duck, Files.createDirectories(directory));
    duck.run("CREATE OR REPLACE TABLE oracle AS " + set.leftJoin(directory));
  }
}
