package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.FlexTemplateRuntimeEnvironment;

/**
 * Where jobs are launched, and what their workers are.
 *
 * @param template the Flex Template's specification, {@code gs://bucket/file}
 * @param environment what all jobs have in common; what it does not set is Dataflow's choice
 */
public record JobSettings(
    String project, String region, String template, FlexTemplateRuntimeEnvironment environment) {}
