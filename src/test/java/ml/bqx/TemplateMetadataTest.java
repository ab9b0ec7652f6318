package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.model.ContainerSpec;
import com.google.api.services.dataflow.model.ParameterMetadata;
import com.google.api.services.dataflow.model.SDKInfo;
import com.google.api.services.dataflow.model.TemplateMetadata;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.TemplateMetadataMain.Template;
import ml.bqx.catalog.Pair;
import ml.bqx.cli.CommandOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The metadata in {@code templates/}, against the options and against Dataflow's own classes. */
class TemplateMetadataTest {
  private static final Path DIRECTORY = Path.of("templates");

  /** The values of {@code ParameterType} in the API that are of use here. */
  private static final Set<String> TYPES =
      Set.of("TEXT", "NUMBER", "BOOLEAN", "ENUM", "GCS_READ_FOLDER", "GCS_WRITE_FOLDER");

  static List<Template> templates() {
    return TemplateMetadataMain.TEMPLATES;
  }

  @ParameterizedTest
  @MethodSource("templates")
  void fileIsWhatTheOptionsSay(Template template) throws IOException {
    assertThat(Files.readString(DIRECTORY.resolve(template.file())))
        .as("an option has changed: make metadata writes templates/%s again", template.file())
        .isEqualTo(TemplateMetadataMain.json(template));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void everyOptionIsAParameterAndEveryParameterAnOption(Template template) throws IOException {
    Set<String> getters =
        Arrays.stream(template.options().getMethods())
            .map(Method::getName)
            .filter(name -> name.matches("(get|is)[A-Z].*"))
            .map(name -> name.replaceFirst("get|is", ""))
            .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
            .filter(name -> !TemplateMetadataMain.isBeams(name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(parameters(template).keySet()).containsExactlyInAnyOrderElementsOf(getters);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void everyRegexAcceptsTheDefault(Template template) throws IOException {
    Map<String, ParameterMetadata> parameters = parameters(template);
    Map<String, CommandOption> options = CommandOption.of(template.options());
    assertThat(parameters).isNotEmpty();
    parameters.forEach(
        (name, parameter) -> {
          String value = options.get(name).defaultValue();
          if (!value.isEmpty()) {
            assertThat(accepts(parameter, value)).as("%s=%s", name, value).isTrue();
            assertThat(parameter.getDefaultValue()).as(name).isEqualTo(value);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("templates")
  void everyParameterTellsWhatItIs(Template template) throws IOException {
    assertThat(parameters(template).values())
        .allSatisfy(
            parameter -> {
              assertThat(parameter.getLabel()).isNotBlank();
              assertThat(parameter.getHelpText()).as(parameter.getName()).endsWith(".");
              assertThat(parameter.getParamType()).isIn(TYPES);
              assertThat(parameter.getGroupName()).isNotBlank();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "extract, pair, eurusd, EUR/USD",
    "extract, startDate, 2024-02-29, 29.2.2024",
    "extract, endDate, 2024-02-29, 2024-2-29",
    "extract, checkpoints, gs://bucket/a/b, /tmp/checkpoints",
    "extract, checkpoints, gs://bucket/, gs://bucket/a*",
    "extract, featuresDataset, bqx_ml_v3_features_v2, project.dataset",
    "extract, onDuplicate, last, newest",
    "extract, limit, 100, -1",
    "extract, force, true, yes",
    "merge, output, gs://bucket, gs:/bucket",
    "merge, mergeMethod, beam, spark"
  })
  void regexesAcceptTheRightAndRefuseTheWrong(
      String template, String name, String right, String wrong) throws IOException {
    ParameterMetadata parameter = parameters(template(template)).get(name);

    assertThat(accepts(parameter, right)).as("%s=%s", name, right).isTrue();
    assertThat(accepts(parameter, wrong)).as("%s=%s", name, wrong).isFalse();
  }

  @Test
  void whatDataflowSetsItselfIsNoParameter() {
    assertThat(TemplateMetadataMain.isBeams("project")).isTrue();
    assertThat(TemplateMetadataMain.isBeams("pair")).isFalse();
  }

  @Test
  void everyPairIsAccepted() throws IOException {
    ParameterMetadata parameter = parameters(template("extract")).get("pair");

    assertThat(Pair.ALL).allMatch(pair -> accepts(parameter, pair.name()));
  }

  @Test
  void mergeReadsCheckpointsWhereExtractWritesThem() throws IOException {
    assertThat(parameters(template("extract")).get("checkpoints").getParamType())
        .isEqualTo("GCS_WRITE_FOLDER");
    assertThat(parameters(template("merge")).get("checkpoints").getParamType())
        .isEqualTo("GCS_READ_FOLDER");
  }

  @ParameterizedTest
  @MethodSource("templates")
  void specOfTheTemplateParsesStrictly(Template template) throws IOException {
    String spec =
        GsonFactory.getDefaultInstance()
            .toString(
                new ContainerSpec()
                    .setImage("region-docker.pkg.dev/project/bqx-ml/extract:1")
                    .setSdkInfo(new SDKInfo().setLanguage("JAVA"))
                    .setMetadata(metadata(template)));

    ContainerSpec parsed = StrictModel.json(spec, ContainerSpec.class);

    assertThat(parsed.getMetadata().getParameters())
        .hasSameSizeAs(metadata(template).getParameters());
  }

  @Test
  void keyThatTheApiDoesNotKnowIsFound() {
    String misspelt = "{\"name\": \"x\", \"parameters\": [{\"name\": \"y\", \"helptext\": \"z\"}]}";

    assertThatThrownBy(() -> StrictModel.json(misspelt, TemplateMetadata.class))
        .hasMessage("The API does not know: TemplateMetadata.parameters[].helptext");
  }

  @Test
  void mainWritesAllFiles(@TempDir Path directory) throws IOException {
    TemplateMetadataMain.main(new String[] {directory.toString()});

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files)
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder("extract-metadata.json", "merge-metadata.json");
    }
  }

  static boolean accepts(ParameterMetadata parameter, String value) {
    return parameter.getRegexes() == null
        || parameter.getRegexes().stream().allMatch(value::matches);
  }

  private static Template template(String name) {
    return templates().stream()
        .filter(template -> template.file().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, ParameterMetadata> parameters(Template template) throws IOException {
    return metadata(template).getParameters().stream()
        .collect(Collectors.toMap(ParameterMetadata::getName, Function.identity()));
  }

  private static TemplateMetadata metadata(Template template) throws IOException {
    return StrictModel.json(
        Files.readString(DIRECTORY.resolve(template.file())), TemplateMetadata.class);
  }
}
