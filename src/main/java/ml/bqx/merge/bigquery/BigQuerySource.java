package ml.bqx.merge.bigquery;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.bqx.catalog.Catalog;
import ml.bqx.failure.Listing;
import ml.bqx.merge.BlockLayout;
import ml.bqx.merge.JoinedRows;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SourceTable;
import ml.bqx.merge.bigquery.JoinTree.JoinColumn;
import ml.bqx.merge.bigquery.JoinTree.JoinTable;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.RowGather;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;
import org.apache.parquet.format.Encoding;

/**
 * One checkpoint on its way to a table of BigQuery. Files on Cloud Storage are loaded where they
 * lie. What SQL could not do right is done here, in a file that is loaded in their place: the
 * targets (they make the rows), timestamps that repeat (SQL knows no first and last row of a file),
 * types that BigQuery would change, BYTE_STREAM_SPLIT, of which its documentation says nothing, and
 * files of this machine.
 */
final class BigQuerySource {
  private static final ColumnSchema KEY =
      ColumnSchema.timestampMicros(Catalog.KEY_COLUMN).asRequired();

  private final PlannedMerge merge;
  private final SourcePlan source;
  private final String table;
  private final List<BigQueryColumn> columns;
  private final List<String> names;

  /**
   * A checkpoint.
   *
   * @param table the table it is loaded to
   */
  BigQuerySource(PlannedMerge merge, SourcePlan source, String table) {
    this.merge = merge;
    this.source = source;
    this.table = table;
    this.columns = merge.plan().columns(source).stream().map(BigQueryColumn::of).toList();
    // As they are in the files if a table can have them, else as they are in the training file.
    this.names =
        source.columns().stream().allMatch(JoinTree::isName)
            ? source.columns()
            : columns.stream().map(column -> column.column().name()).toList();
  }

  /** The table that is loaded. */
  JoinTable joinTable() {
    List<JoinColumn> joined =
        IntStream.range(0, names.size())
            .mapToObj(i -> new JoinColumn(names.get(i), columns.get(i).column().name()))
            .toList();
    return new JoinTable(table, source.group(), joined);
  }

  private boolean targets() {
    return merge.isTargets(source);
  }

  /**
   * Loads the checkpoint.
   *
   * @param temporaryDirectory where a file may be put that BigQuery reads
   * @return how the checkpoint joins
   * @throws ml.bqx.failure.InvalidInputException when timestamps repeat and the policy is to fail
   */
  JoinCounts load(BigQueryJobs jobs, String temporaryDirectory) throws IOException {
    List<String> uris = source.files();
    JoinedRows joined;
    try (SourceTable rows = SourceTable.open(merge.storage(), source)) {
      joined = rows.join(merge, merge.config().onDuplicate());
      if (targets() || joined.counts().duplicates() > 0 || !loadsAsItIs(rows.footers())) {
        String path = "%s/%s.parquet".formatted(temporaryDirectory, table);
        IntStream all = IntStream.range(0, merge.spine().rows());
        stage(rows, joined.aligned() ? all.toArray() : joined.rows(), path);
        uris = List.of(path);
      }
    }

    jobs.load("load %s (%s)".formatted(source.group(), files()), table, uris, schema());
    return joined.counts();
  }

  private String files() {
    return Listing.inWords(source.files(), 1);
  }

  /** Whether BigQuery makes exactly our table of the files. */
  private boolean loadsAsItIs(List<ParquetFooter> footers) {
    return source.files().stream().noneMatch(Storage::isLocal)
        && names.equals(source.columns())
        && columns.stream().allMatch(BigQueryColumn::loadsAsItIs)
        && footers.stream().allMatch(this::hasOurColumns)
        && footers.stream().noneMatch(footer -> footer.uses(Encoding.BYTE_STREAM_SPLIT));
  }

  /** The key in front, our columns behind it, no other: BigQuery may go by names or by places. */
  private boolean hasOurColumns(ParquetFooter footer) {
    List<String> all = footer.columns().stream().map(ColumnSchema::name).toList();
    if (!all.get(0).equals(Catalog.KEY_COLUMN) || !all.subList(1, all.size()).equals(names)) {
      return false;
    }

    BigQueryColumn key = BigQueryColumn.of(footer.columns().get(0));
    return key.type().equals(BigQueryColumn.TIMESTAMP)
        && key.loadsAsItIs()
        && IntStream.range(0, names.size())
            .allMatch(i -> footer.columns().get(i + 1).sameType(columns.get(i).column()));
  }

  private TableSchema schema() {
    List<TableFieldSchema> fields = new ArrayList<>();
    fields.add(BigQueryColumn.field(Catalog.KEY_COLUMN, BigQueryColumn.TIMESTAMP));
    for (int i = 0; i < names.size(); i++) {
      fields.add(columns.get(i).field(names.get(i)));
    }

    if (targets()) {
      fields.add(BigQueryColumn.field(JoinTree.ROW_BLOCK, BigQueryColumn.INT64));
    }

    return new TableSchema().setFields(fields);
  }

  /** Writes the rows of the spine, in their order, with nulls where the checkpoint has none. */
  private void stage(SourceTable rows, int[] index, String path) throws IOException {
    List<ColumnSchema> schema = new ArrayList<>();
    schema.add(KEY);
    for (int i = 0; i < names.size(); i++) {
      schema.add(columns.get(i).carrier().renamed(names.get(i)));
    }

    if (targets()) {
      schema.add(ColumnSchema.int64(JoinTree.ROW_BLOCK));
    }

    ChunkEncoder encoder = new ChunkEncoder(merge.config().codec());
    try (ParquetAssembler file = new ParquetAssembler(merge.storage().create(path), schema)) {
      BlockLayout blocks = merge.blocks();
      for (int block = 0; block < blocks.blocks(); block++) {
        file.addRowGroup(blocks.rows(block));
        file.append(block, 0, encoder.encodeDeltas(KEY, merge.key(block)));
        if (targets()) {
          int last = schema.size() - 1;
          file.append(block, last, encoder.encode(schema.get(last), rowBlock(block)));
        }
      }

      for (int i = 0; i < names.size(); i++) {
        ColumnVector values =
            columns.get(i).carried(rows.column(source.columns().get(i), columns.get(i).column()));
        for (int block = 0; block < blocks.blocks(); block++) {
          ColumnVector slice =
              RowGather.gather(values, index, blocks.from(block), blocks.to(block));
          file.append(block, i + 1, encoder.encode(schema.get(i + 1), slice));
        }
      }

      file.finish(Map.of());
    }
  }

  private Longs rowBlock(int block) {
    long[] values = new long[merge.blocks().rows(block)];
    Arrays.fill(values, block);
    return new Longs(values, null);
  }
}
