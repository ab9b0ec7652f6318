package ml.bqx.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import ml.bqx.options.CommandOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values behind an interface of options.
 *
 * @param values of the options that were given, by name
 * @param beamArguments the options that are not ours
 */
record OptionValues(Map<String, Object> values, List<String> beamArguments)
    implements InvocationHandler {
  /** The options of an interface. */
  static <O extends CommandOptions> O of(
      Class<O> type, Map<String, Object> values, List<String> beamArguments) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new OptionValues(Map.copyOf(values), List.copyOf(beamArguments))));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(this, arguments);
    }

    if (method.getName().equals("beamArguments")) {
      return beamArguments;
    }

    Object value = values.get(CommandOption.name(method));
    if (value != null) {
      return value;
    }

    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }

    return method.getReturnType() == boolean.class ? false : null;
  }
}
