package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.FlexTemplateRuntimeEnvironment;
import com.google.api.services.dataflow.model.LaunchFlexTemplateParameter;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * One job to launch.
 *
 * @param name of the job in Dataflow; the same at every attempt
 * @param title a title for output: {@code extract eurusd 2/8}
 * @param parameters options of the pipeline
 * @param labels that identify the job, besides those of the settings
 */
public record JobRequest(
    String name, String title, Map<String, String> parameters, Map<String, String> labels) {

  LaunchFlexTemplateParameter launchParameter(JobSettings settings) {
    return new LaunchFlexTemplateParameter()
        .setJobName(name)
        .setContainerSpecGcsPath(settings.template())
        .setParameters(parameters)
        .setEnvironment(
            new FlexTemplateRuntimeEnvironment()
                .setMaxWorkers(settings.workers() == 0 ? null : settings.workers())
                .setServiceAccountEmail(settings.serviceAccount())
                .setNetwork(settings.network())
                .setSubnetwork(settings.subnetwork())
                .setMachineType(settings.machineType())
                .setTempLocation(settings.tempLocation())
                .setStagingLocation(settings.stagingLocation())
                .setAdditionalUserLabels(
                    ImmutableMap.<String, String>builder()
                        .putAll(settings.labels())
                        .putAll(labels)
                        .buildKeepingLast()));
  }
}
