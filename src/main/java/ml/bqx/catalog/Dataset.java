package ml.bqx.catalog;

import java.util.List;

/**
 * What discovery found in one dataset (BigQuery) or schema (DuckDB).
 *
 * @param name the dataset's name, for messages
 * @param tables all its tables, empty when there is no such dataset
 */
public record Dataset(String name, List<Table> tables) {
  public Dataset {
    tables = List.copyOf(tables);
  }
}
