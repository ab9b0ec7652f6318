package ml.bqx.cli;

import com.google.common.primitives.Primitives;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.bqx.options.CommandOptions;
import ml.bqx.options.declaration.Description;
import ml.bqx.options.declaration.Required;
import ml.bqx.options.declaration.TemplateParameter;

/**
 * One option of this program, as its getter declares it.
 *
 * @param name without the two dashes
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
   * The options of an interface and of those it extends: group by group, the required ones first in
   * each, then by name; those of every command come last.
   */
  public static Map<String, CommandOption> of(Class<? extends CommandOptions> type) {
    CommandOptions defaults = OptionValues.of(type, Map.of(), List.of());
    Map<String, CommandOption> options = new LinkedHashMap<>();
    collect(type, defaults, options);
    collect(CommandOptions.class, defaults, options);
    return options;
  }

  /** Names of the options of an interface with their types. */
  public static Map<String, Class<?>> types(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(CommandOption::isOption)
        .collect(Collectors.toMap(CommandOption::name, Method::getReturnType));
  }

  static boolean isOption(Method method) {
    return method.isAnnotationPresent(Description.class);
  }

  /** The option that a getter reads. */
  static String name(Method getter) {
    String name = getter.getName();
    int start = name.startsWith("is") ? 2 : 3;
    return Character.toLowerCase(name.charAt(start)) + name.substring(start + 1);
  }

  private static void collect(
      Class<?> type, CommandOptions defaults, Map<String, CommandOption> options) {
    for (Class<?> parent : type.getInterfaces()) {
      if (parent != CommandOptions.class) {
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

  private static CommandOption of(Method getter, CommandOptions defaults) {
    return new CommandOption(
        name(getter),
        Primitives.unwrap(getter.getReturnType()),
        getter.getAnnotation(Description.class).value(),
        getter.isAnnotationPresent(Required.class),
        defaultValue(getter, defaults),
        Optional.ofNullable(getter.getAnnotation(TemplateParameter.class))
            .map(TemplateParameter::value),
        getter.getDeclaringClass());
  }

  private static String defaultValue(Method getter, CommandOptions defaults) {
    try {
      return Objects.toString(getter.invoke(defaults), "");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read the default of " + getter, e);
    }
  }

  public boolean isFlag() {
    return syntax().isFlag();
  }

  public boolean isNumber() {
    return syntax().isNumber();
  }

  /** How the option is written, for example {@code --layout=aligned|sharded}. */
  public String usage() {
    return syntax().usage();
  }

  /** Whether its value is one of a few words. */
  public boolean hasChoices() {
    return syntax().hasChoices();
  }

  /** The words that its value may be. */
  public String choices(String separator) {
    return syntax().choices(separator);
  }

  private OptionSyntax syntax() {
    return new OptionSyntax(name, type);
  }
}
