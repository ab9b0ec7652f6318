package ml.bqx.options.declaration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an option of a getter, and explains it to users. On an interface: the heading of its
 * options. A default method gives the default of the option; without one it is null or false.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Description {
  /** Sentences for {@code --help} and the reference of all commands. */
  String value();
}
