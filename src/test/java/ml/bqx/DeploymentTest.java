package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.cloudbuild.v1.model.Build;
import com.google.api.services.cloudbuild.v1.model.BuildStep;
import com.google.api.services.run.v1.model.Container;
import com.google.api.services.run.v1.model.EnvVar;
import com.google.api.services.run.v1.model.Job;
import com.google.api.services.run.v1.model.RunJobRequest;
import com.google.api.services.run.v1.model.TaskSpec;
import com.google.api.services.storage.model.Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.launch.LaunchKind;
import ml.bqx.launch.LaunchVariable;
import ml.bqx.options.MergeMethod;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deployed to the cloud, against the model classes of the services that take it. */
@ExtendWith(SampleSets.class)
class DeploymentTest {
  private static final Path DEPLOY = Path.of("deploy");

  /** What {@code make deploy} fills in. */
  private static final Pattern FILLED =
      Pattern.compile(
          "\\$\\{(PROJECT|REGION|DATA_BUCKET|TEMP_BUCKET|JOBS_BUCKET|REPOSITORY|VERSION)}");

  private static final Map<LaunchKind, Set<LaunchVariable>> MEANINGLESS =
      Map.of(
          LaunchKind.EXTRACT,
          Set.of(
              LaunchVariable.GCS_OUTPUT_BUCKET,
              LaunchVariable.MERGE_METHOD,
              LaunchVariable.MERGE_TEMPLATE,
              LaunchVariable.MERGE_WORKERS,
              LaunchVariable.MIN_CHECKPOINTS,
              LaunchVariable.EXPECTED_FEATURES,
              LaunchVariable.EXPECTED_TARGETS,
              LaunchVariable.MIN_ROWS),
          LaunchKind.MERGE,
          Set.of(
              LaunchVariable.EXTRACT_TEMPLATE,
              LaunchVariable.EXTRACTION_WORKERS,
              LaunchVariable.WAVES,
              LaunchVariable.EXPECTED_CHECKPOINTS,
              LaunchVariable.MIN_CHECKPOINT_BYTES));

