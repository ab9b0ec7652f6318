package ml.bqx.launch;

import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where jobs are launched, and what their workers are.
 *
 * @param template the Flex Template's specification, {@code gs://bucket/file}
 * @param workers of one job, at most; 0 leaves it to Dataflow
 * @param serviceAccount the account of the workers; null for the project's default one
 * @param labels of the jobs
 */
public record LaunchTarget(
    String project,
    String region,
    String template,
    int workers,
    @Nullable String serviceAccount,
    @Nullable String network,
    @Nullable String subnetwork,
    @Nullable String machineType,
    @Nullable String stagingLocation,
    Map<String, String> labels) {}
