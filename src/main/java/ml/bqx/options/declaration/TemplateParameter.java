package ml.bqx.options.declaration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a Flex Template requires of an option that is text. Numbers, flags and choices need none:
 * the type of the option says it all.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TemplateParameter {
  /** A pair, a name of {@code ml.bqx.catalog.Pair}. */
  String PAIR = "^[a-z]{6}$";

  /** A day, yyyy-mm-dd. */
  String DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

  /** A moment in UTC, to the second or finer, or none. */
  String MOMENT = "^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z|none)$";

  /** A wave of how many. */
  String WAVE = "^[0-9]{1,4}/[0-9]{1,4}$";

  /** A dataset of the warehouse. */
  String DATASET = "^[A-Za-z0-9_]+$";

  /** A folder of Cloud Storage, the only place that workers share. */
  String FOLDER = "^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/[^/*?{}\\[\\]]+)*/?$";

  /**
   * The regular expression of all values that can be right, in the syntax that JavaScript, RE2 and
   * Java share: the console and the service check it.
   */
  String value();
}
