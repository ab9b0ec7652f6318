package ml.bqx.warehouse.bigquery;

import com.google.common.base.Splitter;
import com.google.common.collect.MapMaker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import ml.bqx.catalog.Column;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.ColumnBatch;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.gcp.bigquery.SchemaAndRecord;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;

/**
 * Makes columns of the rows of a feature group that BigQueryIO reads, a batch for each response of
 * the service.
 *
 * <p>The columns are kept as one text: each read of a graph holds a parser, and hundreds of objects
 * in each would double the graph.
 */
final class RowParser implements SerializableFunction<SchemaAndRecord, KV<Integer, ColumnBatch>> {
  private static final long serialVersionUID = 1L;

  /** Between the columns; in no name and no type. */
  private static final String SEPARATOR = ";";

  private final int index;
  private final String table;
  private final String columns;

  /**
   * Where columns are, for each schema met. Threads share a parser, and each stream brings a schema
   * object of its own, equal to the others: finding it by identity saves comparing field by field.
   */
  private transient ConcurrentMap<Schema, RecordLayout> layouts;

  /**
   * Parses the rows of a group.
   *
   * @param index which group of the pipeline's it is
   */
  RowParser(int index, FeatureGroup group) {
    this(
        index,
        group.table().qualifiedName(),
        ReadSql.columns(group).stream()
            .map(column -> column.name() + " " + column.sourceType())
            .collect(Collectors.joining(SEPARATOR)));
  }

  private RowParser(int index, String table, String columns) {
    this.index = index;
    this.table = table;
    this.columns = columns;
    this.layouts = new MapMaker().weakKeys().makeMap();
  }

  private Object readResolve() {
    return new RowParser(index, table, columns);
  }

  @Override
  public KV<Integer, ColumnBatch> apply(SchemaAndRecord read) {
    GenericRecord record = read.getRecord();
    RecordLayout layout =
        layouts.computeIfAbsent(
            record.getSchema(),
            schema -> RecordLayout.of(table, columns(), PackedRows.rowSchema(schema)));
    return KV.of(index, layout.batch(PackedRows.of(record)));
  }

  /** The key, then the columns of the group. */
  List<Column> columns() {
    List<Column> known = new ArrayList<>();
    for (String column : Splitter.on(SEPARATOR).split(columns)) {
      int space = column.indexOf(' ');
      String type = column.substring(space + 1);
      known.add(new Column(column.substring(0, space), type, BigQueryTypes.of(type)));
    }

    return known;
  }
}
