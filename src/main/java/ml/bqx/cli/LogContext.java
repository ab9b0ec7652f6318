package ml.bqx.cli;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/** What the log entries of a thread are about, such as a pair and a job, until this is closed. */
public final class LogContext implements AutoCloseable {
  private static final ThreadLocal<ImmutableMap<String, String>> FIELDS =
      ThreadLocal.withInitial(ImmutableMap::of);

  /** What all threads are about that say nothing themselves, such as those of a runner. */
  private static volatile ImmutableMap<String, String> common = ImmutableMap.of();

  private final ImmutableMap<String, String> before = FIELDS.get();

  private LogContext(Map<String, String> more) {
    FIELDS.set(
        ImmutableMap.<String, String>builder().putAll(before).putAll(more).buildKeepingLast());
  }

  /** Adds fields to the entries of this thread. */
  public static LogContext of(Map<String, String> fields) {
    return new LogContext(fields);
  }

  /** Sets the fields of all threads, in place of those that were set before. */
  public static void ofAll(Map<String, String> fields) {
    common = ImmutableMap.copyOf(fields);
  }

  static Map<String, String> fields() {
    return ImmutableMap.<String, String>builder()
        .putAll(common)
        .putAll(FIELDS.get())
        .buildKeepingLast();
  }

  @Override
  public void close() {
    FIELDS.set(before);
  }
}
