package ml.bqx.cli;

import com.google.common.primitives.Primitives;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.bqx.options.CommandOptions;
import ml.bqx.options.Spelling;

/**
 * How an option is written on a command line: all that is needed to take its value.
 *
 * @param name without the two dashes
 * @param type what its value is turned into
 */
record OptionSyntax(String name, Class<?> type) {
  /** Begins the names of most getters. */
  private static final String GETTER = "get";

  /** The option of that name, without looking at what else there is: few are given of many. */
  static Optional<OptionSyntax> find(Class<? extends CommandOptions> options, String name) {
    return Arrays.stream(options.getMethods())
        .filter(getter -> isNamed(getter, name) && CommandOption.isOption(getter))
        .map(getter -> new OptionSyntax(name, Primitives.unwrap(getter.getReturnType())))
        .findFirst();
  }

  private static boolean isNamed(Method getter, String name) {
    return getter.getName().length() > GETTER.length() && CommandOption.name(getter).equals(name);
  }

  boolean isFlag() {
    return type == boolean.class;
  }

  boolean isNumber() {
    return type == int.class || type == long.class || type == double.class;
  }

  /** How the option is written, for example {@code --layout=aligned|sharded}. */
  String usage() {
    return isFlag() ? "--" + name : "--" + name + "=" + placeholder();
  }

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException when it stands for none
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  Object parse(String text) {
    if (type.isEnum()) {
      return Spelling.parse((Class) type, text);
    }

    if (isFlag()) {
      return parseFlag(text);
    }

    if (type == int.class) {
      return Integer.parseInt(text);
    }

    if (type == long.class) {
      return Long.parseLong(text);
    }

    return type == double.class ? Double.parseDouble(text) : text;
  }

  private static boolean parseFlag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
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

  /** Whether its value is one of a few words. */
  boolean hasChoices() {
    return type.isEnum();
  }

  /** The words that its value may be. */
  String choices(String separator) {
    return Arrays.stream(type.getEnumConstants())
        .map(Object::toString)
        .collect(Collectors.joining(separator));
  }
}
