package ml.bqx.config;

import com.google.common.math.LongMath;
import com.google.common.primitives.Ints;
import ml.bqx.options.CheckpointOptions;

/**
 * How many rows a row group has when nobody has said it: 16,384, less for very many columns, more
 * for very many rows.
 */
public final class RowGroupRows {
  /** Stands for a number that depends on columns and rows, which are not known yet. */
  static final int AUTO = 0;

  /** How that is written. */
  static final String AUTO_TEXT = "auto";

  /** Few row groups keep the footer of 6,484 columns small, and a column of one fits a cache. */
  private static final int USUAL = 16_384;

  /** A reader may hold a row group at once; as many doubles as fit into a GB. */
  private static final long BLOCK_VALUES = 1_000_000_000L / 8;

  /** A reader holds the footer several times over; it takes a second to read this much. */
  private static final long FOOTER_BYTES = 64_000_000;

  /** Bytes of a column chunk in a footer, as measured with 6,484 columns of doubles. */
  private static final int CHUNK_BYTES = 94;

  private RowGroupRows() {}

  /**
   * The number for a file. Where a row group of less than 1 GB makes a footer of more than 64 MB,
   * the footer counts: a reader can leave out columns, but not a part of the footer. Always a power
   * of two, so that checkpoints stay good when a table more or some days more come.
   *
   * @param columns of the file
   * @param rows of the file; 0 when they are not known
   */
  public static int of(long columns, long rows) {
    long most = Math.max(1, BLOCK_VALUES / Math.max(1, columns));
    long mostGroups = Math.max(1, FOOTER_BYTES / CHUNK_BYTES / Math.max(1, columns));
    long least = LongMath.ceilingPowerOfTwo(Math.max(1, (rows + mostGroups - 1) / mostGroups));
    long usual = Math.min(USUAL, LongMath.floorPowerOfTwo(most));
    return Ints.saturatedCast(
        Math.min(Math.max(usual, least), CheckpointOptions.MOST_ROW_GROUP_ROWS));
  }

  /** What an option says. */
  static int parse(Checks checks, String text) {
    if (text.equals(AUTO_TEXT)) {
      return AUTO;
    }

    Integer rows = Ints.tryParse(text);
    if (rows == null) {
      checks.wrong(
          "rowGroupRows", text, "not a whole number (expected auto, or for example 16384)");
      return AUTO;
    }

    return checks.between("rowGroupRows", 1, CheckpointOptions.MOST_ROW_GROUP_ROWS, rows);
  }
}
