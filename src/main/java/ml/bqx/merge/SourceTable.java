package ml.bqx.merge;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import ml.bqx.catalog.Catalog;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.CheckpointFiles;
import ml.bqx.merge.plan.KeyColumn;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.ChunkBuffers;
import ml.bqx.parquet.ChunkCheck;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.CommonType;
import ml.bqx.parquet.InvalidParquetException;
import ml.bqx.parquet.LongCursor;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.parquet.VectorBuilder;
import ml.bqx.parquet.VectorConcatenation;
import ml.bqx.storage.Storage;

/** The open files of one checkpoint, read column by column as one table. */
public final class SourceTable implements Closeable {
  private final SourcePlan source;
  private final List<ParquetFile> files = new ArrayList<>();
  private final List<ChunkReader> readers = new ArrayList<>();

  private SourceTable(SourcePlan source) {
    this.source = source;
  }

  /** Opens all files of the source. */
  public static SourceTable open(Storage storage, SourcePlan source) throws IOException {
    return open(source, storage::openOnce);
  }

  /** Opens all files of the source, to read all columns of them once. */
  public static SourceTable openWhole(Storage storage, SourcePlan source) throws IOException {
    return open(source, storage::openWhole);
  }

  /** Opens a file by its path. */
  @FunctionalInterface
  public interface Opening {
    ParquetInput open(String path) throws IOException;
  }

  /** Opens all files of the source in a way of the caller's. */
  public static SourceTable open(SourcePlan source, Opening opening) throws IOException {
    SourceTable table = new SourceTable(source);
    try {
      for (int i = 0; i < source.files().size(); i++) {
        ParquetFile file =
            ParquetFile.of(opening.open(source.files().get(i)), source.provenance().checksums(i));
        table.files.add(file);
        table.readers.add(file.reader());
      }
    } catch (IOException | RuntimeException e) {
      table.close();
      throw e;
    }

    return table;
  }

  /** Reads into these buffers, which others may have used before. */
  void readInto(ChunkBuffers buffers) {
    readers.forEach(reader -> reader.use(buffers));
  }

  /** The footers of the files, in order. */
  public List<ParquetFooter> footers() {
    return files.stream().map(ParquetFile::footer).toList();
  }

  /** Rows of all files. */
  public long rows() {
    return files.stream().mapToLong(file -> file.footer().rows()).sum();
  }

  /** The type of a column that holds the values of all files. */
  private ColumnSchema schema(String name) {
    List<ColumnSchema> schemas =
        footers().stream()
            .filter(footer -> footer.indexOf(name) >= 0)
            .map(footer -> footer.columns().get(footer.indexOf(name)))
            .toList();
    return schemas.stream()
        .filter(schema -> !schema.isAlwaysNull())
        .reduce((one, other) -> CommonType.of(one, other).orElse(one))
        .orElse(schemas.get(0));
  }

  /** Whether all files have the column, and have it in that type. */
  public boolean has(String name, ColumnSchema type) {
    return footers().stream()
        .allMatch(
            footer ->
                footer.indexOf(name) >= 0
                    && footer.columns().get(footer.indexOf(name)).sameType(type));
  }

  /** One column of all files in the type that holds the values of all. */
  public ColumnVector column(String name) throws IOException {
    return column(name, schema(name));
  }

  /**
   * One column of all files, by its name in them.
   *
   * @param type what the values must be; rows of a file that lacks the column are null
   * @throws InvalidParquetException when a value cannot be converted to that type
   */
  public ColumnVector column(String name, ColumnSchema type) throws IOException {
    if (!has(name, type)) {
      List<ColumnVector> parts = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        parts.add(PartReader.read(files.get(i).footer(), readers.get(i), name, type, files.size()));
      }

      return VectorConcatenation.of(parts);
    }

    VectorBuilder target = ChunkReader.builder(type, rows());
    for (LongCursor.Chunk chunk : chunks(name)) {
      chunk.reader().read(chunk.reference(), chunk.column(), target);
    }

