package ml.bqx.merge.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import ml.bqx.catalog.Catalog;
import ml.bqx.merge.JoinedRows;
import ml.bqx.merge.JoinedTable;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SourceTable;
import ml.bqx.merge.plan.KeyClock;
import ml.bqx.merge.plan.KeyColumn;
import ml.bqx.merge.plan.Provenance;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.RowGather;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;

/**
 * A checkpoint in one plain file, for engines that would not take it for what it is: keys by the
 * clock of some zone or in INT96, columns that only some parts have or that become another type,
 * names that are empty or differ only in case, encodings that DuckDB does not read.
 */
final class StagedSource {
  private static final ColumnSchema KEY = ColumnSchema.timestampMicros(Catalog.KEY_COLUMN);

  private StagedSource() {}

  /** Whether an engine has to be given a plain file in place of the checkpoint. */
  static boolean isNeeded(PlannedMerge merge, SourcePlan source, SourceTable table) {
    KeyClock clock = source.provenance().clock();
    List<ColumnSchema> columns = merge.plan().columns(source);
    return table.footers().stream()
            .anyMatch(
                footer ->
                    KeyColumn.isIn(footer, clock)
                        || !KeyColumn.isPlain(footer)
                        || !hasNamesForSql(footer)
                        || hasSplitBytes(footer))
        || !IntStream.range(0, columns.size())
            .allMatch(i -> table.has(source.columns().get(i), columns.get(i)));
  }

  /** DuckDB reads BYTE_STREAM_SPLIT of numbers only. */
  private static boolean hasSplitBytes(ParquetFooter footer) {
    return IntStream.range(0, footer.columns().size())
        .filter(
            column ->
                footer.columns().get(column).physical() == Type.FIXED_LEN_BYTE_ARRAY
                    && footer.columns().get(column).isFlat())
        .anyMatch(
            column ->
                IntStream.range(0, footer.rowGroups())
                    .mapToObj(group -> footer.chunk(group, column).metadata().getEncodings())
                    .anyMatch(encodings -> encodings.contains(Encoding.BYTE_STREAM_SPLIT)));
  }

  /** SQL has no empty names, and ignores their case. */
  private static boolean hasNamesForSql(ParquetFooter footer) {
    Set<String> names = new HashSet<>(List.of(""));
    return footer.columns().stream()
        .allMatch(column -> names.add(column.name().toLowerCase(Locale.ROOT)));
  }

  /**
   * Writes the plain file.
   *
   * @param table the checkpoint's files
   * @return the checkpoint with the new file in place of its own
   */
  static SourcePlan write(PlannedMerge merge, SourcePlan source, SourceTable table, Path file)
      throws IOException {
    return write(merge, source, file, table.keyColumn(), table::column);
  }

  /**
   * Writes a plain file with the rows of the spine only.
   *
   * @param table the checkpoint's files
   * @param joined the row of the table for each row of the spine
   * @return the checkpoint with the new file in place of its own
   */
  static SourcePlan write(
      PlannedMerge merge, SourcePlan source, SourceTable table, JoinedRows joined, Path file)
      throws IOException {
    long[] spine = merge.spine().timestamps();
    int[] rows = joined.aligned() ? IntStream.range(0, spine.length).toArray() : joined.rows();
    return write(
        merge,
        source,
        file,
        new Longs(spine, null),
        (name, type) -> RowGather.gather(table.column(name, type), rows, 0, rows.length));
  }

  /** Where the values of a column come from. */
  @FunctionalInterface
  private interface Values {
    ColumnVector of(String name, ColumnSchema type) throws IOException;
  }

  private static SourcePlan write(
      PlannedMerge merge, SourcePlan source, Path file, Longs key, Values values)
      throws IOException {
    List<ColumnSchema> schema = new ArrayList<>(List.of(KEY));
    List<ColumnSchema> columns = merge.plan().columns(source);
    for (int i = 0; i < columns.size(); i++) {
      schema.add(columns.get(i).renamed(JoinedTable.columnName(source.firstColumn() + i)));
    }

    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
    try (ParquetAssembler plain =
        new ParquetAssembler(merge.storage().create(file.toString()), schema)) {
      plain.addRowGroup(key.size());
      plain.append(0, 0, encoder.encode(KEY, key));
      for (int i = 0; i < columns.size(); i++) {
        ColumnVector column = values.of(source.columns().get(i), columns.get(i));
        plain.append(0, i + 1, encoder.encode(schema.get(i + 1), column));
      }

      plain.finish(Map.of());
    }

    return SourcePlan.of(
        source.group(),
        new Provenance.Foreign(source.provenance().origin()),
        List.of(file.toString()),
        schema.stream().skip(1).map(ColumnSchema::name).toList(),
        source.firstColumn());
  }
}
