package ml.bqx;

import java.util.EnumSet;
import java.util.List;
import ml.bqx.options.MergeMethod;

/** Which methods can merge what: all of them must come to the same table. */
final class MergeMethods {
  private MergeMethods() {}

  /** Those that need nothing but this JVM; a new method is one of them unless it is named here. */
  static List<MergeMethod> here() {
    return List.copyOf(EnumSet.complementOf(EnumSet.of(MergeMethod.POLARS, MergeMethod.BIGQUERY)));
  }

  /** Of those the ones that take checkpoints in any order of rows. */
  static List<MergeMethod> ofAnySet() {
    return here().stream().filter(method -> method != MergeMethod.COMPOSE).toList();
  }

  /** Of those the ones that take a set of this layout. */
  static List<MergeMethod> of(String layout) {
    return layout.equals("aligned") ? here() : ofAnySet();
  }
}
