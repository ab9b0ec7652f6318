package ml.bqx.merge.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import ml.bqx.checkpoint.Json;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ParquetFooter;

/**
 * What pandas says of a data frame in the footer of its Parquet file, as JSON: see <a
 * href="https://pandas.pydata.org/docs/development/developer.html">storing pandas DataFrame objects
 * in Apache Parquet format</a>.
 */
final class PandasMetadata {
  private static final String KEY = "pandas";

  private PandasMetadata() {}

  /**
   * Names of the columns that hold the frame's index, which is no data; none where the index is a
   * range, which has no column, or where something else wrote the file.
   *
   * @throws InvalidInputException when the metadata is not JSON
   */
  static Set<String> indexColumns(ParquetFooter footer) {
    Set<String> columns = new HashSet<>();
    String metadata = footer.keyValues().get(KEY);
    if (metadata != null) {
      try {
        for (JsonNode index : Json.tree(metadata).path("index_columns")) {
          if (index.isTextual()) {
            columns.add(index.textValue());
          }
        }
      } catch (JsonProcessingException e) {
        throw new InvalidInputException(
            "Cannot merge %s: its footer has metadata of pandas that is not JSON, so that nobody can tell which columns are its index; write the file again"
                .formatted(footer.file()),
            e);
      }
    }

    return columns;
  }
}
