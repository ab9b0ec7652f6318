package ml.bqx.cost;

/**
 * The workers of Dataflow jobs, as they are billed.
 *
 * @param machineType empty for Dataflow's default
 */
public record Workers(String machineType, Start start) {
  /** Dataflow's default machines, started at once. */
  public static final Workers DEFAULT = new Workers("", Start.AT_ONCE);

  /** See https://cloud.google.com/dataflow/docs/guides/flexrs. */
  private static final String FLEXRS_DEFAULT = "n1-standard-2";

  /** When the workers of a job start. */
  public enum Start {
    AT_ONCE,
    /** Within six hours, for less money: FlexRS. */
    FLEXIBLE
  }

  /** Their machine; FlexRS has another default. */
  WorkerMachine machine() {
    return WorkerMachine.of(
        machineType.isEmpty() && start == Start.FLEXIBLE ? FLEXRS_DEFAULT : machineType);
  }

  /** Usage of these workers, at the prices of their kind. */
  public Usage billed(Usage usage) {
    return start == Start.AT_ONCE
        ? usage
        : usage
            .as(PricedItem.DATAFLOW_VCPU, PricedItem.FLEXRS_VCPU)
            .as(PricedItem.DATAFLOW_MEMORY, PricedItem.FLEXRS_MEMORY);
  }
}
