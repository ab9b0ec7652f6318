package ml.bqx;

import static ml.bqx.Workplace.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import ml.bqx.options.MergeMethod;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Binaries;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engines of other makers lack is told with the option that helps; nothing is left. */
class RefusedEngineTest extends ForeignFiles {
  /** More than any machine has, if each is a number of eight bytes. */
  private static final int MANY_COLUMNS = 20_000;

  @Test
  void duckdbWithTooLittleMemory() throws Exception {
    writeMinutes("targets", 1, 0);
    writeMinutes("mkt_vol", 50, 0);

    assertThat(refused(MergeMethod.DUCKDB, "--duckdbMemory=1MB"))
        .startsWith(
            "error: Cannot merge with duckdb: 1 MB of memory is not enough (Out of Memory Error: ")
        .endsWith(
            "); raise --duckdbMemory, or use --mergeMethod=stream, which holds one column at a time")
        .hasLineCount(1);
  }

  @Test
  void aTypeThatDuckdbDoesNotKeep() throws Exception {
    writeTargets();
    ColumnSchema decimal = ColumnSchema.decimal("x", 50, 2);
    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
    Binaries nothing = new Binaries(new byte[0], new int[MINUTES + 1], new boolean[MINUTES]);
    writeMinutes("mkt_vol", List.of(decimal), encoder.encode(decimal, nothing));

    assertThat(refused(MergeMethod.DUCKDB))
        .isEqualTo(
            "error: Cannot merge with duckdb: Cannot take column mkt_vol__x: it is DOUBLE, which cannot become FIXED_LEN_BYTE_ARRAY DECIMAL(50, 2); --mergeMethod=stream keeps values as they are");
  }

  @ParameterizedTest
  @EnumSource(
      value = MergeMethod.class,
      names = {"DUCKDB", "POLARS"})
  void aSpillDirectoryThatCannotBeMade(MergeMethod method) throws Exception {
    writeSmallSet();
    Path file = Files.writeString(directory.resolve("file"), "in the way");

    assertThat(refused(method, "--spillDirectory=" + file.resolve("spill")))
        .startsWith("error: Cannot write to " + file.resolve("spill") + ": ")
        .endsWith("; set --spillDirectory to another directory")
        .hasLineCount(1);
  }

  @Test
  void theSpillDirectoryIsLeftAsItWas() throws Exception {
    writeSmallSet();
    Path spill = Files.createDirectory(directory.resolve("spill"));
    Files.writeString(spill.resolve("mine"), "to be kept");

    Workplace.assertDone(place.merge("--mergeMethod=duckdb", "--spillDirectory=" + spill));

    assertThat(filesBelow(spill)).containsExactly("mine");
    assertThat(spill).isDirectoryNotContaining(Files::isDirectory);
    assertThat(filesBelow(place.output()))
        .containsExactly("training_eurusd.json", "training_eurusd.parquet");
  }

  @Test
  void aMissingPython() throws Exception {
    writeSmallSet();
    Path nowhere = directory.resolve("python9");
    // JDKs say it differently.
    String reason =
        catchThrowable(new ProcessBuilder(nowhere.toString())::start)
            .getCause()
            .getMessage()
            .strip();

    assertThat(reason).contains("No such file or directory");
    assertThat(refused(MergeMethod.POLARS, "--python=" + nowhere))
        .isEqualTo(
            "error: Cannot merge with polars: cannot run %s (%s); install Python 3 with the package polars, or set --python to an interpreter that has it"
                .formatted(nowhere, reason));
  }

  @Test
  void aPythonWithoutPolars() throws Exception {
    writeSmallSet();
    Path python = stub("echo \"ModuleNotFoundError: No module named 'polars'\" >&2; exit 1");

    assertThat(refused(MergeMethod.POLARS, "--python=" + python))
        .isEqualTo(
            "error: Cannot merge with polars: %1$s has no package polars; install it with %1$s -m pip install polars, or set --python to another interpreter"
                .formatted(python));
  }

  @Test
  void aPolarsThatDoesNotLoad() throws Exception {
    writeSmallSet();
    Path python = stub("echo 'ImportError: libfoo.so: wrong ELF class' >&2; exit 1");

    assertThat(refused(MergeMethod.POLARS, "--python=" + python))
        .isEqualTo(
            "error: Cannot merge with polars: %s cannot load the package polars (ImportError: libfoo.so: wrong ELF class)"
                .formatted(python));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.20.9", "0.99.1", "of its own"})
  void aPolarsThatIsTooOld(String version) throws Exception {
    writeSmallSet();
    Path python = stub("echo " + version);

    assertThat(refused(MergeMethod.POLARS, "--python=" + python))
        .isEqualTo(
            "error: Cannot merge with polars: %1$s has polars \"%2$s\", 1.21 or newer is required; upgrade it with %1$s -m pip install --upgrade polars, or set --python to another interpreter"
                .formatted(python, version));
  }

  @Test
  void aTableThatPolarsHasNoMemoryForUnlessForced() throws Exception {
    writeMinutes("targets", 1, 0);
    writeMinutes("mkt_vol", MANY_COLUMNS, MINUTES);
    String python = "--python=" + directory.resolve("python9");
    String rows = "--rowGroupRows=" + MINUTES;

    assertThat(refused(MergeMethod.POLARS, python, rows))
        .matches(
            "error: Cannot merge with polars: it needs about 352\\.\\d GB of memory, this machine has [0-9.]+ GB;"
                + " use --mergeMethod=stream, which holds one column at a time, or try anyway"
                + " with --forcePolars");
    assertThat(refused(MergeMethod.POLARS, python, rows, "--forcePolars"))
        .startsWith("error: Cannot merge with polars: cannot run ");
  }

  /** An interpreter that does this, whatever it is told to run. */
  private Path stub(String script) throws Exception {
    Path file = Files.writeString(directory.resolve("python"), "#!/bin/sh\n" + script + "\n");

    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private String refused(MergeMethod method, String... args) {
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--mergeMethod=" + method;
    all[args.length + 1] = "--timeZone=UTC";
    Outcome outcome = place.merge(all);

    assertThat(outcome.code()).isEqualTo(1);
    place.assertNothingMerged();

    return outcome.error();
  }
}
