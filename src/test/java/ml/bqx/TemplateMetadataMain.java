package ml.bqx;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.model.ParameterMetadata;
import com.google.api.services.dataflow.model.ParameterMetadataEnumOption;
import com.google.api.services.dataflow.model.TemplateMetadata;
import com.google.common.base.Ascii;
import com.google.common.base.CaseFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.bqx.cli.CommandOption;
import ml.bqx.options.CommandOptions;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.MergeOptions;
import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.TemplateParameter;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;

/**
 * Writes the metadata of the Flex Templates from the options of their pipelines, for {@code make
 * metadata}. Dataflow refuses a launch with a parameter that the metadata lacks.
 */
public final class TemplateMetadataMain {
  /**
   * A pipeline as a Flex Template.
   *
   * @param file name of the metadata's file
   * @param name the name that the console shows
   * @param options the interface of the pipeline's options
   * @param reads options that name a folder that must exist
   */
  record Template(
      String file,
      String name,
      String description,
      Class<? extends CommandOptions> options,
      Set<String> reads) {}

  static final List<Template> TEMPLATES =
      List.of(
          new Template(
              "extract-metadata.json",
              "bqx-ml extract",
              ExtractPipeline.COMMAND.purpose(),
              ExtractOptions.class,
              Set.of()),
          new Template(
              "merge-metadata.json",
              "bqx-ml merge",
              MergePipeline.COMMAND.purpose(),
              MergeOptions.class,
              Set.of("checkpoints")));

  private static final String NUMBER = "^[0-9]+$";
  private static final String FRACTION = "^[0-9]+([.][0-9]+)?$";
  private static final String FLAG = "^(true|false)$";

  private TemplateMetadataMain() {}

  /** Writes all files to the directory given as the only argument. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    for (Template template : TEMPLATES) {
      Files.writeString(directory.resolve(template.file), json(template));
    }
  }

  static String json(Template template) throws IOException {
    return GsonFactory.getDefaultInstance().toPrettyString(metadata(template)) + "\n";
  }

  private static TemplateMetadata metadata(Template template) {
    return new TemplateMetadata()
        .setName(template.name)
        .setDescription(template.description)
        .setParameters(
            CommandOption.of(template.options).values().stream()
                .filter(option -> !isBeams(option.name()))
                .map(option -> parameter(template, option))
                .toList());
  }

  /** Whether Beam has the option too, such as the project: Dataflow itself sets those. */
  static boolean isBeams(String name) {
    String setter = "set" + CaseFormat.LOWER_CAMEL.to(CaseFormat.UPPER_CAMEL, name);
    return Arrays.stream(DataflowPipelineOptions.class.getMethods())
        .anyMatch(method -> method.getName().equals(setter));
  }

  private static ParameterMetadata parameter(Template template, CommandOption option) {
    ParameterMetadata parameter =
        new ParameterMetadata()
            .setName(option.name())
            .setLabel(label(option.name()))
            .setHelpText(option.description())
            .setGroupName(option.group().getAnnotation(Description.class).value())
            .setIsOptional(!option.required())
            .setParamType(type(template, option));
    regex(option).ifPresent(regex -> parameter.setRegexes(List.of(regex)));
    if (!option.defaultValue().isEmpty()) {
      parameter.setDefaultValue(option.defaultValue());
    }

    if (option.type().isEnum()) {
      parameter.setEnumOptions(
          choices(option).stream()
              .map(choice -> new ParameterMetadataEnumOption().setValue(choice).setLabel(choice))
              .toList());
    }

    return parameter;
  }

  /** A name of {@code ParameterType} in Dataflow's API; the console chooses the input by it. */
  private static String type(Template template, CommandOption option) {
    if (option.type().isEnum()) {
      return "ENUM";
    }

    if (option.isFlag()) {
      return "BOOLEAN";
    }

    if (option.isNumber()) {
      return "NUMBER";
    }

    if (option.templateRegex().filter(TemplateParameter.FOLDER::equals).isPresent()) {
      return template.reads.contains(option.name()) ? "GCS_READ_FOLDER" : "GCS_WRITE_FOLDER";
    }

    return "TEXT";
  }

  private static Optional<String> regex(CommandOption option) {
    if (option.type().isEnum()) {
      return Optional.of("^(" + String.join("|", choices(option)) + ")$");
    }

    if (option.isFlag()) {
      return Optional.of(FLAG);
    }

    if (option.isNumber()) {
      return Optional.of(option.type() == double.class ? FRACTION : NUMBER);
    }

    return option.templateRegex();
  }

  private static List<String> choices(CommandOption option) {
    return Arrays.stream(option.type().getEnumConstants()).map(Object::toString).toList();
  }

  /** {@code rowGroupRows} as people write it: "Row group rows". */
  private static String label(String name) {
    String words = CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name).replace('_', ' ');
    return Ascii.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