    return target.build();
  }

  /** All chunks of a column that all files have, in order. */
  List<LongCursor.Chunk> chunks(String name) {
    List<LongCursor.Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      ParquetFooter footer = files.get(i).footer();
      int column = footer.indexOf(name);
      ColumnSchema schema = footer.columns().get(column);
      for (int group = 0; group < footer.rowGroups(); group++) {
        chunks.add(new LongCursor.Chunk(readers.get(i), footer.chunk(group, column), schema));
      }
    }

    return chunks;
  }

  /**
   * Reads every page of the columns that the source names, and of the key, and compares it with its
   * checksum, if it has one.
   *
   * @throws InvalidParquetException naming file, column and row group, when a page is damaged
   */
  public void checkPages() throws IOException {
    for (int i = 0; i < files.size(); i++) {
      ParquetFooter footer = files.get(i).footer();
      for (int group : groupsWithRows(footer)) {
        for (int column : usedColumns(footer)) {
          readers.get(i).raw(List.of(footer.chunk(group, column)));
        }
      }
    }
  }

  /**
   * Decodes every chunk and compares it with the footer: the files have no known checksums, so the
   * footer's statistics cannot be copied unchecked.
   *
   * @throws InvalidParquetException naming file, column and row group, when they do not agree
   */
  public void checkFooters() throws IOException {
    for (int i = 0; i < files.size(); i++) {
      ParquetFooter footer = files.get(i).footer();
      ChunkCheck check = new ChunkCheck(footer);
      List<String> problems = new ArrayList<>();
      for (int group : groupsWithRows(footer)) {
        for (int column : flatColumns(footer)) {
          check.check(group, column, readers.get(i).bytes(footer.chunk(group, column)), problems);
        }
      }

      if (!problems.isEmpty()) {
        throw new InvalidParquetException(problems.get(0));
      }
    }
  }

  private int[] usedColumns(ParquetFooter footer) {
    Set<String> used = new HashSet<>(source.columns());
    used.addAll(source.required());
    int key = KeyColumn.index(footer);
    return Arrays.stream(flatColumns(footer))
        .filter(column -> column == key || used.contains(footer.columns().get(column).name()))
        .toArray();
  }

  private static int[] flatColumns(ParquetFooter footer) {
    return IntStream.range(0, footer.columns().size())
        .filter(column -> footer.columns().get(column).isFlat())
        .toArray();
  }

  private static int[] groupsWithRows(ParquetFooter footer) {
    return IntStream.range(0, footer.rowGroups()).filter(group -> footer.rows(group) > 0).toArray();
  }

  /** The reader of one file. */
  ChunkReader reader(int file) {
    return readers.get(file);
  }

  /** The key of all files, in microseconds since 1970 in UTC. */
  public Longs keyColumn() throws IOException {
    return key().moments();
  }

  /** The key of all files, with how many of their local times needed a rule. */
  KeyColumn.Key key() throws IOException {
    List<ColumnVector> parts = new ArrayList<>();
    long repeated = 0;
    for (int i = 0; i < files.size(); i++) {
      KeyColumn.Key part =
          KeyColumn.read(files.get(i).footer(), readers.get(i), source.provenance().clock());
      parts.add(part.moments());
      repeated += part.repeated();
    }

    return new KeyColumn.Key((Longs) VectorConcatenation.of(parts), repeated);
  }

  /** The spine that this table makes when it holds the targets: rows without a null in a range. */
  Spine spine(TimeRange range) throws IOException {
    return Spine.of(JoinKeys.of(this, source.required(), range).timestamps(), 0);
  }

  /** How many rows of which columns are null, in words that follow a statement; empty for none. */
  String nullsInWords() throws IOException {
    List<String> nulls = new ArrayList<>();
    addNulls(Catalog.KEY_COLUMN, keyColumn(), nulls);
    for (String column : source.required()) {
      addNulls(column, column(column), nulls);
    }

    return nulls.isEmpty() ? "" : " (null: %s)".formatted(CheckpointFiles.inWords(nulls));
  }

  private static void addNulls(String name, ColumnVector values, List<String> nulls) {
    if (values.nullCount() > 0) {
      nulls.add(
          values.nullCount() == values.size()
              ? name + " in all"
              : "%s in %,d".formatted(name, values.nullCount()));
    }
  }

  /** Whether the rows and row groups are those of the training file. */
  boolean isAligned(PlannedMerge merge) {
    return Alignment.problem(footers(), merge.spine(), merge.blocks()).isEmpty();
  }

  /**
   * How the table joins with the spine of a merge; nothing is read when it is aligned.
   *
   * @throws InvalidInputException when timestamps repeat and the policy is to fail
   */
  public JoinedRows join(PlannedMerge merge, DuplicatePolicy policy) throws IOException {
    return isAligned(merge)
        ? JoinedRows.aligned(source)
        : match(merge.spine(), policy, merge.plan().range());
  }

  /**
   * Which row of the table belongs to each row of the spine.
   *
   * @param range rows outside are not looked at, nor counted
   * @throws InvalidInputException when timestamps repeat and the policy is to fail
   */
  public JoinedRows match(Spine spine, DuplicatePolicy policy, TimeRange range) throws IOException {
    return JoinKeys.of(this, source.required(), range).match(source.files().get(0), spine, policy);
  }

  @Override
  public void close() throws IOException {
    for (ParquetFile file : files) {
      file.close();
    }
  }
}
