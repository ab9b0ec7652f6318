package ml.bqx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.doubles.Emulators;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** BigQuery, as its emulator has it. */
@Tag("emulators")
class EqualTablesOfBigQueryTest extends EqualTables {
  private String bucket;

  @BeforeEach
  void makeBucket() {
    bucket = Emulators.newBucket();
  }

  @Override
  List<MergeMethod> methods() {
    return List.of(MergeMethod.STREAM, MergeMethod.BIGQUERY);
  }

  @Override
  List<String> options() {
    List<String> options = new ArrayList<>(Emulators.args());
    options.add("--tempLocation=" + bucket + "/temp");
    return options;
  }

  /**
   * Values by SQL's equality: what the emulator exports, DuckDB writes with dictionaries, which
   * hold one zero for -0.0 and 0.0, and one NaN for all of them.
   */
  @Override
  List<String> differences(Path reference, Path file) throws Exception {
    try (Duck duck = Duck.inMemory()) {
      List<String> differences = new ArrayList<>(rowsOfOneOnly(duck, reference, file));
      differences.addAll(rowsOfOneOnly(duck, file, reference));
      return differences;
    }
  }

  private static List<String> rowsOfOneOnly(Duck duck, Path one, Path other) throws Exception {
    return duck.texts(
        "SELECT '%s has ' || x::VARCHAR FROM ((%s) EXCEPT ALL (%s)) x"
            .formatted(one.getFileName(), Duck.values(one), Duck.values(other)));
  }
}
