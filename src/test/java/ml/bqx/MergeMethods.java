package ml.bqx;

import java.util.List;
import java.util.stream.Stream;
import ml.bqx.options.MergeMethod;

/** Which methods can merge what: all of them must come to the same table. */
final class MergeMethods {
  private MergeMethods() {}

  /** Those that take checkpoints in any order of rows. */
  static List<MergeMethod> ofAnySet() {
    return Stream.of(MergeMethod.values()).filter(method -> method != MergeMethod.COMPOSE).toList();
  }

  /** Those that take a set of this layout. */
  static List<MergeMethod> of(String layout) {
    return layout.equals("aligned") ? List.of(MergeMethod.values()) : ofAnySet();
  }
}
