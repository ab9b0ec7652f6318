package ml.bqx.catalog;

import java.util.regex.Pattern;

/** Names that every warehouse, Parquet reader, data frame and trainer takes without quoting. */
public final class Identifier {
  /** What such a name is, for messages. */
  public static final String RULE = "letters, digits and underscores";

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Identifier() {}

  /** Whether a name is one. */
  public static boolean isValid(String name) {
    return IDENTIFIER.matcher(name).matches();
  }

  /**
   * The name with an underscore in place of every character that is not allowed, and in front of a
   * digit that it begins with.
   */
  public static String of(String name) {
    String replaced = name.replaceAll("[^A-Za-z0-9_]", "_");
    return isValid(replaced) ? replaced : "_" + replaced;
  }
}
