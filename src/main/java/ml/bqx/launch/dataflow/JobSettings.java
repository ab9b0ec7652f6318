package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.FlexTemplateRuntimeEnvironment;
import com.google.common.base.Strings;
import ml.bqx.cost.Workers;

/**
 * Where jobs are launched, and what their workers are.
 *
 * @param template the Flex Template's specification, {@code gs://bucket/file}
 * @param environment what all jobs have in common; what it does not set is Dataflow's choice
 */
public record JobSettings(
    String project, String region, String template, FlexTemplateRuntimeEnvironment environment) {

  /** The workers, as they are billed. */
  public Workers workers() {
    return new Workers(
        Strings.nullToEmpty(environment.getMachineType()),
        environment.getFlexrsGoal() == null ? Workers.Start.AT_ONCE : Workers.Start.FLEXIBLE);
  }
}
