package ml.bqx.catalog;

import org.checkerframework.checker.nullness.qual.Nullable;

/** What kind of table a feature group comes from. */
public enum Category {
  /** Features of the pair itself: the pair is a word of the name. */
  PAIR(null),
  /** {@code tri_*}: triangulation of three currencies. */
  TRIANGULATION("tri_"),
  /** {@code mkt_*}: the whole market. */
  MARKET("mkt_"),
  /** {@code var_*}: variance of a currency. */
  VARIANCE("var_"),
  /** {@code csi_*}: currency strength index. */
  CURRENCY_STRENGTH("csi_"),
  /** The table of targets. */
  TARGETS(null);

  private final @Nullable String prefix;

  Category(@Nullable String prefix) {
    this.prefix = prefix;
  }

  /** How names of such tables begin; null when the beginning does not tell. */
  @Nullable String prefix() {
    return prefix;
  }
}
