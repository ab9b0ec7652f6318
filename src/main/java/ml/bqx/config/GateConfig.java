package ml.bqx.config;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.bqx.options.GateOptions;
import ml.bqx.options.GatePolicy;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Which limits the data must keep.
 *
 * @param file with the limits; null when there are none
 * @param onGate what happens to data beyond them
 */
public record GateConfig(@Nullable String file, GatePolicy onGate) implements Serializable {
  static GateConfig from(GateOptions options, Checks checks) {
    String file = options.getGates();
    if (file == null && options.getOnGate() != GatePolicy.FAIL) {
      checks.wrong("onGate", options.getOnGate(), "needs --gates");
    }

    return new GateConfig(
        file == null ? null : checks.required("gates", file, "a YAML file", Locations::parse),
        options.getOnGate());
  }

  /** Whether the file is in Cloud Storage. */
  boolean isRemote() {
    return file != null && Locations.isRemote(file);
  }

  /** The options that were given, as they were written. */
  public Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    if (file != null) {
      given.put("gates", file);
      given.put("onGate", onGate.toString());
    }

    return given;
  }
}
