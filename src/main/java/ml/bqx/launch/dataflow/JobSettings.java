package ml.bqx.launch.dataflow;

import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where jobs are launched, and what their workers are.
 *
 * @param template the Flex Template's specification, {@code gs://bucket/file}
 * @param workers maximum workers of one job; 0 leaves it to Dataflow
 * @param serviceAccount the account of the workers; null for the project's default one
 * @param tempLocation directory of the jobs' temporary files; null for Dataflow's choice
 * @param labels of the jobs
 */
public record JobSettings(
    String project,
    String region,
    String template,
    int workers,
    @Nullable String serviceAccount,
    @Nullable String network,
    @Nullable String subnetwork,
    @Nullable String machineType,
    @Nullable String tempLocation,
    @Nullable String stagingLocation,
    Map<String, String> labels) {}
