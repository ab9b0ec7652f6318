package ml.bqx.config;

import com.google.cloud.ServiceOptions;
import com.google.common.base.StandardSystemProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.options.CommandOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which Google Cloud project a run uses: the one that it names, or else that of its surroundings.
 */
final class CloudProject {
  private static final String OPTION = "--project=";

  private CloudProject() {}

  /** The project; null when nothing names one. */
  static @Nullable String of(CommandOptions options) {
    return options.beamArguments().stream()
        .filter(argument -> argument.startsWith(OPTION))
        .map(argument -> argument.substring(OPTION.length()))
        .findFirst()
        .or(
            () ->
                Optional.ofNullable(
                    mayBeKnown(System.getenv()) ? ServiceOptions.getDefaultProjectId() : null))
        .orElse(null);
  }

  /**
   * Whether it makes sense to look: Google's client ends its search with a call to the metadata
   * server, which there is in Cloud Run and for which others would wait in vain.
   */
  private static boolean mayBeKnown(Map<String, String> environment) {
    String home = Objects.requireNonNullElse(StandardSystemProperty.USER_HOME.value(), "");
    return Stream.of(
                "GOOGLE_CLOUD_PROJECT",
                "GOOGLE_APPLICATION_CREDENTIALS",
                "CLOUDSDK_CONFIG",
                "CLOUD_RUN_JOB",
                "K_SERVICE")
            .anyMatch(environment::containsKey)
        || Files.isDirectory(Path.of(home, ".config", "gcloud"));
  }
}
