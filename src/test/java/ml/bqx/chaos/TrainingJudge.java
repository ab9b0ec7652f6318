package ml.bqx.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ml.bqx.Duck;
import ml.bqx.Workplace;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.parquet.VectorBuilder;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;
import ml.bqx.verify.TrainingComparison;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Statistics;

/** Tells whether a training file is the one that a merge should make. */
final class TrainingJudge {
  private TrainingJudge() {}

  /**
   * Holds a file against the one that the same method made of the same set when nothing happened.
   * Where chunks stand in the file may differ, and nothing else.
   */
  static Result compare(Path good, Path found) throws Exception {
    return compareFiles(good, found).then(() -> card(found));
  }

  /** A card tells of the file that is there, or there is none. */
  private static Result card(Path found) throws IOException {
    String path = found.toString();
    Optional<TrainingCard> card;
    try {
      card = TrainingCard.read(Storage.local(), path);
    } catch (InvalidInputException e) {
      return new Result(Verdict.UNREADABLE, e.getMessage());
    }

    boolean isOfFile = card.isEmpty() || card.get().crc32c().equals(Storage.local().checksum(path));
    return isOfFile ? Result.SURVIVED : new Result(Verdict.WRONG, "the card is of another file");
  }

  /** The files of parts are those of which the card tells. */
  static Result parts(Path found) throws IOException {
    TrainingCard card = TrainingCard.read(Storage.local(), found.toString()).orElseThrow();
    for (TrainingCard.PartCard part : card.files()) {
      Path file = found.resolveSibling(part.name());
      if (!Storage.local().checksum(file.toString()).equals(part.crc32c())) {
        return new Result(Verdict.WRONG, part.name() + " is not the file that the card tells of");
      }
    }

    return Result.SURVIVED;
  }

  /** Nothing is missing, and nothing is there besides, but for what is temporary. */
  static Result sameNames(Path good, Path found) {
    List<String> expected = Workplace.filesBelow(good);
    List<String> actual =
        Workplace.filesBelow(found).stream().filter(name -> !name.contains("_temporary")).toList();
    return actual.equals(expected)
        ? Result.SURVIVED
        : new Result(Verdict.WRONG, "there are %s, not %s".formatted(actual, expected));
  }

  private static Result compareFiles(Path good, Path found) throws Exception {
    if (Files.mismatch(good, found) < 0) {
      return Result.SURVIVED;
    }

    try (ParquetFile expected = open(good);
        ParquetFile actual = open(found)) {
      return sameChunks(expected, actual)
          ? Result.SURVIVED
          : compareContent(expected.footer(), actual.footer());
    } catch (IOException | RuntimeException e) {
      return new Result(Verdict.UNREADABLE, e.toString());
    }
  }

  private static ParquetFile open(Path file) throws IOException {
    return Storage.local().open(file.toString());
  }

  /** Whether all that the footers say, but for places, and all bytes of the chunks are the same. */
  private static boolean sameChunks(ParquetFile expected, ParquetFile actual) throws IOException {
    if (!placeless(expected).equals(placeless(actual))) {
      return false;
    }

    ChunkReader good = expected.reader();
    ChunkReader found = actual.reader();
    for (int group = 0; group < expected.footer().rowGroups(); group++) {
      for (int column = 0; column < expected.footer().columns().size(); column++) {
        ChunkReference reference = expected.footer().chunk(group, column);
        byte[] left = good.bytes(reference);
        byte[] right = found.bytes(actual.footer().chunk(group, column));
        int length = reference.length();
        if (!Arrays.equals(left, 0, length, right, 0, length)) {
          return false;
        }
      }
    }

    return true;
  }

  private static FileMetaData placeless(ParquetFile file) {
    FileMetaData metadata = file.footer().metadata().deepCopy();
    for (RowGroup group : metadata.getRow_groups()) {
      group.setFile_offset(0);
      for (ColumnChunk chunk : group.getColumns()) {
        chunk.setFile_offset(0);
        ColumnMetaData column = chunk.getMeta_data();
        column.setData_page_offset(0);
        column.setDictionary_page_offset(column.isSetDictionary_page_offset() ? 1 : 0);
      }
    }

    return metadata;
  }

  /** Values may be encoded in another way and be right. */
  private static Result compareContent(ParquetFooter good, ParquetFooter found) throws Exception {
    List<String> differences =
        TrainingComparison.of(Storage.local(), good.file(), found.file()).differences();
    if (!differences.isEmpty()) {
      return new Result(Verdict.WRONG, "not the right values: " + differences);
    }

    for (int group = 0; group < good.rowGroups(); group++) {
      for (int column = 0; column < good.columns().size(); column++) {
        Statistics expected = good.chunk(group, column).metadata().getStatistics();
        Statistics actual = found.chunk(group, column).metadata().getStatistics();
        if (!expected.equals(actual)) {
          return wrongStatistics(good.chunk(group, column), expected, actual);
        }
      }
    }

    return readByDuckDb(good.file(), found.file());
  }

  private static Result wrongStatistics(
      ChunkReference chunk, Statistics expected, Statistics actual) {
    return new Result(
        Verdict.WRONG,
        "statistics of %s in row group %d: %s, not %s"
            .formatted(chunk.column(), chunk.rowGroup(), actual, expected));
  }

  private static Result readByDuckDb(String good, String found) {
    try (Duck duck = Duck.inMemory()) {
      duck.assertSame(Duck.values(found), Duck.values(good));
      return Result.SURVIVED;
    } catch (SQLException e) {
      return new Result(Verdict.UNREADABLE, "DuckDB: " + e.getMessage());
    } catch (AssertionError e) {
      return new Result(Verdict.WRONG, "DuckDB: " + e.getMessage());
    }
  }

  /**
   * Holds a file against itself. Where no manifest tells what a set should be, nobody can see that
   * a name or a type was changed; but the footer must be that of the values.
   */
  static Result consistent(Path found) {
    try (ParquetFile file = open(found);
        Duck duck = Duck.inMemory()) {
      ParquetFooter footer = file.footer();
      ChunkReader reader = file.reader();
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      for (int column = 0; column < footer.columns().size(); column++) {
        ColumnSchema schema = footer.columns().get(column);
        for (int group = 0; group < footer.rowGroups(); group++) {
          ChunkReference chunk = footer.chunk(group, column);
          VectorBuilder values = ChunkReader.builder(schema, footer.rows(group));
          reader.read(chunk, schema, values);
          Statistics expected = encoder.encode(schema, values.build()).metadata().getStatistics();
          if (!expected.equals(chunk.metadata().getStatistics())) {
            return wrongStatistics(chunk, expected, chunk.metadata().getStatistics());
          }
        }
      }

      duck.run("CREATE TEMP TABLE rows AS " + Duck.values(found));
      return Result.SURVIVED;
    } catch (IOException | SQLException | RuntimeException e) {
      return new Result(Verdict.UNREADABLE, e.toString());
    }
  }
}
