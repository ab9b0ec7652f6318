package ml.bqx.launch;

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
import ml.bqx.failure.InvalidInputException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The Dataflow service, as far as a launcher needs it; see
 * https://cloud.google.com/dataflow/docs/reference/rest/v1b3/projects.locations.jobs.
 */
final class DataflowJobs {
  /** What a job does step by step is for its own page; here, what goes wrong counts. */
  private static final String LEAST_IMPORTANCE = "JOB_MESSAGE_WARNING";

  private final Dataflow dataflow;
  private final LaunchTarget target;

  DataflowJobs(Dataflow dataflow, LaunchTarget target) {
    this.dataflow = dataflow;
    this.target = target;
  }

  private Dataflow.Projects.Locations.Jobs jobs() {
    return dataflow.projects().locations().jobs();
  }

  /**
   * Makes sure that jobs can be launched where they shall, as far as that can be told.
   *
   * @throws InvalidInputException when project, region or permissions do not allow it
   */
  void check() throws IOException {
    try {
      jobs().list(target.project(), target.region()).setPageSize(1).execute();
    } catch (IOException e) {
      if (!CallFailure.isTransient(e)) {
        throw new InvalidInputException(
            "Cannot launch in project %s, region %s: %s; %s"
                .formatted(
                    target.project(),
                    target.region(),
                    CallFailure.reason(e),
                    CallFailure.status(e) == CallFailure.FORBIDDEN
                        ? "the launcher's service account needs what deploy/launcher-role.yaml lists, and the Dataflow API must be enabled"
                        : "cloud.google.com/dataflow/docs/resources/locations lists the regions that have Dataflow"),
            e);
      }

      throw e;
    }
  }

  /** The jobs of that name, running or not; the newest first. */
  List<Job> named(String name) throws IOException {
    List<Job> found = new ArrayList<>();
    String page = null;
    do {
      ListJobsResponse response =
          jobs()
              .list(target.project(), target.region())
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
    return send(request, null).getJob();
  }

  /** Lets the service check what would be launched. */
  void validate(JobRequest request) throws IOException {
    send(request, true);
  }

  private LaunchFlexTemplateResponse send(JobRequest request, @Nullable Boolean validateOnly)
      throws IOException {
    return dataflow
        .projects()
        .locations()
        .flexTemplates()
        .launch(
            target.project(),
            target.region(),
            new LaunchFlexTemplateRequest()
                .setLaunchParameter(request.launchParameter(target))
                .setValidateOnly(validateOnly))
        .execute();
  }

  /** A job as it is now. */
  Job get(String id) throws IOException {
    return jobs().get(target.project(), target.region(), id).execute();
  }

  /** The labels of a job, which listing leaves out. */
  Map<String, String> labels(String id) throws IOException {
    Job job = jobs().get(target.project(), target.region(), id).setView("JOB_VIEW_ALL").execute();
    return Objects.requireNonNullElse(job.getLabels(), Map.of());
  }

  /**
   * What a job has to tell: warnings and errors, and how many workers it has.
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
              .list(target.project(), target.region(), id)
              .setMinimumImportance(LEAST_IMPORTANCE)
              .setStartTime(since)
              .setPageToken(page)
              .execute();
      pages.add(response);
      page = response.getNextPageToken();
    } while (page != null);

    return pages;
  }

  /** What a job counts: for information only, so that a failure is not worth waiting for. */
  JobMetrics metrics(String id) throws IOException {
    return jobs()
        .getMetrics(target.project(), target.region(), id)
        .buildHttpRequest()
        .setNumberOfRetries(0)
        .execute()
        .parseAs(JobMetrics.class);
  }

  /** Asks for a job's end; it comes some time later. */
  void cancel(String id) throws IOException {
    jobs()
        .update(
            target.project(),
            target.region(),
            id,
            new Job().setRequestedState(JobState.CANCELLED.wire()))
        .execute();
  }

  /** The job's page in the console. */
  String page(String id) {
    return "https://console.cloud.google.com/dataflow/jobs/%s/%s?project=%s"
        .formatted(target.region(), id, target.project());
  }
}
