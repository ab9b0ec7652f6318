package ml.bqx;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.bigquery.model.QueryResponse;
import com.google.api.services.bigquery.model.TableCell;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableRow;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.cloud.bigquery.storage.v1.ReadSession;
import com.google.cloud.bigquery.storage.v1.ReadStream;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.catalog.Pair;
import ml.bqx.catalog.Table;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.options.UnsupportedTypePolicy;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;

/**
 * Makes BigQuery's answers out of an embedded warehouse, once, so that serving them costs next to
 * nothing: {@code RecordBigQuery WAREHOUSE PAIR GROUPS RECORDING}.
 */
public final class RecordBigQuery {
  static final String PROJECT = "recorded";

  /** Rows of a response: several thousand, as the service sends of tables of this width. */
  private static final int BLOCK_ROWS = 4_096;

  /** Streams of a session: the service gives few to a table of some megabytes. */
  private static final int STREAMS = 2;

  private static final Instant WRITTEN = Instant.parse("2024-06-01T00:00:00Z");
  private static final String FEATURES = "bqx_ml_v3_features_v2";
  private static final String ANALYTICS = "bqx_ml_v3_analytics_v2";

  private RecordBigQuery() {}

  /** Records the targets of a pair and the groups that a glob names. */
  public static void main(String[] args) throws IOException {
    Path recording = Path.of(args[3]);
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(Path.of(args[0]))) {
      Catalog catalog =
          warehouse.catalog(
              Pair.of(args[1]), FEATURES, ANALYTICS, args[2], UnsupportedTypePolicy.FAIL);
      for (FeatureGroup group : catalog.all()) {
        record(warehouse, group, recording.resolve(group.table().dataset()));
      }

      for (String dataset : List.of(FEATURES, ANALYTICS)) {
        List<Table> tables =
            catalog.all().stream()
                .map(FeatureGroup::table)
                .filter(table -> table.dataset().equals(dataset))
                .toList();
        write(recording.resolve(dataset).resolve(RecordedBigQuery.COLUMNS), columns(tables));
        List<TableRow> listed = new ArrayList<>();
        for (Table table : tables) {
          listed.add(listed(warehouse, catalog, table));
        }

        write(recording.resolve(dataset).resolve(RecordedBigQuery.TABLES), answer(listed));
      }
    }
  }

  private static void record(DuckDbWarehouse warehouse, FeatureGroup group, Path dataset)
      throws IOException {
    Table table = group.table();
    Path directory = Files.createDirectories(dataset.resolve(table.name()));
    ColumnBatch rows = warehouse.read(table, group.columns(), TimeRange.ALL);
    List<Column> columns = new ArrayList<>(group.columns());
    List<ColumnVector> vectors = new ArrayList<>(rows.columns());
    columns.add(0, key(table));
    vectors.add(0, new ColumnVector.Longs(rows.timestamps(), null));
    AvroBlocks blocks = new AvroBlocks(columns, vectors);

    ReadSession.Builder session = ReadSession.newBuilder().setName("sessions/" + table.name());
    blocks.describe(session);
    for (int stream = 0; stream < STREAMS; stream++) {
      Path file = directory.resolve("stream-" + stream);
      session.addStreams(
          ReadStream.newBuilder()
              .setName("%s/%s/%s".formatted(table.dataset(), table.name(), file.getFileName())));
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        for (int from = stream * BLOCK_ROWS; from < rows.rows(); from += STREAMS * BLOCK_ROWS) {
          byte[] response =
              blocks.block(from, Math.min(rows.rows(), from + BLOCK_ROWS)).toByteArray();
          out.writeInt(response.length);
          out.write(response);
        }
      }
    }

    Files.write(directory.resolve(RecordedBigQuery.SESSION), session.build().toByteArray());
    write(directory.resolve(RecordedBigQuery.TABLE), resource(table, rows.rows()));
  }

  private static Column key(Table table) {
    return table.columns().stream()
        .filter(column -> column.name().equals(Catalog.KEY_COLUMN))
        .findFirst()
        .orElseThrow();
  }

  private static com.google.api.services.bigquery.model.Table resource(Table table, long rows) {
    return new com.google.api.services.bigquery.model.Table()
        .setTableReference(
            new TableReference()
                .setProjectId(PROJECT)
                .setDatasetId(table.dataset())
                .setTableId(table.name()))
        .setType("TABLE")
        .setNumRows(BigInteger.valueOf(rows))
        .setNumBytes(rows * Long.BYTES * table.columns().size())
        .setLastModifiedTime(BigInteger.valueOf(WRITTEN.toEpochMilli()))
        .setSchema(
            new TableSchema()
                .setFields(
                    table.columns().stream()
                        .map(
                            column ->
                                new TableFieldSchema()
                                    .setName(column.name())
                                    .setType(column.type().toString()))
                        .toList()));
  }

  private static TableRow listed(DuckDbWarehouse warehouse, Catalog catalog, Table table) {
    FeatureGroup group =
        catalog.all().stream().filter(each -> each.table().equals(table)).findFirst().orElseThrow();
    int rows = warehouse.read(table, group.columns().subList(0, 1), TimeRange.ALL).rows();
    return row(table.name(), "BASE TABLE", "" + rows, "" + WRITTEN.toEpochMilli(), "", "");
  }

  private static TableRow row(String... values) {
    return new TableRow()
        .setF(Stream.of(values).map(value -> new TableCell().setV(value)).toList());
  }

  private static QueryResponse answer(List<TableRow> rows) {
    return new QueryResponse().setJobComplete(true).setRows(rows);
  }

  private static QueryResponse columns(List<Table> tables) {
    List<TableRow> rows = new ArrayList<>();
    for (Table table : tables) {
      for (Column column : table.columns()) {
        rows.add(row(table.name(), column.name(), column.type().toString()));
      }
    }

    return answer(rows);
  }

  private static void write(Path file, Object json) throws IOException {
    Files.writeString(file, GsonFactory.getDefaultInstance().toString(json));
  }
}
