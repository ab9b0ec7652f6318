package ml.bqx.extract;

import java.io.PrintStream;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.cli.Summary;
import ml.bqx.cost.PricedItem;
import ml.bqx.cost.Prices;
import ml.bqx.options.BigQueryConfig;
import ml.bqx.options.ExtractConfig;
import ml.bqx.warehouse.bigquery.ReadEstimate;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What {@code --validateOnly} prints: every table that would be read, and the sums. */
public final class ExtractPreview {
  private ExtractPreview() {}

  /** Prints what is known of an embedded warehouse without reading it. */
  public static void print(ExtractConfig config, Catalog catalog, PrintStream out) {
    for (FeatureGroup group : catalog.all()) {
      out.printf("%-60s %5d columns%n", group.table().qualifiedName(), group.columns().size());
    }

    summary(config, catalog).print(out);
  }

  /** Prints the reads out of BigQuery, with their cost. */
  public static void print(
      ExtractConfig config, Catalog catalog, List<ReadEstimate> reads, PrintStream out) {
    for (ReadEstimate read : reads) {
      out.printf(
          "%-60s %5d columns %12s rows %16s%n",
          read.group().table().qualifiedName(),
          read.group().columns().size(),
          read.rows() < 0 ? "?" : "%,d".formatted(read.rows()),
          read.isView() ? "by a query" : "%,d bytes".formatted(read.bytes()));
    }

    BigQueryConfig bigQuery = config.bigQuery();
    long bytes = reads.stream().mapToLong(ReadEstimate::bytes).sum();
    long views = reads.stream().filter(ReadEstimate::isView).count();
    summary(config, catalog)
        .count("rows", reads.stream().mapToLong(read -> Math.max(0, read.rows())).sum())
        .add("bytes to be read", "%,d".formatted(bytes))
        .add("Storage Read, estimated", cost(bytes, bigQuery.pricePerTiB()))
        .count("views, billed as queries", views)
        .add("as of", bigQuery.snapshotTime())
        .print(out);
  }

  /** What reading so many bytes costs, by the user's price for a TiB or the list price. */
  private static String cost(long bytes, @Nullable Double pricePerTiB) {
    if (pricePerTiB != null) {
      return "$%.4f at $%.2f a TiB"
          .formatted(ReadEstimate.dollars(bytes, pricePerTiB), pricePerTiB);
    }

    Prices.Price listed = Prices.LISTED.of(PricedItem.STORAGE_READ);
    return "%s (%s, as of %s)"
        .formatted(cost(bytes, listed.dollars()), listed.source(), listed.date());
  }

  private static Summary summary(ExtractConfig config, Catalog catalog) {
    return new Summary("would extract " + config.pair() + "; nothing was changed")
        .count("feature groups", catalog.groups().size())
        .count("features", catalog.featureCount())
        .count("targets", catalog.targetCount())
        .add("left out", catalog.skippedInWords());
  }
}
