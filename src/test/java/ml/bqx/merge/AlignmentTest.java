package ml.bqx.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Spine;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Storage;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignmentTest {
  private static final Spine SPINE = new Spine(LongStream.range(0, 10).toArray());
  private static final BlockLayout BLOCKS = new BlockLayout(10, 4);
  private static final Map<String, String> ALIGNED =
      Map.of(FooterKeys.LAYOUT, "aligned", FooterKeys.SPINE, SPINE.fingerprint());

  @TempDir Path directory;

  @Test
  void rowGroupsThatAreTheRowBlocksAreAligned() throws Exception {
    assertThat(problem(footer(ALIGNED, 4, 4, 2))).isNull();
    assertThat(problem(footer(ALIGNED, 4, 4), footer(ALIGNED, 2))).isNull();
    assertThat(problem(footer(ALIGNED, 4), footer(ALIGNED, 4), footer(ALIGNED, 2))).isNull();
  }

  @Test
  void otherRowGroupsAreNot() throws Exception {
    assertThat(problem(footer(ALIGNED, 5, 5)))
        .isEqualTo(
            file() + " has 5 rows in row group 0 where the row block has 4 (see --rowGroupRows)");
    assertThat(problem(footer(ALIGNED, 4, 4), footer(ALIGNED, 1, 1)))
        .isEqualTo(
            file() + " has 1 rows in row group 0 where the row block has 2 (see --rowGroupRows)");
    assertThat(problem(footer(ALIGNED, 4, 4, 2, 3)))
        .isEqualTo(
            file() + " has 3 rows in row group 3 where the row block has 0 (see --rowGroupRows)");
    assertThat(problem(footer(ALIGNED, 4, 4)))
        .isEqualTo(file() + " has 2 row groups where there are 3 row blocks (see --rowGroupRows)");
  }

  @Test
  void everyFileMustSayThatItIsAligned() throws Exception {
    ParquetFooter silent = footer(Map.of(), 2);
    ParquetFooter sharded = footer(Map.of(FooterKeys.LAYOUT, "sharded"), 4, 4, 2);

    assertThat(problem(footer(ALIGNED, 4, 4), silent))
        .isEqualTo(file() + " was not written in the aligned layout");
    assertThat(problem(sharded)).isEqualTo(file() + " was not written in the aligned layout");
  }

  @Test
  void anotherSpineIsNot() throws Exception {
    Map<String, String> other =
        Map.of(FooterKeys.LAYOUT, "aligned", FooterKeys.SPINE, "0123456789abcdef");

    assertThat(problem(footer(other, 4, 4, 2)))
        .isEqualTo(file() + " is aligned to a different spine than the targets");
  }

  private String file() {
    return directory.resolve("file.parquet").toString();
  }

  private static String problem(ParquetFooter... footers) {
    return Alignment.problem(List.of(footers), SPINE, BLOCKS).orElse(null);
  }

  private ParquetFooter footer(Map<String, String> keyValues, int... rowGroups) throws IOException {
    List<ColumnSchema> columns =
        new ArrayList<>(List.of(ColumnSchema.timestampMicros("interval_time").asRequired()));
    String path = file();
    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.UNCOMPRESSED);
    try (ParquetAssembler file = new ParquetAssembler(Storage.local().create(path), columns)) {
      for (int rows : rowGroups) {
        int group = file.addRowGroup(rows);
        ColumnVector.Longs key = new ColumnVector.Longs(new long[rows], null);
        file.append(group, 0, encoder.encodeDeltas(columns.get(0), key));
      }

      file.finish(keyValues);
    }

    try (ParquetFile file = Storage.local().open(path)) {
      return file.footer();
    }
  }
}
