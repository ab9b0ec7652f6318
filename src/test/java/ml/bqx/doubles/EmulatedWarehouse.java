package ml.bqx.doubles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ml.bqx.Duck;
import ml.bqx.Expectation;
import ml.bqx.sample.SampleWarehouse;

/**
 * A copy of a DuckDB warehouse in the BigQuery emulator, in datasets of its own, loaded the way
 * tables come into BigQuery: Parquet files on Cloud Storage and a load job each.
 *
 * @param features dataset of the feature tables
 * @param analytics dataset of the targets
 */
public record EmulatedWarehouse(String features, String analytics) {
  /** Makes both datasets and loads all tables of a DuckDB file. */
  public static EmulatedWarehouse of(Path duckDb, Path scratch) throws SQLException, IOException {
    EmulatedWarehouse warehouse =
        new EmulatedWarehouse(Emulators.unique("features_"), Emulators.unique("analytics_"));
    String bucket = Emulators.newBucket();
    try (Duck duck = Duck.inMemory().attach(duckDb)) {
      Map<String, String> datasets =
          Map.of(
              SampleWarehouse.FEATURES, warehouse.features,
              SampleWarehouse.ANALYTICS, warehouse.analytics);
      for (Map.Entry<String, String> dataset : datasets.entrySet()) {
        create(dataset.getValue());
        for (String table : tables(duck, dataset.getKey())) {
          load(duck, dataset, table, bucket, scratch);
        }
      }
    }

    return warehouse;
  }

  private static void create(String dataset) {
    Emulators.bigQuery(
        "POST",
        "datasets",
        Map.of("datasetReference", Map.of("projectId", Emulators.PROJECT, "datasetId", dataset)));
  }

  private static List<String> tables(Duck duck, String schema) throws SQLException {
    return duck.texts(
        """
        SELECT table_name FROM duckdb_tables()
        WHERE database_name = 'warehouse' AND schema_name = '%s' ORDER BY 1\
        """
            .formatted(schema));
  }

  private static void load(
      Duck duck, Map.Entry<String, String> dataset, String table, String bucket, Path scratch)
      throws SQLException, IOException {
    String source = "FROM %s.%s".formatted(dataset.getKey(), Duck.quoted(table));
    Path file = scratch.resolve(table + ".parquet");
    duck.run("COPY (%s ORDER BY rowid) TO '%s' (FORMAT parquet)".formatted(source, file));
    String object = "%s/%s.parquet".formatted(bucket, table);
    Emulators.upload(object, Files.readAllBytes(file));
    List<Map<String, String>> fields = new ArrayList<>();
    duck.columns(source).forEach((name, type) -> fields.add(field(name, type)));
    Map<String, Object> load =
        Map.of(
            "sourceUris", List.of(object),
            "sourceFormat", "PARQUET",
            "schema", Map.of("fields", fields),
            "destinationTable", reference(dataset.getValue(), table));
    JsonNode job =
        Emulators.bigQuery("POST", "jobs", Map.of("configuration", Map.of("load", load)));
    assertThat(job.path("status").path("errorResult").isMissingNode())
        .as("loading %s: %s", table, job.path("status"))
        .isTrue();
  }

  private static Map<String, String> reference(String dataset, String table) {
    return Map.of("projectId", Emulators.PROJECT, "datasetId", dataset, "tableId", table);
  }

  private static Map<String, String> field(String name, String type) {
    String bigQuery =
        switch (type.replaceFirst("\\(.*", "")) {
          case "FLOAT", "DOUBLE" -> "FLOAT";
          case "TINYINT", "SMALLINT", "INTEGER", "UINTEGER", "BIGINT" -> "INTEGER";
          case "BOOLEAN" -> "BOOLEAN";
          case "VARCHAR" -> "STRING";
          case "BLOB" -> "BYTES";
          case "DECIMAL" -> "NUMERIC";
          case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMP";
          case "DATE" -> "DATE";
          default -> throw new IllegalArgumentException(type);
        };
    return Map.of("name", name, "type", bigQuery);
  }

  /** The options that name it. */
  public List<String> args() {
    return List.of(
        "--warehouse=bigquery", "--featuresDataset=" + features, "--analyticsDataset=" + analytics);
  }

  /**
   * Lets the emulator's SQL join the targets with feature tables, and brings the answer here.
   *
   * @param tables of the features
   * @param rows a condition that a row of the targets, {@code s}, must fulfil
   * @param file where the answer goes, as Parquet
   */
  public void join(List<String> tables, String rows, Path file) {
    List<String> targets = columns(analytics, Expectation.TARGETS);
    List<String> selected = new ArrayList<>(List.of("s.interval_time"));
    targets.forEach(column -> selected.add("s.`" + column + "`"));
    String complete =
        targets.stream()
            .map(column -> "s.`%s` IS NOT NULL".formatted(column))
            .collect(Collectors.joining(" AND "));
    StringBuilder joins = new StringBuilder();
    for (String table :
        tables.stream()
            .sorted((a, b) -> Expectation.group(a).compareTo(Expectation.group(b)))
            .toList()) {
      joins.append(
          " LEFT JOIN `%1$s`.`%2$s` AS `%2$s` ON `%2$s`.interval_time = s.interval_time"
              .formatted(features, table));
      columns(features, table)
          .forEach(
              column ->
                  selected.add(
                      "`%s`.`%s` AS `%s`"
                          .formatted(table, column, Expectation.featureName(table, column))));
    }

    String bucket = Emulators.newBucket();
    Emulators.query(
        """
        EXPORT DATA OPTIONS (uri = '%s/join-*.parquet', format = 'PARQUET') AS
        SELECT %s FROM `%s`.`%s` AS s%s WHERE %s AND %s
        """
            .formatted(
                bucket,
                String.join(", ", selected),
                analytics,
                Expectation.TARGETS,
                joins,
                complete,
                rows));
    Emulators.download(bucket + "/join-000000000000.parquet", file);
  }

  /** The columns of a table that are features or targets. */
  private static List<String> columns(String dataset, String table) {
    JsonNode fields =
        Emulators.bigQuery("GET", "datasets/%s/tables/%s".formatted(dataset, table), null)
            .path("schema")
            .path("fields");
    return fields.findValuesAsText("name").stream()
        .filter(name -> !name.equals("interval_time") && !name.equals("pair"))
        .toList();
  }
}
