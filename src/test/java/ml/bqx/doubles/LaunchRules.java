package ml.bqx.doubles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import ml.bqx.doubles.StoreCall.Refusal;

/**
 * What Dataflow refuses in a launch, by its documentation: names and labels of jobs
 * (https://cloud.google.com/dataflow/docs/reference/rest/v1b3/projects.jobs), parameters that the
 * template's metadata does not allow
 * (https://cloud.google.com/dataflow/docs/guides/templates/using-flex-templates), and values of the
 * runtime environment.
 */
final class LaunchRules {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,1022}[a-z0-9])?");
  private static final Pattern TEMPLATE =
      Pattern.compile("gs://[a-z0-9._-]+/(?:\\S+/)?(\\w+)\\.json");
  private static final Pattern LABEL = Pattern.compile("[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]*");
  private static final Pattern LABEL_VALUE = Pattern.compile("[\\p{Ll}\\p{Lo}\\p{N}_-]*");
  private static final int LONGEST_LABEL = 63;
  private static final int MOST_LABELS = 64;

  /** Only for doubles, which have addresses of their own. */
  private static final Set<String> ENDPOINTS = Set.of("gcsEndpoint", "bigQueryEndpoint");

  /** Fields of the runtime environment, and what their values are like. */
  private static final Map<String, Pattern> ENVIRONMENT =
      Map.of(
          "serviceAccountEmail", Pattern.compile("[a-z0-9-]+@[a-z0-9.-]+"),
          "kmsKeyName",
              Pattern.compile("projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+"),
          "subnetwork",
              Pattern.compile("(https://\\S+/)?(projects/[^/]+/)?regions/[^/]+/subnetworks/[^/]+"),
          "ipConfiguration", Pattern.compile("WORKER_IP_(PUBLIC|PRIVATE)"),
          "flexrsGoal", Pattern.compile("FLEXRS_(COST|SPEED)_OPTIMIZED"),
          "tempLocation", Pattern.compile("gs://\\S+"),
          "stagingLocation", Pattern.compile("gs://\\S+"));

  private LaunchRules() {}

  static void check(JsonNode launch) throws IOException, Refusal {
    String name = launch.path("jobName").asText();
    refuseUnless(NAME.matcher(name).matches(), "The job name is invalid: " + name);
    Matcher template = TEMPLATE.matcher(launch.path("containerSpecGcsPath").asText());
    refuseUnless(template.matches(), "Unable to open template file: " + launch);
    checkParameters(template.group(1), launch.path("parameters"));
    checkEnvironment(launch.path("environment"));
  }

  private static void checkParameters(String template, JsonNode given) throws IOException, Refusal {
    Path file = Path.of("templates", template + "-metadata.json");
    Map<String, JsonNode> known =
        StreamSupport.stream(
                JSON.readTree(Files.readString(file)).get("parameters").spliterator(), false)
            .collect(Collectors.toMap(each -> each.get("name").asText(), each -> each));
    Set<String> problems = new TreeSet<>();
    for (Map.Entry<String, JsonNode> parameter : given.properties()) {
      String name = parameter.getKey();
      String value = parameter.getValue().asText();
      if (!known.containsKey(name) && !ENDPOINTS.contains(name)) {
        problems.add(name + ": Unrecognized parameter");
      } else if (!ENDPOINTS.contains(name) && !matches(known.get(name), value)) {
        problems.add("%s: Does not match the regex: %s".formatted(name, value));
      }
    }

    known.values().stream()
        .filter(each -> !each.path("isOptional").asBoolean())
        .map(each -> each.get("name").asText())
        .filter(name -> !given.has(name))
        .forEach(name -> problems.add(name + ": Missing required parameter"));
    refuseUnless(problems.isEmpty(), "The template parameters are invalid. Details: " + problems);
  }

  private static boolean matches(JsonNode metadata, String value) {
    return StreamSupport.stream(metadata.path("regexes").spliterator(), false)
        .allMatch(regex -> Pattern.matches(regex.asText(), value));
  }

  private static void checkEnvironment(JsonNode environment) throws Refusal {
    for (Map.Entry<String, Pattern> field : ENVIRONMENT.entrySet()) {
      JsonNode value = environment.path(field.getKey());
      refuseUnless(
          value.isMissingNode() || field.getValue().matcher(value.asText()).matches(),
          "Invalid value of %s: %s".formatted(field.getKey(), value));
    }

    int most = environment.path("maxWorkers").asInt(1);
    int first = environment.path("numWorkers").asInt(1);
    refuseUnless(most >= 1 && first <= most, "numWorkers must be at most maxWorkers");
    refuseUnless(
        !environment.has("workerZone") || !environment.has("workerRegion"),
        "workerZone and workerRegion exclude each other");
    checkLabels(environment.path("additionalUserLabels"));
  }

  private static void checkLabels(JsonNode labels) throws Refusal {
    refuseUnless(labels.size() <= MOST_LABELS, "More than 64 labels");
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      String key = label.getKey();
      String value = label.getValue().asText();
      refuseUnless(
          LABEL.matcher(key).matches()
              && LABEL_VALUE.matcher(value).matches()
              && key.length() <= LONGEST_LABEL
              && value.length() <= LONGEST_LABEL,
          "Invalid label: %s=%s".formatted(key, value));
    }
  }

  private static void refuseUnless(boolean right, String problem) throws Refusal {
    if (!right) {
      throw new Refusal(400, "badRequest", problem);
    }
  }
}
