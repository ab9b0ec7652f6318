package ml.bqx.cost;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine of a Dataflow worker.
 *
 * @param memoryGb memory in GB
 */
record WorkerMachine(int vcpus, double memoryGb) {
  /** Dataflow's default for a batch job. */
  private static final WorkerMachine DEFAULT = new WorkerMachine(1, 3.75);

  private static final Pattern TYPE =
      Pattern.compile("(?<family>[a-z]\\w*)-(?<kind>standard|highmem|highcpu)-(?<vcpus>\\d+)");

  /**
   * The machine of that type; Dataflow's default for an empty text and for a type whose name does
   * not contain its size, such as f1-micro.
   */
  static WorkerMachine of(String type) {
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches()) {
      return DEFAULT;
    }

    int vcpus = Integer.parseInt(matcher.group("vcpus"));
    return new WorkerMachine(
        vcpus, vcpus * memoryPerVcpu(matcher.group("family"), matcher.group("kind")));
  }

  /** GB for a vCPU; https://see cloud.google.com/compute/docs/machine-resource. */
  private static double memoryPerVcpu(String family, String kind) {
    boolean first = family.equals("n1");
    return switch (kind) {
      case "highmem" -> first ? 6.5 : 8;
      case "highcpu" -> first ? 0.9 : 1;
      default -> first ? 3.75 : 4;
    };
  }
}
