package ml.bqx.extract;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.cli.Summary;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.config.ExtractConfig;
import ml.bqx.cost.PricedItem;
import ml.bqx.cost.Prices;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.bigquery.ReadEstimate;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.options.PipelineOptions;

/** What {@code --validateOnly} prints: every table that would be read, and the sums. */
final class ExtractPreview {
  private ExtractPreview() {}

  /**
   * Prints the tables: what is known of an embedded warehouse without reading it, and of BigQuery
   * what reads would cost.
   *
   * @param services what BigQueryIO calls
   */
  static void print(
      ExtractionPlan plan, PipelineOptions options, BigQueryServices services, PrintStream out)
      throws IOException {
    ExtractConfig config = plan.config();
    if (config.source() instanceof BigQueryConfig bigQuery) {
      BigQueryOptions connection = options.as(BigQueryOptions.class);
      TimeRange dates = TimeRange.of(config.dates());
      print(
          plan,
          bigQuery,
          ReadEstimate.of(plan.tables(), dates, bigQuery, services, connection),
          out);
      return;
    }

    for (DiscoveredTable table : plan.tables()) {
      out.printf("%-60s %5d columns%n", table.name(), table.group().columns().size());
    }

    summary(plan).print(out);
  }

  /** Prints the reads out of BigQuery, with their cost. */
  private static void print(
      ExtractionPlan plan, BigQueryConfig bigQuery, List<ReadEstimate> reads, PrintStream out) {
    for (ReadEstimate read : reads) {
      DiscoveredTable table = read.table();
      out.printf(
          "%-60s %5d columns %12s rows %16s%n",
          table.name(),
          table.group().columns().size(),
          table.rows() == DiscoveredTable.UNKNOWN_ROWS ? "?" : "%,d".formatted(table.rows()),
          table.isView() ? "by a query" : "%,d bytes".formatted(read.bytes()));
    }

    long bytes = reads.stream().mapToLong(ReadEstimate::bytes).sum();
    summary(plan)
        .count("rows", plan.tables().stream().mapToLong(table -> Math.max(0, table.rows())).sum())
        .add("bytes to read", "%,d".formatted(bytes))
        .add("Storage Read, estimated", cost(bytes, bigQuery.price()))
        .count(
            "views, billed as queries",
            plan.tables().stream().filter(DiscoveredTable::isView).count())
        .add("as of", Objects.requireNonNullElse(bigQuery.snapshotTime(), "each read"))
        .print(out);
  }

  /** What reading so many bytes costs, by the user's price for a TiB or the list price. */
  private static String cost(long bytes, BigQueryConfig.ReadPrice price) {
    if (price instanceof BigQueryConfig.ReadPrice.PerTiB own) {
      return cost(bytes, own.dollars());
    }

    Prices.Price listed = Prices.of(PricedItem.STORAGE_READ);
    return "%s (%s, as of %s)"
        .formatted(cost(bytes, listed.dollars()), listed.source(), listed.date());
  }

  private static String cost(long bytes, double pricePerTiB) {
    return "$%.4f at $%.2f a TiB".formatted(ReadEstimate.dollars(bytes, pricePerTiB), pricePerTiB);
  }

  private static Summary summary(ExtractionPlan plan) {
    Catalog catalog = plan.catalog();
    Summary summary = new Summary("would extract " + catalog.pair() + "; nothing was changed");
    return plan.withHiddenRows(summary)
        .count("feature groups", catalog.groups().size())
        .count("features", catalog.featureCount())
        .count("targets", catalog.targetCount())
        .add("left out", catalog.skippedInWords())
        .add("read as doubles", catalog.asDoublesInWords());
  }
}
