package ml.bqx.launch;

import com.google.api.services.dataflow.model.FlexTemplateRuntimeEnvironment;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import ml.bqx.catalog.Pair;
import ml.bqx.config.Checks;
import ml.bqx.config.Locations;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.launch.dataflow.JobSettings;
import ml.bqx.options.Spelling;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Parses the values of variables, and collects all problems. Like in {@link Checks}, a method that
 * finds a mistake returns a placeholder that is never used.
 */
final class LaunchValues {
  private static final String ALL_PAIRS = "all";

  /** Instead of a template: the work is done in this process. */
  private static final String HERE = "here";

  /** Instead of a number: chosen by what there is to do. */
  private static final String AUTO = "auto";

  /** Values of Dataflow's own enums. */
  private static final String PRIVATE_IPS = "WORKER_IP_PRIVATE";

  private static final String FLEX_RS = "FLEXRS_COST_OPTIMIZED";

  private static final Splitter LIST = Splitter.on(',').trimResults().omitEmptyStrings();

  private static final Form COUNT = new Form("0*[1-9]\\d{0,5}", "a whole number from 1 to 999999");
  private static final Form NUMBER = new Form("\\d{1,18}", "a whole number of 0 or more");
  private static final Form TIME = new Form("\\d{1,6}(\\.\\d{1,3})?", "a number");
  private static final Form FLAG = new Form("(?i)true|false", "true or false");
  private static final Form PROJECT = new Form(Checks.PROJECT.pattern(), "a project id");
  private static final Form REGION = new Form("[a-z]+-[a-z]+\\d+", "a region");
  private static final Form ZONE = new Form("[a-z]+-[a-z]+\\d+-[a-z]", "a zone");
  private static final Form KEY =
      new Form(
          "projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+",
          "the name of a key of Cloud KMS");
  private static final Form OBJECT =
      new Form("gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/[^/]+)+", "a file on Cloud Storage");
  private static final Form ACCOUNT =
      new Form("[^@\\s]+@[^@\\s]+\\.gserviceaccount\\.com", "a service account");
  private static final Form NAME = new Form("[A-Za-z0-9][A-Za-z0-9_.:/-]*", "a name");
  private static final Form ENDPOINT =
      new Form("https?://[A-Za-z0-9.-]+(:\\d+)?(/.*)?", "an address");

  /** https://cloud.google.com/compute/docs/labeling-resources#requirements, in ASCII. */
  private static final Form LABEL =
      new Form(
          "[a-z][a-z0-9_-]{0,62}=[a-z0-9_-]{0,63}",
          "key=value, of lower-case letters, digits, _ and -");

  private final Map<LaunchVariable, String> values;
  private final Map<String, String> environment;
  private final Checks checks;

  /**
   * Values that were given, by variables of the environment or by options.
   *
   * @param environment tells which of them are variables
   */
  LaunchValues(Map<LaunchVariable, String> values, Map<String, String> environment, Checks checks) {
    this.values = values;
    this.environment = environment;
    this.checks = checks;
  }

  /** What a value must look like. */
  private record Form(Pattern pattern, String words) {
    Form(String regex, String words) {
      this(Pattern.compile(regex), words);
    }

    String check(LaunchVariable variable, String text) {
      if (!pattern.matcher(text).matches()) {
        throw new InvalidInputException(
            "not %s (expected for example %s)".formatted(words, variable.example()));
      }

      return text;
    }
  }

  /** What a variable is set to, or its default; empty when there is neither. */
  private String text(LaunchVariable variable) {
    String value = values.getOrDefault(variable, "");
    return value.isEmpty() ? variable.defaultValue() : value;
  }

  private <T> @Nullable T parsed(LaunchVariable variable, Function<String, T> parser) {
    String text = text(variable);
    try {
      return text.isEmpty() ? null : parser.apply(text);
    } catch (InvalidInputException e) {
      wrong(variable, e.getMessage());
      return null;
    }
  }

  /** The option, when that has set the value, or else the variable. */
  private String asGiven(LaunchVariable variable) {
    boolean isOption =
        !values.getOrDefault(variable, "").isEmpty()
            && environment.getOrDefault(variable.name(), "").isBlank();
    return isOption ? "--" + variable.option() : variable.toString();
  }

