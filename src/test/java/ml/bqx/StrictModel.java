package ml.bqx;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.GenericData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Parses a file into a model class of one of Google's APIs and fails on keys that the API does not
 * know. Google's own parser keeps them without a word, and a service ignores or refuses them.
 */
final class StrictModel {
  private StrictModel() {}

  /** Parses JSON. */
  static <T extends GenericData> T json(String json, Class<T> type) throws IOException {
    T model = GsonFactory.getDefaultInstance().fromString(json, type);
    List<String> unknown = new ArrayList<>();
    collect(type.getSimpleName(), model, unknown);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("The API does not know: " + String.join(", ", unknown));
    }

    return model;
  }

  /** Parses a file of YAML. */
  static <T extends GenericData> T yaml(Path file, Class<T> type) throws IOException {
    return json(GsonFactory.getDefaultInstance().toString(yaml(file)), type);
  }

  /**
   * Parses a file of YAML to maps, lists and plain values; a key that is there twice is refused.
   */
  static Map<String, Object> yaml(Path file) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);

    return new Yaml(new SafeConstructor(options)).load(Files.readString(file));
  }

  private static void collect(String path, Object value, List<String> unknown) {
    if (value instanceof GenericData model) {
      model.getUnknownKeys().keySet().forEach(key -> unknown.add(path + "." + key));
      model.forEach((key, inner) -> collect(path + "." + key, inner, unknown));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, inner) -> collect(path + "." + key, inner, unknown));
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> collect(path + "[]", inner, unknown));
    }
  }
}
