package ml.bqx.merge.plan;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.bqx.catalog.Pair;

/**
 * What the name of a Parquet file, or of a folder of them, says of the table it belongs to.
 *
 * @param stem the name without the pair, the prefix of checkpoints, the ending and the codec
 * @param table the stem without the number of the part
 * @param kind what the number means
 * @param number of the part, as it is written; empty when there is none
 * @param parts how many parts there are; 0 when the name does not say
 */
record PartName(String stem, String table, Kind kind, String number, int parts) {
  /** What a number in a name means. */
  enum Kind {
    /** There is none: the file is the table. */
    WHOLE,
    /** One of so many files of a table, as Beam writes them: {@code agg-00000-of-00003}. */
    SHARD,
    /** A file of a table that BigQuery exported: {@code agg_000000000000}. */
    EXPORT,
    /**
     * A number, date or UUID at the end: a part of a table, as Spark, Dask and Polars write them,
     * or a table of its own, such as one of several windows. The name does not say which.
     */
    NUMBERED
  }

  private static final String CODEC =
      "(?:\\.(?:snappy|gzip|gz|zstd|zst|lz4|lz4_raw|lz4hadoop|lzo|brotli|br|none|uncompressed))?";

  /** Endings of Parquet files; pandas' users like to put the codec behind it. */
  private static final Pattern FILE =
      Pattern.compile("(?i)(?<stem>.+?)%1$s\\.(?:parquet|parq|pq)%1$s".formatted(CODEC));

  private static final Pattern SHARD =
      Pattern.compile("(?<table>.+)-(?<number>\\d{5,9})-of-(?<parts>\\d{5,9})");

  /** Twelve digits, of which BigQuery, with at most some ten thousand files, leaves half at 0. */
  private static final Pattern EXPORT = Pattern.compile("(?<table>.*?)[-_.]?(?<number>0{6}\\d{6})");

  private static final String UUID = "\\p{XDigit}{8}(?:-?\\p{XDigit}{4}){3}-?\\p{XDigit}{12}";

  private static final Pattern NUMBERED =
      Pattern.compile(
          "(?:(?<table>.*?)[-_.])?(?<number>\\d{4}[-_]\\d{2}(?:[-_]\\d{2})?|(?:%1$s-)?\\d+(?:-%1$s)?|%1$s)(?:[-_.]c\\d+)?"
              .formatted(UUID));

  private static final Pattern PREFIX = Pattern.compile("^checkpoint_(?=.)");

  /** Whether a file's name says that it is Parquet. */
  static boolean isParquet(String file) {
    return FILE.matcher(file).matches();
  }

  /**
   * Reads a name.
   *
   * @param name of a file, or of a folder, which need not end like a file
   */
  static PartName of(String name, Pair pair) {
    Matcher file = FILE.matcher(name);
    String stem = PREFIX.matcher(file.matches() ? file.group("stem") : name).replaceFirst("");
    String table = pair.removedFrom(stem);
    return matched(SHARD, Kind.SHARD, table, pair)
        .or(() -> matched(EXPORT, Kind.EXPORT, table, pair))
        .or(() -> matched(NUMBERED, Kind.NUMBERED, table, pair))
        .orElse(new PartName(table, table, Kind.WHOLE, "", 0));
  }

  private static Optional<PartName> matched(Pattern pattern, Kind kind, String stem, Pair pair) {
    Matcher matcher = pattern.matcher(stem);
    if (!matcher.matches()) {
      return Optional.empty();
    }

    String table = matcher.group("table") == null ? "" : matcher.group("table");
    int parts = kind == Kind.SHARD ? Integer.parseInt(matcher.group("parts")) : 0;
    return Optional.of(
        new PartName(stem, pair.removedFrom(table), kind, matcher.group("number"), parts));
  }
}
