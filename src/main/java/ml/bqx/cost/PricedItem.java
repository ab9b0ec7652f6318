package ml.bqx.cost;

/** What Google Cloud bills for; each has one line in {@code prices.tsv}. */
public enum PricedItem {
  STORAGE_READ("BigQuery Storage Read"),
  QUERY("BigQuery queries"),
  DATAFLOW_VCPU("Dataflow vCPU"),
  DATAFLOW_MEMORY("Dataflow memory"),
  FLEXRS_VCPU("Dataflow vCPU (FlexRS)"),
  FLEXRS_MEMORY("Dataflow memory (FlexRS)"),
  DATAFLOW_DISK("Dataflow disk"),
  /** Bytes in Dataflow's shuffle service, as billed. */
  DATAFLOW_SHUFFLE("Dataflow shuffle"),
  /** The n1-standard-1 that runs a Flex Template's main until its job is submitted. */
  LAUNCHER_VM("template launcher VM"),
  RUN_VCPU("Cloud Run vCPU"),
  RUN_MEMORY("Cloud Run memory"),
  /** Class A: uploads, copies, composes, lists. */
  STORAGE_WRITES("Cloud Storage writes"),
  /** Class B: reads of data and metadata. */
  STORAGE_READS("Cloud Storage reads"),
  STORAGE("Cloud Storage");

  private final String words;

  PricedItem(String words) {
    this.words = words;
  }

  /** Name for output. */
  @Override
  public String toString() {
    return words;
  }
}
