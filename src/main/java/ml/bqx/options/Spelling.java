package ml.bqx.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import ml.bqx.failure.InvalidInputException;

/** How the constants of our enums are written on the command line: in lower case, read in any. */
public final class Spelling {
  private Spelling() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  public static <E extends Enum<E>> E parse(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text.strip())) {
        return constant;
      }
    }

    throw new InvalidInputException("not one of " + all(type));
  }

  /** All constants of a type, with commas between them. */
  public static String all(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Spelling::of)
        .collect(Collectors.joining(", "));
  }
}
