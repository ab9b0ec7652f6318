package ml.bqx.launch;

import java.util.function.Function;
import ml.bqx.catalog.Pair;
import ml.bqx.launch.dataflow.DataflowJobs;

/**
 * What the launches of all pairs share.
 *
 * @param wanted asks the warehouse what an extraction of a pair would make
 */
record LaunchServices(DataflowJobs dataflow, ResultCheck check, Function<Pair, Wanted> wanted) {}
