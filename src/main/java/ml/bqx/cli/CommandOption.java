package ml.bqx.cli;

import com.google.common.primitives.Primitives;
import java.beans.Introspector;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.bqx.options.CommandOptions;
import ml.bqx.options.TemplateParameter;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation;

/**
 * One option of ours, as its getter declares it.
 *
 * @param name as it is written behind the two dashes
 * @param type what its value is turned into
 * @param description what it does
 * @param required whether it must be given
 * @param defaultValue what it is when not given, as text; empty when it then is nothing
 * @param templateRegex what a Flex Template demands of it, when it is text
 * @param group the interface that declares it
 */
public record CommandOption(
    String name,
    Class<?> type,
    String description,
    boolean required,
    String defaultValue,
    Optional<String> templateRegex,
    Class<?> group) {

  /**
   * The options of an interface and of those it extends, but not Beam's own: group by group, the
   * required ones first in each, then by name; those of every command come last.
   */
  public static Map<String, CommandOption> of(Class<? extends PipelineOptions> type) {
    PipelineOptions defaults = PipelineOptionsFactory.as(type);
    Map<String, CommandOption> options = new LinkedHashMap<>();
    collect(type, defaults, options);
    if (CommandOptions.class.isAssignableFrom(type)) {
      collect(CommandOptions.class, defaults, options);
    }

    return options;
  }

  /** Names of the options of an interface with their types, without loading anything of Beam's. */
  public static Map<String, Class<?>> types(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(CommandOption::isOption)
        .collect(Collectors.toMap(CommandOption::name, Method::getReturnType));
  }

  private static boolean isOption(Method method) {
    return method.getParameterCount() == 0
        && method.isAnnotationPresent(Description.class)
        && method.getDeclaringClass() != PipelineOptions.class;
  }

  private static String name(Method getter) {
    return Introspector.decapitalize(getter.getName().replaceFirst("^(get|is)", ""));
  }

  private static void collect(
      Class<?> type, PipelineOptions defaults, Map<String, CommandOption> options) {
    for (Class<?> parent : type.getInterfaces()) {
      if (parent != PipelineOptions.class && parent != CommandOptions.class) {
        collect(parent, defaults, options);
      }
    }

    Arrays.stream(type.getDeclaredMethods())
        .filter(CommandOption::isOption)
        .map(method -> of(method, defaults))
        .sorted(
            Comparator.comparing(CommandOption::required)
                .reversed()
                .thenComparing(CommandOption::name))
        .forEach(option -> options.putIfAbsent(option.name, option));
  }

  private static CommandOption of(Method getter, PipelineOptions defaults) {
    return new CommandOption(
        name(getter),
        Primitives.unwrap(getter.getReturnType()),
        getter.getAnnotation(Description.class).value(),
        getter.isAnnotationPresent(Validation.Required.class),
        defaultValue(getter, defaults),
        Optional.ofNullable(getter.getAnnotation(TemplateParameter.class))
            .map(TemplateParameter::value),
        getter.getDeclaringClass());
  }

  private static String defaultValue(Method getter, PipelineOptions defaults) {
    try {
      return Objects.toString(getter.invoke(defaults), "");
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot read the default of " + getter, e);
    }
  }

  public boolean isFlag() {
    return type == boolean.class;
  }

  public boolean isNumber() {
    return type == int.class || type == long.class || type == double.class;
  }

  /** How the option is written, for example {@code --layout=aligned|sharded}. */
  public String usage() {
    return isFlag() ? "--" + name : "--" + name + "=" + placeholder();
  }

  /** What is wrong with a value that cannot be turned into the option's type. */
  String mismatch(String value) {
    if (type.isEnum()) {
      return "not one of " + choices(", ");
    }

    if (isFlag()) {
      return "not true or false";
    }

    if (type == double.class) {
      return "not a number";
    }

    return value.matches("[+-]?\\d+") ? "the number is too large" : "not a whole number";
  }

  private String placeholder() {
    if (type.isEnum()) {
      return choices("|");
    }

    return type == String.class ? "TEXT" : "NUMBER";
  }

  private String choices(String separator) {
    return Arrays.stream(type.getEnumConstants())
        .map(Object::toString)
        .collect(Collectors.joining(separator));
  }
}
