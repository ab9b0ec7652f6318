package ml.bqx.merge.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import ml.bqx.merge.plan.CheckpointFiles.FileSet;
import ml.bqx.options.MergeMethod;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.FileMetaData;
import org.junit.jupiter.api.Test;

class SourceMemoryTest {
  /** 56 bytes a row. */
  private static final List<List<ParquetFooter>> GROUPS =
      List.of(
          List.of(footer("targets.parquet", 1_000_000)),
          List.of(footer("a-0.parquet", 60_000_000), footer("a-1.parquet", 40_000_000)),
          List.of(footer("b.parquet", 50_000_000)));

  private static final List<FileSet> SETS =
      GROUPS.stream().map(each -> set(each.get(0).file())).toList();

  private static ParquetFooter footer(String file, long rows) {
    FileMetaData metadata = new FileMetaData().setNum_rows(rows);
    return new ParquetFooter(file, metadata, List.of(), List.of(0), 0, 0, Optional.empty());
  }

  private static FileSet set(String file) {
    return new FileSet(file, false, List.of(file), new Provenance.Foreign(file), "");
  }

  @Test
  void groupsThatDoNotFitIntoMemoryTogetherAreRefusedBeforeAnythingIsRead() {
    SourceMemory.check(MergeMethod.STREAM, SETS, GROUPS, 1, 5_600_000_000L);
    SourceMemory.check(MergeMethod.STREAM, SETS, GROUPS, 2, 8_400_000_000L);

    for (MergeMethod method : List.of(MergeMethod.STREAM, MergeMethod.DUCKDB, MergeMethod.POLARS)) {
      assertThatThrownBy(() -> SourceMemory.check(method, SETS, GROUPS, 2, 8_399_999_999L))
          .hasMessage(
              "Cannot merge a-0.parquet: it has 100,000,000 rows, and reading the longest 2 groups at once takes about 8,400 MB of memory, of which this process may use 8,399 MB; give it more (java -Xmx), or leave out rows without a target when writing the file");
    }
  }

  @Test
  void methodsThatReadElsewhereHaveOtherMemory() {
    SourceMemory.check(MergeMethod.BEAM, SETS, GROUPS, 3, 1);
    SourceMemory.check(MergeMethod.BIGQUERY, SETS, GROUPS, 3, 1);
    SourceMemory.check(MergeMethod.COMPOSE, SETS, GROUPS, 3, 1);
  }
}
