package ml.bqx;

import java.util.List;
import java.util.Objects;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.Tag;

/** Polars, in the interpreter that {@code emulators/run} has made. */
@Tag("emulators")
class EqualTablesOfPolarsTest extends EqualTables {
  @Override
  List<MergeMethod> methods() {
    return List.of(MergeMethod.STREAM, MergeMethod.POLARS);
  }

  @Override
  List<String> options() {
    return List.of("--python=" + python());
  }

  static String python() {
    return Objects.requireNonNull(
        System.getenv("BQX_PYTHON"),
        "BQX_PYTHON is not set: run this test with make test-emulators");
  }
}
