package ml.bqx.launch;

import java.util.function.Function;
import ml.bqx.catalog.Pair;

/**
 * What the launches of all pairs work with.
 *
 * @param fingerprint of the options that decide what is in a pair's checkpoints
 */
record LaunchServices(
    DataflowJobs dataflow,
    ExtractionCheck extraction,
    TrainingCheck training,
    Function<Pair, String> fingerprint) {}