  private void wrong(LaunchVariable variable, String why) {
    checks.problem("%s=%s: %s", asGiven(variable), text(variable), why);
  }

  private @Nullable String optional(LaunchVariable variable, Form form) {
    return parsed(variable, text -> form.check(variable, text));
  }

  private String required(LaunchVariable variable, Form form) {
    return orMissing(variable, optional(variable, form));
  }

  private <T> T orMissing(LaunchVariable variable, @Nullable T value) {
    if (text(variable).isEmpty()) {
      checks.problem("%s is required (expected for example %s)", variable, variable.example());
    }

    return value == null ? Checks.placeholder() : value;
  }

  /** A whole number from 1 on; a wrong one is taken for one that is below no limit. */
  int count(LaunchVariable variable) {
    String count = optional(variable, COUNT);
    return count == null ? Integer.MAX_VALUE : Integer.parseInt(count);
  }

  /** A whole number from 1 on; empty for {@code auto}. */
  OptionalInt countOrAuto(LaunchVariable variable) {
    String count = text(variable).equals(AUTO) ? null : optional(variable, COUNT);
    return count == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(count));
  }

  /** A time in some unit; fractions of the unit are valid. */
  Duration time(LaunchVariable variable, Duration unit, Duration least) {
    String number = optional(variable, TIME);
    if (number == null) {
      return least;
    }

    Duration time = Duration.ofMillis(Math.round(Double.parseDouble(number) * unit.toMillis()));
    if (time.compareTo(least) < 0) {
      wrong(variable, "too short");
    }

    return time;
  }

  /** Options that the pipeline takes as they are, by name, as far as they are set. */
  Map<String, String> passedOn(LaunchKind kind) {
    Map<String, String> options = new LinkedHashMap<>();
    for (LaunchVariable variable : LaunchVariable.values()) {
      String number =
          variable.pipeline().equals(Optional.of(kind)) ? optional(variable, NUMBER) : null;
      if (number != null) {
        options.put(variable.option(), number);
      }
    }

    return options;
  }

  boolean flag(LaunchVariable variable) {
    return Boolean.parseBoolean(optional(variable, FLAG));
  }

  <E extends Enum<E>> E choice(LaunchVariable variable, Class<E> type) {
    E choice = parsed(variable, text -> Spelling.parse(type, text));
    return choice == null ? type.getEnumConstants()[0] : choice;
  }

  /** Service accounts; none if not set. */
  List<String> accounts(LaunchVariable variable) {
    List<String> accounts =
        parsed(
            variable,
            text ->
                LIST.splitToStream(text).map(account -> ACCOUNT.check(variable, account)).toList());
    return accounts == null ? List.of() : accounts;
  }

  List<Pair> pairs() {
    boolean one = !text(LaunchVariable.PAIR).isEmpty();
    boolean several = !text(LaunchVariable.PAIRS).isEmpty();
    if (one == several) {
      checks.problem(
          one
              ? "PAIR and PAIRS are both set: set only one of them"
              : "PAIR or PAIRS is required (expected for example eurusd, or all)");
    }

    List<Pair> pairs =
        one
            ? parsed(LaunchVariable.PAIR, text -> List.of(Pair.of(text)))
            : parsed(LaunchVariable.PAIRS, LaunchValues::pairs);
    return pairs == null ? List.of() : pairs;
  }

  private static List<Pair> pairs(String text) {
    return text.equals(ALL_PAIRS)
        ? Pair.ALL
        : LIST.splitToStream(text).map(Pair::of).distinct().toList();
  }

  /** A required folder: on Cloud Storage, or also on this machine if the work is done here. */
  String folder(LaunchVariable variable, LaunchTarget target) {
    return orMissing(
        variable,
        parsed(
            variable,
            text ->
                target instanceof LaunchTarget.Here && text.startsWith("/")
                    ? Locations.parse(text)
                    : remote(text)));
  }

  /** A folder on Cloud Storage; null if not set. */
  @Nullable String optionalFolder(LaunchVariable variable) {
    return parsed(variable, LaunchValues::remote);
  }

  /** A bucket's name without gs:// would be taken for a directory. */
  private static String remote(String text) {
    if (!text.startsWith("gs://")) {
      throw new InvalidInputException(
          "not a bucket (expected gs://%s)".formatted(CharMatcher.is('/').trimLeadingFrom(text)));
    }

    return Locations.parse(text);
  }

  /** The project, which is required for jobs only. */
  @Nullable String project() {
    return optional(LaunchVariable.PROJECT, PROJECT);
  }

  /** Whether the work is done in this process instead of by a template's jobs. */
  boolean isHere(LaunchVariable template) {
    return text(template).equals(HERE);
  }

  /**
   * The jobs to launch.
   *
   * @param template the variable of the template
   */
  LaunchTarget.Jobs jobs(
      LaunchVariable template, @Nullable String project, @Nullable String tempLocation) {
    return new LaunchTarget.Jobs(
        new JobSettings(
            orMissing(LaunchVariable.PROJECT, project),
            required(LaunchVariable.REGION, REGION),
            required(template, OBJECT),
            environment(tempLocation)));
  }

  /**
   * What all jobs have in common. What is not set here is null, and Dataflow's choice. The model is
   * copied for each job, which takes mutable collections.
   */
  private FlexTemplateRuntimeEnvironment environment(@Nullable String tempLocation) {
    String diskSize = optional(LaunchVariable.DISK_SIZE_GB, COUNT);
    return new FlexTemplateRuntimeEnvironment()
        .setServiceAccountEmail(optional(LaunchVariable.WORKER_SERVICE_ACCOUNT, ACCOUNT))
        .setNetwork(optional(LaunchVariable.NETWORK, NAME))
        .setSubnetwork(optional(LaunchVariable.SUBNETWORK, NAME))
        .setIpConfiguration(flag(LaunchVariable.USE_PUBLIC_IPS) ? null : PRIVATE_IPS)
        .setWorkerZone(optional(LaunchVariable.WORKER_ZONE, ZONE))
        .setKmsKeyName(optional(LaunchVariable.KMS_KEY, KEY))
        .setMachineType(optional(LaunchVariable.MACHINE_TYPE, NAME))
        .setLauncherMachineType(optional(LaunchVariable.LAUNCHER_MACHINE_TYPE, NAME))
        .setDiskSizeGb(diskSize == null ? null : Integer.valueOf(diskSize))
        .setFlexrsGoal(flag(LaunchVariable.FLEX_RS) ? FLEX_RS : null)
        .setAdditionalExperiments(
            parsed(
                LaunchVariable.ADDITIONAL_EXPERIMENTS,
                text -> new ArrayList<>(LIST.splitToList(text))))
        .setTempLocation(tempLocation)
        .setStagingLocation(optionalFolder(LaunchVariable.STAGING_LOCATION))
        .setAdditionalUserLabels(
            new LinkedHashMap<>(
                Objects.requireNonNullElse(
                    parsed(LaunchVariable.LABELS, LaunchValues::labels), Map.of())));
  }

  private static Map<String, String> labels(String text) {
    ImmutableMap.Builder<String, String> labels = ImmutableMap.builder();
    LIST.splitToStream(text)
        .map(label -> LABEL.check(LaunchVariable.LABELS, label).split("=", 2))
        .forEach(parts -> labels.put(parts[0], parts[1]));
    return labels.buildKeepingLast();
  }

  LaunchEndpoints endpoints() {
    return new LaunchEndpoints(
        endpoint(LaunchVariable.DATAFLOW_ENDPOINT),
        endpoint(LaunchVariable.GCS_ENDPOINT),
        endpoint(LaunchVariable.BIGQUERY_ENDPOINT));
  }

  /** Ends like the default: Google's clients differ in whether an address ends with a slash. */
  private String endpoint(LaunchVariable variable) {
    String address = Objects.requireNonNullElse(optional(variable, ENDPOINT), "");
    String bare = CharMatcher.is('/').trimTrailingFrom(address);
    return variable.defaultValue().endsWith("/") ? bare + "/" : bare;
  }
}
