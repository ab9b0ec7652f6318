package ml.bqx.launch;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import ml.bqx.catalog.Pair;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.Checks;
import ml.bqx.options.Locations;
import ml.bqx.options.MergeMethod;
import ml.bqx.options.ProjectId;
import ml.bqx.options.Spelling;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Values of variables, turned into typed ones; all that is wrong with them is collected. Like
 * {@link Checks}, a method that finds a mistake answers with some value that nobody will see.
 */
final class LaunchValues {
  /** In place of a template: no Dataflow, the work is done in the launcher's process. */
  private static final String HERE = "here";

  /** All pairs. */
  private static final String ALL = "all";

  private static final String REMOTE = "gs://";

  private static final Pattern REGION = Pattern.compile("[a-z]+-[a-z]+\\d+");
  private static final Pattern OBJECT =
      Pattern.compile("gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/[^/]+)+");
  private static final Pattern ACCOUNT =
      Pattern.compile("[^@\\s]+@[^@\\s]+\\.gserviceaccount\\.com");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/-]*");
  private static final Pattern TIME = Pattern.compile("\\d{1,6}(\\.\\d{1,3})?");

  // https://cloud.google.com/compute/docs/labeling-resources#requirements, in ASCII
  private static final Pattern LABEL_KEY = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
  private static final Pattern LABEL_VALUE = Pattern.compile("[a-z0-9_-]{0,63}");

  private final LaunchKind kind;
  private final Map<LaunchVariable, String> values;
  private final Checks checks;

  LaunchValues(LaunchKind kind, Map<LaunchVariable, String> values, Checks checks) {
    this.kind = kind;
    this.values = values;
    this.checks = checks;
  }

  /** What a variable is set to, or its default; null when there is neither. */
  private @Nullable String value(LaunchVariable variable) {
    String value = values.getOrDefault(variable, variable.defaultValue());
    return value.isEmpty() ? null : value;
  }

  private @Nullable String required(LaunchVariable variable) {
    String value = value(variable);
    if (value == null) {
      checks.problem("%s is required (expected for example %s)", variable, variable.example());
    }

    return value;
  }

  private void problem(LaunchVariable variable, String why) {
    checks.problem("%s=%s: %s", variable, values.get(variable), why);
  }

  /** The value if it has the form, or null. */
  private @Nullable String text(LaunchVariable variable, Pattern form, @Nullable String value) {
    if (value != null && !form.matcher(value).matches()) {
      problem(variable, "not valid (expected for example %s)".formatted(variable.example()));
    }

    return value;
  }

  /** A whole number. */
  int number(LaunchVariable variable, int least) {
    String value = value(variable);
    if (value == null || !value.matches("\\d{1,6}") || Integer.parseInt(value) < least) {
      problem(variable, "not a whole number from %d to 999999".formatted(least));

      return least;
    }

    return Integer.parseInt(value);
  }

  /** A time in some unit, of which fractions can be given too. */
  Duration time(LaunchVariable variable, Duration unit, Duration least) {
    String value = value(variable);
    if (value == null || !TIME.matcher(value).matches()) {
      problem(variable, "not a number (expected for example %s)".formatted(variable.example()));

      return least;
    }

    Duration time = Duration.ofMillis(Math.round(Double.parseDouble(value) * unit.toMillis()));
    if (time.compareTo(least) < 0) {
      problem(variable, "too short");
    }

    return time;
  }

  /** Whether something is wanted. */
  boolean flag(LaunchVariable variable) {
    String value = value(variable);
    if (!"true".equalsIgnoreCase(value) && !"false".equalsIgnoreCase(value)) {
      problem(variable, "not true or false");
    }

    return "true".equalsIgnoreCase(value);
  }

  /** A constant of an enum, in lower or upper case. */
  <E extends Enum<E>> E choice(LaunchVariable variable, Class<E> type) {
    try {
      return Spelling.parse(type, String.valueOf(value(variable)));
    } catch (InvalidInputException e) {
      problem(variable, e.getMessage());

      return type.getEnumConstants()[0];
    }
  }

  /** The pairs that are asked for, each once. */
  List<Pair> pairs() {
    String one = value(LaunchVariable.PAIR);
    String several = value(LaunchVariable.PAIRS);
    if ((one == null) == (several == null)) {
      checks.problem(
          one == null
              ? "PAIR or PAIRS is required (expected for example eurusd, or all)"
              : "PAIR and PAIRS are both set: only one of them can be");

      return List.of();
    }

    if (ALL.equals(several)) {
      return Pair.ALL;
    }

    LaunchVariable variable = one == null ? LaunchVariable.PAIRS : LaunchVariable.PAIR;
    Set<Pair> pairs = new LinkedHashSet<>();
    for (String name : one == null ? list(several) : List.of(one)) {
      try {
        pairs.add(Pair.of(name));
      } catch (InvalidInputException e) {
        problem(variable, e.getMessage());
      }
    }

    return new ArrayList<>(pairs);
  }

  private static List<String> list(String text) {
    return Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text);
  }

  /** A folder of Cloud Storage; of this machine too when the work is done in this process. */
  @Nullable String folder(LaunchVariable variable, boolean here) {
    String value = required(variable);
    if (value == null) {
      return null;
    }

    // A bucket's name without gs:// would be taken for a directory.
    boolean local = here && value.startsWith("/");
    if (!value.startsWith(REMOTE) && !local) {
      problem(variable, "not a bucket (expected gs://%s)".formatted(value.replaceFirst("^/+", "")));

      return null;
    }

    return location(variable, value);
  }

  private @Nullable String location(LaunchVariable variable, String value) {
    try {
      return Locations.parse(value);
    } catch (InvalidInputException e) {
      problem(variable, e.getMessage());

      return null;
    }
  }

  /** A folder of Cloud Storage that may be missing. */
  private @Nullable String optionalFolder(LaunchVariable variable) {
    return value(variable) == null ? null : folder(variable, false);
  }

  /**
   * The jobs to launch, or null when the work is to be done in this process.
   *
   * @param workers of all waves of one extraction
   */
  @Nullable LaunchTarget target(MergeMethod method, int workers, int waves) {
    boolean extract = kind == LaunchKind.EXTRACT;
    LaunchVariable variable =
        extract ? LaunchVariable.EXTRACT_TEMPLATE : LaunchVariable.MERGE_TEMPLATE;
    if (extract ? HERE.equals(value(variable)) : method != MergeMethod.BEAM) {
      return null;
    }

    return new LaunchTarget(
        required(LaunchVariable.PROJECT),
        text(LaunchVariable.REGION, REGION, required(LaunchVariable.REGION)),
        text(variable, OBJECT, required(variable)),
        extract ? (workers + waves - 1) / waves : 0,
        optional(LaunchVariable.WORKER_SERVICE_ACCOUNT, ACCOUNT),
        optional(LaunchVariable.NETWORK, NAME),
        optional(LaunchVariable.SUBNETWORK, NAME),
        optional(LaunchVariable.MACHINE_TYPE, NAME),
        optionalFolder(LaunchVariable.STAGING_LOCATION),
        labels());
  }

  /** The project, which only jobs cannot do without. */
  @Nullable String project() {
    return optional(LaunchVariable.PROJECT, ProjectId.FORM);
  }

  /** Where temporary files go; may be null. */
  @Nullable String tempLocation() {
    return optionalFolder(LaunchVariable.TEMP_LOCATION);
  }

  private @Nullable String optional(LaunchVariable variable, Pattern form) {
    return text(variable, form, value(variable));
  }

  private Map<String, String> labels() {
    ImmutableMap.Builder<String, String> labels = ImmutableMap.builder();
    String value = value(LaunchVariable.LABELS);
    for (String label : value == null ? List.<String>of() : list(value)) {
      String[] parts = label.split("=", 2);
      if (parts.length < 2
          || !LABEL_KEY.matcher(parts[0]).matches()
          || !LABEL_VALUE.matcher(parts[1]).matches()) {
        problem(
            LaunchVariable.LABELS,
            "%s is no label (expected key=value, of lower-case letters, digits, _ and -)"
                .formatted(label));
      } else {
        labels.put(parts[0], parts[1]);
      }
    }

    return labels.buildKeepingLast();
  }

  /** The addresses of the services. */
  LaunchEndpoints endpoints() {
    return new LaunchEndpoints(
        endpoint(LaunchVariable.DATAFLOW_ENDPOINT),
        endpoint(LaunchVariable.GCS_ENDPOINT),
        endpoint(LaunchVariable.BIGQUERY_ENDPOINT));
  }

  private String endpoint(LaunchVariable variable) {
    String value = String.valueOf(value(variable));
    try {
      URI uri = URI.create(value);
      if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
        // As the default has it: Google's clients differ in whether a slash ends an address.
        String bare = CharMatcher.is('/').trimTrailingFrom(value);

        return variable.defaultValue().endsWith("/") ? bare + "/" : bare;
      }
    } catch (IllegalArgumentException e) {
      // Told below like any other.
    }

    problem(variable, "not an address (expected for example %s)".formatted(variable.example()));

    return value;
  }
}
