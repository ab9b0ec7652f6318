package ml.bqx.launch;

import com.google.common.primitives.Ints;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import ml.bqx.config.Checks;

/**
 * Which part of a Cloud Run job this process is.
 *
 * @param execution name of the run of all tasks, the same for every attempt; empty outside Cloud
 *     Run
 * @param index of the task, from 0
 * @param count of all tasks
 */
public record LaunchTask(String execution, int index, int count) {
  /** The variable that Cloud Run sets to the name of an execution. */
  public static final String EXECUTION = "CLOUD_RUN_EXECUTION";

  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]{0,61}[a-z0-9])?");

  /** Reads what Cloud Run sets; without it, there is one task. */
  static LaunchTask from(Map<String, String> environment, Checks checks) {
    String execution = environment.getOrDefault(EXECUTION, "");
    if (!NAME.matcher(execution).matches()) {
      checks.problem(
          "CLOUD_RUN_EXECUTION=%s: not a name (expected lower-case letters, digits and -)",
          execution);
    }

    int count = number(environment, "CLOUD_RUN_TASK_COUNT", 1, checks);
    int index = number(environment, "CLOUD_RUN_TASK_INDEX", 0, checks);
    if (index >= count) {
      checks.problem("CLOUD_RUN_TASK_INDEX=%d: there are only %d tasks", index, count);
    }

    return new LaunchTask(execution, index, count);
  }

  private static int number(
      Map<String, String> environment, String name, int least, Checks checks) {
    String text = environment.getOrDefault(name, Integer.toString(least));
    Integer number = Ints.tryParse(text);
    if (number == null || number < least) {
      checks.problem("%s=%s: not a whole number of %d or more", name, text, least);
      return least;
    }

    return number;
  }

  /** Whether there may be other attempts, which share the jobs that were launched. */
  public boolean isInCloudRun() {
    return !execution.isEmpty();
  }

  /** This task's part: every {@code count}-th, so that the sizes of parts differ by one at most. */
  <T> List<T> share(List<T> all) {
    return IntStream.range(0, all.size())
        .filter(position -> position % count == index)
        .mapToObj(all::get)
        .toList();
  }
}
