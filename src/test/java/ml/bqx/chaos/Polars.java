package ml.bqx.chaos;

import com.google.common.base.Suppliers;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;

/** Whether this machine has Polars for the merge method of that name. */
final class Polars {
  /** The interpreter that {@code emulators/run} tells of, or the usual one. */
  static final String PYTHON = Objects.requireNonNullElse(System.getenv("BQX_PYTHON"), "python3");

  private static final Supplier<Boolean> INSTALLED =
      Suppliers.memoize(
          () -> {
            try {
              return new ProcessBuilder(PYTHON, "-c", "import polars")
                      .redirectErrorStream(true)
                      .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                      .start()
                      .waitFor()
                  == 0;
            } catch (IOException e) {
              return false;
            } catch (InterruptedException e) {
              throw new IllegalStateException("Interrupted while Python was asked", e);
            }
          });

  private Polars() {}

  static boolean isInstalled() {
    return INSTALLED.get();
  }
}
