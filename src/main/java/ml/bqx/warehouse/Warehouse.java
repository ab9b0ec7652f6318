package ml.bqx.warehouse;

import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Dataset;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Table;
import ml.bqx.options.UnsupportedTypePolicy;

/** Where the feature tables are. Safe for use by several threads. */
public interface Warehouse extends AutoCloseable {
  /**
   * All tables of a dataset with their columns, in name order, found with one {@code
   * INFORMATION_SCHEMA} query; empty when the dataset has none.
   */
  List<Table> tables(String dataset);

  /**
   * The catalog of a pair, out of the tables of both datasets.
   *
   * @param groups glob over the names of groups and tables
   * @param policy what becomes of columns of unsupported types
   * @throws ml.bqx.failure.InvalidInputException when they do not make a training set
   */
  default Catalog catalog(
      Pair pair,
      String featuresDataset,
      String analyticsDataset,
      String groups,
      UnsupportedTypePolicy policy) {
    Dataset features = new Dataset(featuresDataset, tables(featuresDataset));
    Dataset analytics = new Dataset(analyticsDataset, tables(analyticsDataset));
    return switch (policy) {
      case FAIL -> Catalog.of(pair, features, analytics, groups);
      case SKIP -> Catalog.ofSupportedColumns(pair, features, analytics, groups, column -> false);
      case DOUBLE ->
          Catalog.ofSupportedColumns(
              pair, features, analytics, groups, column -> isNumber(column.sourceType()));
    };
  }

  /** Whether an unsupported type, as the warehouse spells it, holds numbers. */
  default boolean isNumber(String type) {
    return false;
  }

  /**
   * Looks at each table of a catalog.
   *
   * @return the targets first, then the feature groups in the catalog's order
   * @throws ml.bqx.failure.InvalidInputException with a line for each that cannot be read
   */
  List<DiscoveredTable> describe(Catalog catalog);

  @Override
  void close();
}
