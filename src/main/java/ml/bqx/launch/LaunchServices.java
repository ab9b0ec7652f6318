package ml.bqx.launch;

import java.util.function.Function;
import ml.bqx.catalog.Pair;
import ml.bqx.launch.dataflow.DataflowJobs;

/**
 * What the launches of all pairs share.
 *
 * @param fingerprint of the options that determine the content of a pair's checkpoints
 */
record LaunchServices(
    DataflowJobs dataflow,
    JobRequests requests,
    ExtractionCheck extraction,
    TrainingCheck training,
    Function<Pair, String> fingerprint) {}
