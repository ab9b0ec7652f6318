package ml.bqx.options;

import java.util.regex.Pattern;
import ml.bqx.failure.InvalidInputException;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;

/** The id of a Google Cloud project. */
public final class ProjectId {
  /**
   * With a domain in front for old projects: {@code example.com:project}. See
   * https://cloud.google.com/resource-manager/docs/creating-managing-projects.
   */
  public static final Pattern FORM =
      Pattern.compile("([a-z0-9.-]{1,63}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]");

  private ProjectId() {}

  /** The project that Beam's option names. */
  static String of(CommandOptions options, String expected, Checks checks) {
    return checks.required(
        "project",
        BeamOptions.of(options).as(GcpOptions.class).getProject(),
        expected,
        ProjectId::parse);
  }

  private static String parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidInputException(
          "not a project id (expected 6 to 30 lower-case letters, digits and hyphens)");
    }

    return text;
  }
}
