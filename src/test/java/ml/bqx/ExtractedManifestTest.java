package ml.bqx;

import static ml.bqx.Duck.parquet;
import static ml.bqx.Duck.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an extraction says of itself, held against the files and against DuckDB. */
@ExtendWith(SampleSets.class)
class ExtractedManifestTest {
  private static SampleSets.Sets sets;
  private static Duck duck;
  private static Expectation expected;

  @BeforeAll
  static void attach(SampleSets.Sets shared) throws Exception {
    sets = shared;
    duck = Duck.inMemory().attach(sets.warehouse());
    expected = Expectation.of(duck);
  }

  @AfterAll
  static void detach() throws Exception {
    duck.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"aligned", "sharded"})
  void theManifestTellsWhatWasExtractedFromWhere(String layout) throws Exception {
    JsonNode manifest = set(layout).readManifest();

    assertThat(manifest.get("version").asInt()).isEqualTo(3);
    assertThat(manifest.get("tool").asText()).startsWith("bqx-ml ");
    assertThat(manifest.get("pair").asText()).isEqualTo("eurusd");
    assertThat(manifest.get("warehouse").asText()).isEqualTo("duckdb:" + sets.warehouse());
    assertThat(manifest.get("layout").asText()).isEqualTo(layout);
    JsonNode spine = manifest.get("spine");
    assertThat(spine.get("rows").asInt()).isEqualTo(2_500);
    assertThat(spine.get("first").asText()).isEqualTo("2024-01-01T00:00:00Z");
    assertThat(spine.get("last").asText()).isEqualTo("2024-01-02T17:39:00Z");
    assertThat(spine.get("rowGroupRows").asInt()).isEqualTo(512);
    assertThat(spine.get("incompleteTargets").asInt()).isEqualTo(105);
    assertThat(spine.get("notFiniteTargets")).isEmpty();
    assertThat(spine.get("fingerprint").asText()).matches("[0-9a-f]{16}");
    assertThat(manifest.get("skippedTables").toString())
        .isEqualTo("{\"temporary\":3,\"summaries\":3,\"of other pairs\":7}");
    assertThat(manifest.get("checkpoints").findValuesAsText("table"))
        .containsExactlyElementsOf(allTables());
  }

  @ParameterizedTest
  @ValueSource(strings = {"aligned", "sharded"})
  void theManifestCountsRowsNullsAndBytesOfEveryCheckpoint(String layout) throws Exception {
    String modified = Files.getLastModifiedTime(sets.warehouse()).toInstant().toString();
    List<String> tables = allTables();
    for (int i = 0; i < tables.size(); i++) {
      String table = tables.get(i);
      JsonNode entry = set(layout).readManifest().get("checkpoints").get(i);

      assertThat(entry.get("group").asText())
          .isEqualTo(i == 0 ? "targets" : Expectation.group(table));
      assertThat(entry.get("dataset").asText() + "." + quoted(entry.get("table").asText()))
          .isEqualTo(Expectation.source(table));
      assertThat(entry.get("lastModified").asText()).isEqualTo(modified);
      assertThat(entry.get("rowsRead").asLong())
          .isEqualTo(duck.number("SELECT count(*) FROM (" + expected.sharded(table) + ")"));
      assertThat(entry.get("rowsMissing").asLong())
          .isEqualTo(2_500 - entry.get("rowsRead").asLong());
      assertThat(entry.get("rowsOutside").asLong()).isZero();
      assertThat(entry.get("rowsWithoutTimestamp").asLong()).isZero();
      assertThat(entry.get("duplicates").asLong()).isZero();
      assertColumns(entry, table);
      assertFiles(entry, set(layout).directory());
    }
  }

  private static void assertColumns(JsonNode entry, String table) throws Exception {
    List<String> columns = new ArrayList<>();
    for (Map.Entry<String, String> column : expected.sourceColumns(table).entrySet()) {
      String name = Expectation.featureName(table, column.getKey());
      columns.add(
          "{\"name\":\"%s\",\"source\":\"%s\",\"type\":\"%s\",\"nulls\":%d}"
              .formatted(
                  name,
                  column.getKey(),
                  inOurWords(column.getValue()),
                  duck.number(
                      "SELECT count(*) - count(%s) FROM (%s)"
                          .formatted(quoted(name), expected.aligned(table)))));
    }

    assertThat(entry.get("columns")).map(JsonNode::toString).containsExactlyElementsOf(columns);
  }

  private static String inOurWords(String type) {
    return switch (type) {
      case "DOUBLE" -> "FLOAT64";
      case "BIGINT" -> "INT64";
      case "BOOLEAN" -> "BOOL";
      case "VARCHAR" -> "STRING";
      case "DECIMAL(12,4)" -> "NUMERIC(12, 4)";
      case "TIMESTAMP WITH TIME ZONE" -> "TIMESTAMP";
      case "DATE" -> "DATE";
      default -> throw new AssertionError(type);
    };
  }

  private static void assertFiles(JsonNode entry, Path directory) throws Exception {
    assertThat(entry.get("files")).hasSize(3);
    for (JsonNode file : entry.get("files")) {
      Path path = directory.resolve(file.get("name").asText());
      CRC32C crc = new CRC32C();
      crc.update(Files.readAllBytes(path));
      assertThat(file.get("bytes").asLong()).isEqualTo(Files.size(path));
      assertThat(file.get("crc32c").asText()).isEqualTo("%08x".formatted(crc.getValue()));
      assertThat(file.get("rows").asLong())
          .isEqualTo(duck.number("SELECT count(*) FROM " + parquet(path)));
    }
  }

  @Test
  void theFooterOfACheckpointTellsWhereItComesFrom() throws Exception {
    for (String layout : List.of("aligned", "sharded")) {
      Path file = set(layout).directory().resolve("checkpoint_mkt_regime-00001-of-00003.parquet");
      JsonNode manifest = set(layout).readManifest();
      JsonNode properties = footer(file, layout);

      assertThat(properties.get("bqx.sourceTable").asText())
          .isEqualTo("bqx_ml_v3_features_v2.mkt_regime");
      assertThat(properties.get("bqx.lastModified").asText())
          .isEqualTo(Files.getLastModifiedTime(sets.warehouse()).toInstant().toString());
      assertThat(properties.get("bqx.layout").asText()).isEqualTo(layout);
      assertThat(properties.get("bqx.spine")).isEqualTo(manifest.get("spine").get("fingerprint"));
      assertThat(properties.get("bqx.options")).isEqualTo(manifest.get("options"));
      assertThat(properties.get("bqx.checkpoint"))
          .isEqualTo(manifest.get("checkpoints").get(7).get("fingerprint"));
      assertThat(properties.get("bqx.tool")).isEqualTo(manifest.get("tool"));
    }
  }

  /** The key-values: ParquetIO's sink has no others than the Avro schema. */
  private static JsonNode footer(Path file, String layout) throws Exception {
    String pairs =
        "SELECT decode(%s) FROM parquet_kv_metadata('" + file + "') WHERE decode(key) LIKE '%s'";
    if (layout.equals("sharded")) {
      return new ObjectMapper()
          .readTree(duck.texts(pairs.formatted("value", "parquet.avro.schema")).get(0));
    }

    var properties = new ObjectMapper().createObjectNode();
    List<String> keys = duck.texts(pairs.formatted("key", "bqx.%"));
    for (String key : keys) {
      properties.put(key, duck.texts(pairs.formatted("value", key)).get(0));
    }

    return properties;
  }

  private static Workplace set(String layout) {
    return layout.equals("aligned") ? sets.aligned() : sets.sharded();
  }

  /** The targets first, as in the manifest. */
  private static List<String> allTables() {
    List<String> tables = new ArrayList<>(List.of(Expectation.TARGETS));
    tables.addAll(SampleSets.FEATURE_TABLES);

    return tables;
  }
}
