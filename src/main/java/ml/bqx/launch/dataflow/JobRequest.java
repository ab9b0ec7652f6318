package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.LaunchFlexTemplateParameter;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * One job to launch.
 *
 * @param name of the job in Dataflow; the same at every attempt
 * @param title a title for output: {@code extract eurusd 2/8}
 * @param workers maximum workers; 0 leaves it to Dataflow
 * @param workersAtStart workers to begin with; 0 leaves it to Dataflow
 * @param parameters options of the pipeline
 * @param labels that identify the job, besides those of the settings
 */
public record JobRequest(
    String name,
    String title,
    int workers,
    int workersAtStart,
    Map<String, String> parameters,
    Map<String, String> labels) {

  LaunchFlexTemplateParameter launchParameter(JobSettings settings) {
    return new LaunchFlexTemplateParameter()
        .setJobName(name)
        .setContainerSpecGcsPath(settings.template())
        .setParameters(parameters)
        .setEnvironment(
            settings
                .environment()
                .clone()
                .setMaxWorkers(workers == 0 ? null : workers)
                .setNumWorkers(workersAtStart == 0 ? null : workersAtStart)
                .setAdditionalUserLabels(
                    ImmutableMap.<String, String>builder()
                        .putAll(settings.environment().getAdditionalUserLabels())
                        .putAll(labels)
                        .buildKeepingLast()));
  }
}
