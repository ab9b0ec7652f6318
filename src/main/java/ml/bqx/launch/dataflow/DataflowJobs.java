package ml.bqx.launch.dataflow;

import com.google.api.services.dataflow.Dataflow;
import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.LaunchFlexTemplateRequest;
import com.google.api.services.dataflow.model.LaunchFlexTemplateResponse;
import com.google.api.services.dataflow.model.ListJobMessagesResponse;
import com.google.api.services.dataflow.model.ListJobsResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.failure.ServiceException;
import ml.bqx.http.CallFailure;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The calls of the Dataflow service that a launcher needs; see
 * https://cloud.google.com/dataflow/docs/reference/rest/v1b3/projects.locations.jobs.
 */
public final class DataflowJobs {
  /** The steps of a job are on its own page; the launcher reports what goes wrong. */
  private static final String LEAST_IMPORTANCE = "JOB_MESSAGE_WARNING";

  private final Dataflow dataflow;
  private final JobSettings settings;

  public DataflowJobs(Dataflow dataflow, JobSettings settings) {
    this.dataflow = dataflow;
    this.settings = settings;
  }

  private Dataflow.Projects.Locations.Jobs jobs() {
    return dataflow.projects().locations().jobs();
  }

  /**
   * Checks, as far as possible, that jobs can be launched in the project and region.
   *
   * @throws ServiceException when project, region or permissions do not allow it
   */
  public void check() throws IOException {
    try {
      jobs().list(settings.project(), settings.region()).setPageSize(1).execute();
    } catch (IOException e) {
      if (!CallFailure.isTransient(e)) {
        throw new ServiceException(
            "Cannot launch in project %s, region %s: %s; %s"
                .formatted(
                    settings.project(),
                    settings.region(),
                    CallFailure.reason(e),
                    CallFailure.status(e) == CallFailure.FORBIDDEN
                        ? "the launcher's service account needs the permissions in deploy/launcher-role.yaml, and the Dataflow API must be enabled"
                        : "see cloud.google.com/dataflow/docs/resources/locations for the regions of Dataflow"),
            e);
      }

      throw e;
    }
  }

  /** The jobs of that name, running or not; the newest first. */
  public List<Job> named(String name) throws IOException {
    List<Job> found = new ArrayList<>();
    String page = null;
    do {
      ListJobsResponse response =
          jobs()
              .list(settings.project(), settings.region())
              .setFilter("ALL")
              .setName(name)
              .setPageToken(page)
              .execute();
      if (response.getJobs() != null) {
        response.getJobs().stream().filter(job -> name.equals(job.getName())).forEach(found::add);
      }

      page = response.getNextPageToken();
    } while (page != null);

    found.sort(
        Comparator.comparing((Job job) -> Objects.requireNonNullElse(job.getCreateTime(), ""))
            .reversed());
    return found;
  }

  /** Launches a job; fails with {@link CallFailure#CONFLICT} when one of its name is running. */
  Job launch(JobRequest request) throws IOException {
    return send(request, false).getJob();
  }

  /** Validates a request without launching its job. */
  public void validate(JobRequest request) throws IOException {
    send(request, true);
  }

  private LaunchFlexTemplateResponse send(JobRequest request, boolean validateOnly)
      throws IOException {
    return dataflow
        .projects()
        .locations()
        .flexTemplates()
        .launch(
            settings.project(),
            settings.region(),
            new LaunchFlexTemplateRequest()
                .setLaunchParameter(request.launchParameter(settings))
                .setValidateOnly(validateOnly))
        .execute();
  }

  Job get(String id) throws IOException {
    return jobs().get(settings.project(), settings.region(), id).execute();
  }

  /** The labels of a job, which listings do not include. */
  public Map<String, String> labels(String id) throws IOException {
    Job job =
        jobs().get(settings.project(), settings.region(), id).setView("JOB_VIEW_ALL").execute();
    return Objects.requireNonNullElse(job.getLabels(), Map.of());
  }

  /**
   * Messages of a job: warnings, errors, and the number of its workers.
   *
   * @param since only what is newer, ISO 8601; null for everything
   */
  List<ListJobMessagesResponse> messages(String id, @Nullable String since) throws IOException {
    List<ListJobMessagesResponse> pages = new ArrayList<>();
    String page = null;
    do {
      ListJobMessagesResponse response =
          jobs()
              .messages()
              .list(settings.project(), settings.region(), id)
              .setMinimumImportance(LEAST_IMPORTANCE)
              .setStartTime(since)
              .setPageToken(page)
              .execute();
      pages.add(response);
      page = response.getNextPageToken();
    } while (page != null);

    return pages;
  }

  /** Whether a job has failed for its input, so that the same job would fail again. */
  public boolean failedForItsInput(Job job) throws IOException {
    if (JobState.of(job) != JobState.FAILED) {
      return false;
    }

    JobReport report = new JobReport(job.getName());
    report.read(messages(job.getId(), null));
    return report.failure() == JobFailure.INPUT;
  }

  /** Metrics of a job: for information only, so that the call is not repeated. */
  JobMetrics metrics(String id) throws IOException {
    return jobs()
        .getMetrics(settings.project(), settings.region(), id)
        .buildHttpRequest()
        .setNumberOfRetries(0)
        .execute()
        .parseAs(JobMetrics.class);
  }

  /** Requests that a job be cancelled, which takes some time. */
  void cancel(String id) throws IOException {
    jobs()
        .update(
            settings.project(),
            settings.region(),
            id,
            new Job().setRequestedState(JobState.CANCELLED.wire()))
        .execute();
  }

  /** The job's page in the Google Cloud console. */
  String page(String id) {
    return "https://console.cloud.google.com/dataflow/jobs/%s/%s?project=%s"
        .formatted(settings.region(), id, settings.project());
  }
}