  static List<String> jobs() throws IOException {
    try (Stream<Path> files = Files.list(DEPLOY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("bqx-ml-"))
          .map(name -> name.replace(".yaml", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void jobsRunHereOrOnDataflow() throws IOException {
    assertThat(jobs())
        .containsExactly(
            "bqx-ml-extract",
            "bqx-ml-extract-here",
            "bqx-ml-merge",
            "bqx-ml-merge-beam",
            "bqx-ml-merge-large");
  }

  @ParameterizedTest
  @CsvSource({
    "bqx-ml-extract, extract, 1, 512Mi, 7200, launcher, launcher",
    "bqx-ml-extract-here, extract, 4, 8Gi, 7200, worker, worker",
    "bqx-ml-merge, merge, 1, 2Gi, 1800, polars, worker",
    "bqx-ml-merge-beam, merge, 1, 512Mi, 7200, launcher, launcher",
    "bqx-ml-merge-large, merge, 8, 32Gi, 3600, polars, worker"
  })
  void manifestsAreCloudRunJobsOfTheirSize(
      String name,
      String kind,
      String cpu,
      String memory,
      long seconds,
      String image,
      String account)
      throws IOException {
    Job job = StrictModel.yaml(DEPLOY.resolve(name + ".yaml"), Job.class);
    TaskSpec task = task(job);

    assertThat(job.getApiVersion()).isEqualTo("run.googleapis.com/v1");
    assertThat(job.getKind()).isEqualTo("Job");
    assertThat(job.getMetadata().getName()).isEqualTo(name);
    assertThat(task.getTimeoutSeconds()).isEqualTo(seconds);
    assertThat(task.getMaxRetries()).isEqualTo(3);
    assertThat(task.getServiceAccountName())
        .isEqualTo("bqx-ml-" + account + "@${PROJECT}.iam.gserviceaccount.com");
    assertThat(task.getContainers()).hasSize(1);
    Container container = task.getContainers().get(0);
    assertThat(container.getImage()).isEqualTo("${REPOSITORY}/" + image + ":${VERSION}");
    // Arguments of an execution replace those of the manifest.
    assertThat(container.getArgs()).isNull();
    assertThat(container.getEnv().get(0))
        .isEqualTo(new EnvVar().setName(LaunchVariable.LAUNCH.name()).setValue(kind));
    assertThat(container.getResources().getLimits())
        .isEqualTo(Map.of("cpu", cpu, "memory", memory));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void manifestsSetOnlyVariablesThatTheLauncherKnows(String name) throws IOException {
    Job job = StrictModel.yaml(DEPLOY.resolve(name + ".yaml"), Job.class);
    Container container = task(job).getContainers().get(0);
    LaunchKind kind = name.contains("extract") ? LaunchKind.EXTRACT : LaunchKind.MERGE;

    assertThat(container.getEnv())
        .isNotEmpty()
        .allSatisfy(
            variable ->
                assertThat(LaunchVariable.valueOf(variable.getName()))
                    .isNotIn(MEANINGLESS.get(kind)));
    assertThat(container.getEnv().stream().map(EnvVar::getName)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void manifestsHaveNothingToFillInThatMakeDoesNot(String name) throws IOException {
    String manifest = Files.readString(DEPLOY.resolve(name + ".yaml"));

    // The first lines tell people about the braces.
    String content = manifest.substring(manifest.indexOf("apiVersion"));
    assertThat(FILLED.matcher(content).replaceAll("x")).doesNotContain("$");
    assertThat(manifest).containsPattern(FILLED);
  }

  @Test
  void heapsFitTheirContainers() throws IOException {
    assertThat(LauncherImage.javaOptions("worker")).contains("-XX:MaxRAMPercentage=50");
    // LauncherJarTest measures all of its memory.
    assertThat(LauncherImage.javaOptions("launcher")).contains("-Xmx48m");
  }

  @Test
  void workflowRunsMergeAfterExtractByJobsThatExist() throws IOException {
    Map<String, Object> workflow = StrictModel.yaml(DEPLOY.resolve("workflow.yaml"));
    String text = Files.readString(DEPLOY.resolve("workflow.yaml"));

    assertThat(workflow.keySet()).containsExactly("main", "runJob");
    assertThat(text.indexOf("extractPair:")).isPositive().isLessThan(text.indexOf("mergePair:"));
    List<String> named =
        Pattern.compile("bqx-ml-[a-z-]+").matcher(text).results().map(m -> m.group()).toList();
    assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(jobs()).contains(name));
    assertThat(Pattern.compile("- name: ([A-Z_]+)").matcher(text).results().map(m -> m.group(1)))
        .containsExactly("PAIR", "PAIR", "MERGE_METHOD")
        .isSubsetOf(Stream.of(LaunchVariable.values()).map(Enum::name).toList());
    assertThat(calls(workflow))
        .containsOnly("runJob", "googleapis.run.v1.namespaces.jobs.run")
        .hasSize(3);
  }

  @Test
  void workflowKnowsAllPairs() throws IOException {
    assertThat(
            Pattern.compile("^ +- ([a-z]{6})$", Pattern.MULTILINE)
                .matcher(Files.readString(DEPLOY.resolve("workflow.yaml")))
                .results()
                .map(match -> match.group(1)))
        .containsExactlyElementsOf(Pair.ALL.stream().map(Pair::name).toList());
  }

  @Test
  void workflowsRequestIsOneOfCloudRun() throws IOException {
    Map<String, Object> workflow = StrictModel.yaml(DEPLOY.resolve("workflow.yaml"));
    Map<?, ?> run = (Map<?, ?>) find(workflow.get("runJob"), "args");

    RunJobRequest request =
        StrictModel.json(
            GsonFactory.getDefaultInstance()
                .toString(run.get("body"))
                .replace("\"${variables}\"", "[]"),
            RunJobRequest.class);

    assertThat(request.getOverrides().getContainerOverrides()).hasSize(1);
    assertThat(run.keySet().stream().map(Object::toString))
        .containsExactlyInAnyOrder("name", "location", "body", "connector_params");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lifecycle-data.json", "lifecycle-temp.json", "lifecycle-jobs.json"})
  void lifecycleRulesOnlyDelete(String file) throws IOException {
    assertThat(lifecycle(file).getRule())
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.getAction().getType()).isEqualTo("Delete"))
        .allSatisfy(rule -> assertThat(rule.getCondition().getMatchesPrefix()).isNotEmpty());
  }

  @Test
  void temporariesGoAfterADayAndReplacedFilesToo() throws IOException {
    List<Bucket.Lifecycle.Rule> rules = lifecycle("lifecycle-data.json").getRule();
    Set<String> temporaries =
        Stream.concat(
                Stream.of("training/" + Storage.TEMPORARY + "/"),
                Pair.ALL.stream()
                    .map(pair -> "checkpoints/%s/%s/".formatted(pair, Storage.TEMPORARY)))
            .collect(Collectors.toSet());

    assertThat(rules).hasSize(2);
    assertThat(rules.get(0).getCondition().getAge()).isEqualTo(1);
    assertThat(rules.get(0).getCondition().getMatchesPrefix())
        .containsExactlyInAnyOrderElementsOf(temporaries);
    assertThat(rules.get(1).getCondition().getAge()).isNull();
    assertThat(rules.get(1).getCondition().getDaysSinceNoncurrentTime()).isEqualTo(1);
  }

  /**
   * An extraction keeps what has not changed, so that checkpoints are older than their manifest.
   */
  @Test
  void noRuleTakesAFileFromASetWhateverItsAge(SampleSets.Sets sets) throws IOException {
    List<Bucket.Lifecycle.Rule> ages =
        lifecycle("lifecycle-data.json").getRule().stream()
            .filter(rule -> rule.getCondition().getDaysSinceNoncurrentTime() == null)
            .toList();
    List<String> set =
        Workplace.filesBelow(sets.aligned().checkpoints()).stream()
            .map(file -> "checkpoints/" + file)
            .toList();

    assertThat(set).contains("checkpoints/eurusd/_manifest.json").hasSizeGreaterThan(30);
    assertThat(ages)
        .isNotEmpty()
        .allSatisfy(
            rule ->
                assertThat(rule.getCondition().getMatchesPrefix())
                    .noneMatch(prefix -> set.stream().anyMatch(file -> file.startsWith(prefix))));
  }

  @Test
  void dataflowJobsOfAllTasksStayBelowTheQuotaOfAProject() throws IOException {
    int jobs = 25;
    int perPair = Integer.parseInt(LaunchVariable.MAX_CONCURRENT_JOBS.defaultValue());
    int extractions = parallelism("bqx-ml-extract");
    Matcher limit =
        Pattern.compile("concurrency_limit: (\\d+)")
            .matcher(Files.readString(DEPLOY.resolve("workflow.yaml")));

    assertThat(limit.find()).isTrue();
    assertThat(extractions * perPair).isPositive().isLessThanOrEqualTo(jobs);
    assertThat(parallelism("bqx-ml-merge-beam")).isPositive().isLessThanOrEqualTo(jobs);
    assertThat(Integer.parseInt(limit.group(1)) * perPair).isPositive().isLessThanOrEqualTo(jobs);
  }

  private static int parallelism(String name) throws IOException {
    return StrictModel.yaml(DEPLOY.resolve(name + ".yaml"), Job.class)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getParallelism();
  }

  @Test
  void cloudBuildMakesEveryImageThatIsDeployed() throws IOException {
    Build build = StrictModel.yaml(Path.of("cloudbuild.yaml"), Build.class);
    List<String> ids = build.getSteps().stream().map(BuildStep::getId).toList();

    assertThat(ids)
        .containsExactly(
            "jar",
            "launcher",
            "worker",
            "polars",
            "templates",
            "scan-launcher",
            "scan-worker",
            "scan-polars",
            "scan-extract",
            "scan-merge");
    assertThat(build.getOptions().getRequestedVerifyOption()).isEqualTo("VERIFIED");
    for (BuildStep scan : build.getSteps().subList(5, 10)) {
      String image = scan.getId().replace("scan-", "");
      boolean isTemplate = List.of("extract", "merge").contains(image);
      assertThat(scan.getWaitFor()).containsExactly(isTemplate ? "templates" : image);
      assertThat(scan.getArgs())
          .containsExactly(
              "deploy/scan.sh", "${_REPOSITORY}/%s:${_VERSION}".formatted(image), "${_SEVERITY}");
    }

    assertThat(build.getImages())
        .containsExactly(
            "${_REPOSITORY}/launcher:${_VERSION}",
            "${_REPOSITORY}/worker:${_VERSION}",
            "${_REPOSITORY}/polars:${_VERSION}",
            "${_REPOSITORY}/polars:cache",
            "${_REPOSITORY}/extract:${_VERSION}",
            "${_REPOSITORY}/merge:${_VERSION}");
    assertThat(build.getSteps().subList(1, 5))
        .allSatisfy(step -> assertThat(step.getWaitFor()).containsExactly("jar"));
    assertThat(build.getSteps().subList(1, 4))
        .allSatisfy(
            step -> {
              assertThat(Path.of(argument(step, "--file="))).exists();
              assertThat(build.getImages()).contains(argument(step, "--tag="));
            });
    assertThat(build.getSteps().get(4).getArgs())
        .containsExactly(
            "deploy/templates.sh", "${_TEMPLATE_BASE}", "${_REPOSITORY}", "${_VERSION}");
  }

  /** A tag may stand for other bytes tomorrow. */
  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile.launcher", "Dockerfile.template"})
  void everyBaseIsPinnedByItsDigest(String file) throws IOException {
    Set<String> stages = new HashSet<>();
    List<String> lines = Files.readAllLines(Path.of(file));
    for (String line : lines) {
      Matcher from = Pattern.compile("FROM (\\S+)(?: AS (\\S+))?").matcher(line);
      if (!from.matches()) {
        continue;
      }

      String base = from.group(1);
      if (base.equals("${BASE}")) {
        // Without a default there is only what deploy/templates.sh passes, which TemplatesTest
        // runs.
        assertThat(lines).contains("ARG BASE");
      } else if (!stages.contains(base)) {
        assertThat(base).as(line).matches("[a-z.-]+:[\\w.-]+@sha256:[0-9a-f]{64}");
      }

      stages.add(from.group(2));
    }

    assertThat(stages).isNotEmpty();
  }

  @Test
  void imagesOfTheJobsArePinnedAndNotRoot() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("Dockerfile.launcher"));

    assertThat(lines.stream().filter(line -> line.matches("FROM .* AS base")))
        .singleElement()
        .asString()
        .matches("FROM [a-z-]+:[\\d.]+_\\d+-jre-[a-z]+@sha256:[0-9a-f]{64} AS base");
    for (String target : LauncherImage.targets()) {
      assertThat(LauncherImage.lines(target).filter(line -> line.startsWith("USER ")))
          .as(target)
          .last()
          .asString()
          .matches("USER [1-9]\\d*:[1-9]\\d*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile.launcher", "Dockerfile.template"})
  void imagesCopyOnlyJarsAndIgnoreAllElse(String file) throws IOException {
    List<String> sources =
        Files.readAllLines(Path.of(file)).stream()
            .filter(line -> line.startsWith("COPY ") || line.startsWith("ADD "))
            .map(line -> line.split(" ")[1])
            .toList();

    assertThat(sources)
        .isSubsetOf(
            "target/worker/lib",
            "target/worker/bqx-ml-worker.jar",
            "target/launcher/lib",
            "target/launcher/bqx-ml-launcher.jar");
    assertThat(Files.readAllLines(Path.of(".dockerignore")))
        .containsSubsequence("*", "!target/worker", "!target/launcher");
  }

  @Test
  void templatesOpenWhatTheJarOpens() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String opens = pom.replaceAll("(?s).*<jvm.opens>(.*)</jvm.opens>.*", "$1");

    assertThat(Files.readString(Path.of("Dockerfile.template")))
        .contains("JAVA_TOOL_OPTIONS=\"" + opens + "\"");
  }

  @Test
  void mergeJobsUseMethodsThatExist() throws IOException {
    assertThat(method("bqx-ml-merge-beam")).isEqualTo(MergeMethod.BEAM);
    assertThat(method("bqx-ml-merge")).isEqualTo(MergeMethod.STREAM);
    assertThat(method("bqx-ml-merge-large")).isEqualTo(MergeMethod.POLARS);
  }

  @Test
  void theImageHasThePolarsOfTheTests() throws IOException {
    String requirements = Files.readString(Path.of("emulators/requirements.txt"));
    Matcher version = Pattern.compile("polars==(\\S+)").matcher(requirements);

    assertThat(version.find()).isTrue();
    assertThat(LauncherImage.lines("polars")).anyMatch(line -> line.contains(version.group()));
  }

  private static MergeMethod method(String name) throws IOException {
    Job job = StrictModel.yaml(DEPLOY.resolve(name + ".yaml"), Job.class);
    String value =
        task(job).getContainers().get(0).getEnv().stream()
            .filter(variable -> variable.getName().equals(LaunchVariable.MERGE_METHOD.name()))
            .map(EnvVar::getValue)
            .findFirst()
            .orElseThrow();

    return Arrays.stream(MergeMethod.values())
        .filter(method -> method.toString().equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static TaskSpec task(Job job) {
    return job.getSpec().getTemplate().getSpec().getTemplate().getSpec();
  }

  private static Bucket.Lifecycle lifecycle(String file) throws IOException {
    return StrictModel.json(Files.readString(DEPLOY.resolve(file)), Bucket.Lifecycle.class);
  }

  private static String argument(BuildStep step, String prefix) {
    return step.getArgs().stream()
        .filter(arg -> arg.startsWith(prefix))
        .map(arg -> arg.substring(prefix.length()))
        .findFirst()
        .orElseThrow();
  }

  /** The names of all calls in a part of a workflow. */
  private static List<String> calls(Object part) {
    List<String> calls = new ArrayList<>();
    if (part instanceof Map<?, ?> map) {
      if (map.get("call") instanceof String call) {
        calls.add(call);
      }

      map.values().forEach(value -> calls.addAll(calls(value)));
    } else if (part instanceof List<?> list) {
      list.forEach(value -> calls.addAll(calls(value)));
    }

    return calls;
  }

  /** What stands under a key somewhere in a part of a workflow. */
  private static Object find(Object part, String key) {
    List<?> inner =
        part instanceof Map<?, ?> map
            ? List.copyOf(map.values())
            : part instanceof List<?> list ? list : List.of();
    if (part instanceof Map<?, ?> map && map.containsKey(key)) {
      return map.get(key);
    }

    return inner.stream()
        .map(value -> find(value, key))
        .filter(found -> found != null)
        .findFirst()
        .orElse(null);
  }
}
