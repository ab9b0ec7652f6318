package ml.bqx.launch.dataflow;

import java.util.regex.Pattern;

/** Why a job failed, as far as its error messages tell; the gravest last. */
enum JobFailure {
  /** Perhaps something that passes. */
  UNKNOWN("", Pattern.compile("")),

  /** Its input or its options are wrong: the same job fails again. */
  INPUT(
      "",
      Pattern.compile(
          // What our commands print, the exceptions behind it, and how a template's main ends then.
          "^error: |ml\\.bqx\\.(failure\\.InvalidInput|parquet\\.InvalidParquet)Exception"
              + "|exit(ed with)? (code|status):? 1\\b",
          Pattern.MULTILINE)),

  /** The memory of a worker is too small. */
  MEMORY(
      "A worker ran out of memory: set MACHINE_TYPE (--machineType) to one with more memory for each vCPU, for example n1-highmem-2",
      Pattern.compile(
          "OutOfMemoryError|out[- ]of[- ]memory|\\bOOM|GC thrashing|exit(ed with)? (code|status):? 137\\b",
          Pattern.CASE_INSENSITIVE));

  private final String remedy;
  private final Pattern pattern;

  JobFailure(String remedy, Pattern pattern) {
    this.remedy = remedy;
    this.pattern = pattern;
  }

  /** What one error message tells. */
  static JobFailure of(String message) {
    for (JobFailure failure : new JobFailure[] {MEMORY, INPUT}) {
      if (failure.pattern.matcher(message).find()) {
        return failure;
      }
    }

    return UNKNOWN;
  }

  /** What to do; empty when the messages themselves say it, or nobody knows. */
  String remedy() {
    return remedy;
  }
}
