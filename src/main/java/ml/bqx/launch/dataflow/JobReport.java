package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.model.AutoscalingEvent;
import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMessage;
import com.google.api.services.dataflow.model.ListJobMessagesResponse;
import com.google.common.base.CharMatcher;
import com.google.common.collect.Ordering;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import ml.bqx.cli.Progress;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages and progress of a job, collected over many polls. */
final class JobReport {
  private static final Logger LOG = LoggerFactory.getLogger(JobReport.class);
  private static final String ERROR = "JOB_MESSAGE_ERROR";

  /** Errors that are reported at the end: the first ones, as later ones follow from them. */
  private static final int MOST_ERRORS = 10;

  /** A stack trace of a worker in one message can be thousands of characters long. */
  private static final int ERROR_LENGTH = 1_000;

  private static final long MEGABYTE = 1_000_000;

  private final String title;
  private final Set<String> seen = new HashSet<>();
  private final List<String> errors = new ArrayList<>();
  private @Nullable String since;
  private long workers = -1;
  private boolean complete;
  private JobFailure failure = JobFailure.UNKNOWN;

  JobReport(String title) {
    this.title = title;
  }

  /** The time of the newest message, ISO 8601; null if there was none. */
  @Nullable String since() {
    return since;
  }

  /** Reads what is new, and logs messages. */
  void read(List<ListJobMessagesResponse> pages) {
    for (ListJobMessagesResponse page : pages) {
      if (page.getJobMessages() != null) {
        page.getJobMessages().forEach(this::read);
      }

      if (page.getAutoscalingEvents() != null) {
        for (AutoscalingEvent event : page.getAutoscalingEvents()) {
          workers = event.getCurrentNumWorkers() == null ? workers : event.getCurrentNumWorkers();
        }
      }
    }
  }

  private void read(JobMessage message) {
    // Messages of exactly the time that was asked for are returned again.
    if (!seen.add(message.getId() == null ? message.toString() : message.getId())) {
      return;
    }

    if (message.getTime() != null && (since == null || message.getTime().compareTo(since) > 0)) {
      since = message.getTime();
    }

    String text = String.valueOf(message.getMessageText()).strip();
    if (ERROR.equals(message.getMessageImportance())) {
      LOG.error("{}: {}", title, text);
      failure = Ordering.natural().max(failure, JobFailure.of(text));
      errors.add(text.length() <= ERROR_LENGTH ? text : text.substring(0, ERROR_LENGTH) + " ...");
    } else {
      LOG.warn("{}: {}", title, text);
    }
  }

  List<String> errors() {
    return errors.size() <= MOST_ERRORS ? errors : errors.subList(0, MOST_ERRORS);
  }

  /** Why the job failed, if it has. */
  JobFailure failure() {
    return failure;
  }

  void complete() {
    complete = true;
  }

  boolean isComplete() {
    return complete;
  }

  /** One line: {@code extract eurusd 2/8: running, 0:03:20, 4 workers, 1,234 records, 5.6 MB}. */
  String progress(Job job, JobMeasures measures) {
    StringBuilder line = new StringBuilder(title);
    line.append(": ").append(JobState.word(job)).append(", ").append(Progress.clock(age(job)));
    if (workers >= 0) {
      line.append(workers == 1 ? ", 1 worker" : ", %d workers".formatted(workers));
    }

    if (measures.records() > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              ", %,d records, %,.1f MB",
              measures.records(),
              (double) measures.bytes() / MEGABYTE));
    }

    return CharMatcher.is('\n').replaceFrom(line, ' ');
  }

  private static Duration age(Job job) {
    if (job.getCreateTime() == null) {
      return Duration.ZERO;
    }

    Instant created = OffsetDateTime.parse(job.getCreateTime()).toInstant();
    Instant until =
        JobState.of(job).isEnd() && job.getCurrentStateTime() != null
            ? OffsetDateTime.parse(job.getCurrentStateTime()).toInstant()
            : Instant.now();
    Duration age = Duration.between(created, until);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
