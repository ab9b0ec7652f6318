package ml.bqx.warehouse;

import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.Dataset;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;

/** Where the feature tables are. Safe for use by several threads. */
public interface Warehouse extends AutoCloseable {
  /**
   * All tables of a dataset with their columns, in name order, found with one {@code
   * INFORMATION_SCHEMA} query; empty when the dataset does not exist.
   */
  List<Table> tables(String dataset);

  /**
   * Reads the rows of a table whose key lies in the range, and counts those whose key is null.
   *
   * @param columns what to read besides the key; each has a known type
   * @return the rows in the order of the table
   * @throws ml.bqx.options.InvalidInputException when the table cannot be read as described
   */
  ColumnBatch read(Table table, List<Column> columns, TimeRange range);

  /**
   * The catalog of a pair, out of the tables of both datasets.
   *
   * @param groups glob over the names of groups and tables
   * @throws ml.bqx.catalog.CatalogException when they do not make a training set
   */
  default Catalog catalog(
      Pair pair, String featuresDataset, String analyticsDataset, String groups) {
    return Catalog.of(
        pair,
        new Dataset(featuresDataset, tables(featuresDataset)),
        new Dataset(analyticsDataset, tables(analyticsDataset)),
        groups);
  }

  @Override
  void close();
}
