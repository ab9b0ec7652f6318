package ml.bqx.catalog;

/** What kind of table a feature group comes from. */
public enum Category {
  /** Features of the pair itself: the pair is a word of the name. */
  PAIR,
  /** {@code tri_*}: triangulation of three currencies. */
  TRIANGULATION("tri_"),
  /** {@code mkt_*}: the whole market. */
  MARKET("mkt_"),
  /** {@code var_*}: variance of a currency. */
  VARIANCE("var_"),
  /** {@code csi_*}: currency strength index. */
  CURRENCY_STRENGTH("csi_"),
  /** The table of targets. */
  TARGETS;

  /** How names of such tables begin; empty when other things decide. */
  private final String prefix;

  Category() {
    this("");
  }

  Category(String prefix) {
    this.prefix = prefix;
  }

  /** Whether a table is of this category by the beginning of its name. */
  boolean hasPrefixOf(String table) {
    return !prefix.isEmpty() && table.startsWith(prefix);
  }
}
