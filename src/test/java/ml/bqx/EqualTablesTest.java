package ml.bqx;

import java.util.List;
import ml.bqx.options.MergeMethod;

/** The methods that need nothing but this JVM. */
class EqualTablesTest extends EqualTables {
  @Override
  List<MergeMethod> methods() {
    return MergeMethods.ofAnySet();
  }

  @Override
  List<String> options() {
    return List.of();
  }
}
