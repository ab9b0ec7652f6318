package ml.bqx.launch;

import com.google.api.services.dataflow.model.FlexTemplateRuntimeEnvironment;
import com.google.api.services.dataflow.model.LaunchFlexTemplateParameter;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One job to launch.
 *
 * @param name of the job in Dataflow; the same at every attempt
 * @param title what the job is, for people: {@code extract eurusd 2/8}
 * @param parameters options of the pipeline
 * @param labels of ours, besides the target's
 * @param tempLocation where the job keeps what it needs while running; null for Dataflow's choice
 */
record JobRequest(
    String name,
    String title,
    Map<String, String> parameters,
    Map<String, String> labels,
    @Nullable String tempLocation) {

  LaunchFlexTemplateParameter launchParameter(LaunchTarget target) {
    return new LaunchFlexTemplateParameter()
        .setJobName(name)
        .setContainerSpecGcsPath(target.template())
        .setParameters(parameters)
        .setEnvironment(
            new FlexTemplateRuntimeEnvironment()
                .setMaxWorkers(target.workers() == 0 ? null : target.workers())
                .setServiceAccountEmail(target.serviceAccount())
                .setNetwork(target.network())
                .setSubnetwork(target.subnetwork())
                .setMachineType(target.machineType())
                .setTempLocation(tempLocation)
                .setStagingLocation(target.stagingLocation())
                .setAdditionalUserLabels(
                    ImmutableMap.<String, String>builder()
                        .putAll(target.labels())
                        .putAll(labels)
                        .buildKeepingLast()));
  }
}
